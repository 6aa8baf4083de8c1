"""How often one may knock: guessing is slowed down, and nobody is kept out by a neighbour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from hotline.app import create_app
from hotline.installation import Installation
from hotline.settings import Settings
from hotline.web.core.limits.rate_limits import limiter
from tests.support.desks.citizens_codes import code_of
from tests.support.life import Life
from tests.web.citizen.handing import FORM


def test_guessing_codes_is_slowed_down(life: Life, settings: Settings, installation: Installation) -> None:
    """With the limits on, as in a real installation."""
    life.db.commit()
    app = create_app(replace(settings, testing=False), installation)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    statuses = [
        client.post("/c/track", data={"number": "260304000001", "code": "WRONG1"}).status_code for _ in range(12)
    ]
    limiter.enabled = False
    assert statuses[0] == 400 and statuses[-1] == 429


def test_who_corrects_a_form_is_not_turned_away_but_who_hands_in_too_many_is(
    life: Life, settings: Settings, installation: Installation
) -> None:
    life.db.commit()
    app = create_app(replace(settings, testing=False), installation)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    corrected = [client.post("/c/new", data={**FORM, "body": ""}).status_code for _ in range(6)]
    handed_in = [client.post("/c/new", data={**FORM, "sheet": f"k{n}"}).status_code for n in range(12)]
    limiter.enabled = False
    assert 429 not in corrected
    assert handed_in[0] == 303 and handed_in[-1] == 429 and handed_in.count(303) == 10


@pytest.fixture
def limited_app(life: Life, settings: Settings, installation: Installation) -> Iterator[Flask]:
    """With the limits on, as in a real installation."""
    life.db.commit()
    app = create_app(replace(settings, testing=False), installation)
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.reset()
    yield app
    limiter.enabled = False


def test_twenty_citizens_behind_one_address_hand_in_within_the_hour(limited_app: Flask) -> None:
    """Found outside: N3."""
    for n in range(20):
        client = limited_app.test_client()
        client.get("/c/new")
        form = {**FORM, "phone": f"1380000{n:04d}" if n % 2 else "", "sheet": f"k{n}"}
        assert client.post("/c/new", data=form).status_code == 303


def test_one_kiosk_serves_many_citizens_with_their_own_numbers(limited_app: Flask) -> None:
    client = limited_app.test_client()
    client.get("/c/new")
    assert {
        client.post("/c/new", data={**FORM, "phone": f"1380000{n:04d}", "sheet": f"k{n}"}).status_code
        for n in range(15)
    } == {303}


def test_one_number_in_many_writings_and_browsers_is_one_person(limited_app: Flask) -> None:
    writings = ("13800001234", "+86 138-0000-1234", "１３８００００１２３４", "手机：13800001234")
    statuses = []
    for n in range(12):
        client = limited_app.test_client()
        client.get("/c/new")
        statuses.append(client.post("/c/new", data={**FORM, "phone": writings[n % 4], "sheet": f"k{n}"}).status_code)
    assert statuses == [303] * 10 + [429] * 2


def test_a_neighbours_wrong_codes_keep_nobody_from_their_own_ticket(limited_app: Flask, life: Life) -> None:
    own = life.ticket()
    life.db.commit()
    client = limited_app.test_client()
    statuses = [
        client.post("/c/track", data={"number": "260304999999", "code": "WRONG1"}).status_code for _ in range(12)
    ]
    assert statuses == [400] * 10 + [429] * 2
    assert client.post("/c/track", data={"number": own.number, "code": code_of(own)}).status_code == 303


def test_what_was_refused_on_the_progress_page_does_not_count(limited_app: Flask, life: Life) -> None:
    """Found outside: N3."""
    own = life.ticket()
    life.db.commit()
    client = limited_app.test_client()
    client.post("/c/track", data={"number": own.number, "code": code_of(own)})
    assert {client.post(f"/p/{own.number}/add", data={"text": ""}).status_code for _ in range(25)} == {400}
    assert client.post(f"/p/{own.number}/add", data={"text": "在邮局门口"}).status_code == 303


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text,
        wide,
        lambda text: f" {text[:6]}　{text[6:]} ",
        lambda text: "-".join((text[:3], text[3:])),
        lambda text: f"工单号：{text}",
        lambda text: f"\u202a{text}\u202c",
        lambda text: text.lower(),
        lambda text: f"“{text}”。",
        "\u200b".join,
    ],
)
def test_a_number_and_a_code_are_known_in_every_writing_of_a_keyboard(
    limited_app: Flask, life: Life, written: Callable[[str], str]
) -> None:
    """Found outside: N4."""
    own = life.ticket()
    life.db.commit()
    client = limited_app.test_client()
    for number, code in (
        (written(own.number), code_of(own)),
        (own.number, written(code_of(own))),
        (written(own.number), written(code_of(own))),
    ):
        for _ in range(6):
            assert client.post("/c/track", data={"number": number, "code": code}).status_code == 303
    assert client.get(f"/p/{written(own.number)}").status_code == 200
