"""A name and a number that people divide by spaces or signs are one: on every page of staff and citizens, in print, search, export, English and the API (V12)."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from hotline.installation import Installation
from hotline.web.admin import tokens as machine_tokens
from models import Ticket
from tests.support.life import Life

Browse = Callable[[Any], FlaskClient]
NAME, PHONE = "尉迟恒", "13733330007"
SIGNS = (" ", "　", "·", "—", "_", "/", "、", "*", "\u200b", "\n", "（", "😀")
"""What stands between the signs of a name; of a number in threes and fours."""


def torn(sign: str) -> str:
    return f"{sign.join(NAME)}（{sign.join((PHONE[:3], PHONE[3:7], PHONE[7:]))}）"


def told_in(page: str) -> list[str]:
    """Of the person, however it is written there."""
    plain = re.sub(r"<[^>]+>", "", unicodedata.normalize("NFKC", page))
    letters = re.sub(r"[^\w]|_", "", plain)
    return [one for one in (NAME, PHONE, PHONE[3:]) if one in letters]


@pytest.fixture(params=SIGNS, ids=lambda sign: f"U+{ord(sign):04X}")
def matter(request: pytest.FixtureRequest, life: Life) -> Ticket:
    """Told, noted, answered and asked back about, each time with the person in pieces."""
    who = torn(request.param)
    ticket = life.ticket(phone=PHONE, name=NAME, words=f"小区门口垃圾成堆没人清运，请联系{who}。")
    life.do(ticket, "an", "note", text=f"{who}又来电")
    life.do(ticket, "du", "dispatch", helpers=[], note=f"请联系{who}")
    life.do(ticket, "he", "sign")
    life.do(ticket, "he", "contact", reached="yes", how="phone", note=f"已与{who}通话")
    life.do(ticket, "he", "reply", facts=f"经与{who}核实，垃圾成堆属实", measures=f"{who}门口已清运")
    life.db.commit()
    return ticket


def test_a_person_in_pieces_is_on_no_page_in_no_print_and_in_no_sheet(
    matter: Ticket, app: Flask, life: Life, browse: Browse, installation: Installation
) -> None:
    number = matter.number
    paths = [
        f"/tickets/{number}",
        f"/review/{number}",
        f"/tickets/{number}/print/slip",
        f"/search/?q={number}",
        "/unit/",
    ]
    for login in ("he", "hejt", "ren", "shi", "du2"):
        client = browse(life.staff[login])
        for language in ("zh", "en"):
            client.post("/language", data={"code": language, "next": "/"})
            for path in paths:
                assert told_in(client.get(path).text) == [], (login, language, path)
    data = {"q": number, "format": "xlsx", "reason": "核对"}
    sheet = load_workbook(io.BytesIO(browse(life.staff["du2"]).post("/search/export", data=data).get_data()))
    rows = [str(cell) for page in sheet for row in page.iter_rows(values_only=True) for cell in row]
    assert number in " ".join(rows) and told_in(" ".join(rows)) == []
    assert told_of_machines(app, installation, number) == []


def told_of_machines(app: Flask, installation: Installation, number: str) -> list[str]:
    machine_tokens.forget_known()
    with installation.sessions() as db:
        secret = machine_tokens.issue(db, "平台", "partner", list(machine_tokens.SCOPES), installation.clock.now())
        db.commit()
    client, headers = app.test_client(), {"Authorization": f"Bearer {secret}"}
    answers = [
        client.get(f"/api/v1/tickets/{number}{path}", headers=headers) for path in ("", "/words", "/story", "/replies")
    ]
    assert {one.status_code for one in answers} == {200}
    return [said for one in answers for said in told_in(str(one.get_json()))]
