"""Each source has its channel, its town and its own hosts by a setting that is checked when the hotline starts."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.app import create_app
from hotline.errors import Misconfigured
from hotline.installation import Installation
from hotline.settings import PartnerSetting, Settings, read_settings

ENV = {"SECRET_KEY": "3f9c1e77a5d2460b8e14c6a90d7b52f8", "TWILIO_AUTH_TOKEN": "5be1f04c9a7d3826e0c1b7d9f2a46385"}


def test_channel_town_and_hosts_are_read(tmp_path: Any) -> None:
    said = "anzhengtong channel=town town=wenfeng-dongguan media=img.azt.gov.cn,.azt-cdn.cn; weibo channel=weibo；110 channel=emergency"
    read = read_settings({**ENV, "HOTLINE_VAR": str(tmp_path), "PARTNERS": said}).partners
    assert read == {
        "anzhengtong": PartnerSetting("town", "wenfeng-dongguan", ("img.azt.gov.cn", ".azt-cdn.cn")),
        "weibo": PartnerSetting("weibo"),
        "110": PartnerSetting("emergency"),
    }


@pytest.mark.parametrize(
    "said",
    [
        "azt chanel=town",
        "azt channel=town; azt channel=web",
        "channel=town",
        "azt media=http://x.cn",
        "azt media=localhost",
        "azt media=1",
        "azt media=*.x.cn",
    ],
)
def test_a_word_that_nobody_understands_is_refused(tmp_path: Any, said: str) -> None:
    with pytest.raises(Misconfigured):
        read_settings({**ENV, "HOTLINE_VAR": str(tmp_path), "PARTNERS": said})


@pytest.mark.parametrize(
    "partner", [PartnerSetting(channel="pigeon"), PartnerSetting(town="no-such-town"), PartnerSetting(town="chengguan")]
)
def test_a_channel_or_town_that_the_city_does_not_know_keeps_it_from_starting(
    installation: Installation, partner: PartnerSetting
) -> None:
    installation.settings = Settings(**{**installation.settings.__dict__, "partners": {"azt": partner}})
    with pytest.raises(Misconfigured):
        create_app(installation.settings, installation)
