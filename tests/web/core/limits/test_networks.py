"""One place is one place however its address is written, and two are two."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from hotline.app import create_app
from hotline.installation import Installation
from hotline.settings import Settings
from hotline.web.core.limits.rate_limits import limiter, network_of, site_of
from tests.support.life import Life

SAME = [
    ("198.51.100.7", "::ffff:198.51.100.7", "::ffff:c633:6407", "::FFFF:C633:6407"),
    ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", "2001:0db8:0000:0001::2"),
    ("2002:c633:6407::1", "2002:c633:6407:ffff::1"),
]


@pytest.mark.parametrize("written", SAME)
def test_one_place_counts_as_one(written: tuple[str, ...]) -> None:
    assert len({network_of(one) for one in written}) == 1


def test_one_customer_is_one_site() -> None:
    assert site_of("2001:db8:7:1::1") == site_of("2001:db8:7:ffff::1") != site_of("2001:db8:8:1::1")
    assert site_of("::ffff:198.51.100.7") == site_of("198.51.100.7") == "198.51.100.7"
    assert site_of("2002:c633:6407:1::1") == site_of("2002:c633:6407:2::1")


def test_a_code_is_not_guessed_from_the_many_networks_of_one_customer(
    settings: Settings, installation: Installation, life: Life
) -> None:
    """V14."""
    app = create_app(replace(settings, testing=False), installation)
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.reset()
    try:
        told = [
            app.test_client()
            .post(
                "/c/track",
                data={"number": "260304000001", "code": f"AAAA{n:02d}"},
                environ_base={"REMOTE_ADDR": f"2001:db8:7:{n:x}::1"},
            )
            .status_code
            for n in range(30)
        ]
        assert (told.count(400), told.count(429)) == (20, 10)
        neighbour = {"REMOTE_ADDR": "2001:db8:8:1::1"}
        form = {"number": "260304000001", "code": "AAAA22"}
        assert app.test_client().post("/c/track", data=form, environ_base=neighbour).status_code == 400
    finally:
        limiter.enabled = False


def test_two_places_are_two() -> None:
    """All of IPv4 behind a socket of both kinds would else be one network, which one person could shut for everybody."""
    places = (
        "198.51.100.7",
        "::ffff:198.51.100.8",
        "2001:db8:0:2::1",
        "2002:c633:6408::1",
        "::1",
        "not an address",
        "::ffff:0:1",
    )
    assert all(network_of(one) != network_of(other) for one, other in combinations(places, 2))
