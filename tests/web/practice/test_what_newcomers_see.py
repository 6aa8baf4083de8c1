"""A newcomer under mentoring sees what an agent sees and nothing more; the pages of mentoring tell nobody what masks hide."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.intake.open_ticket import Contact, open_ticket
from models import Audit, Staff, Ticket
from tests.support.life import Life
from tests.support.make import HOTLINE, make_staff

Browse = Callable[[Staff], FlaskClient]
PHONE, NAME, HOME = "15537218846", "尉迟青禾", "永明路77号院3号楼2单元909室"
WORDS = f"楼道灯不亮，我叫{NAME}，电话{PHONE}，住{HOME}，请来修。"
HIDDEN = (PHONE, NAME, "909室")
PAGES = ("/practice/looks", "/practice/looks?tab=after", "/practice/newcomers", "/practice/")


@pytest.fixture
def two(life: Life, browse: Browse) -> tuple[Life, Staff, Staff]:
    """安 learns and so does 新; both take calls."""
    new = make_staff(life.db, "xin", "新", "agent", unit=HOTLINE)
    life.db.commit()
    for person in (life.staff["an"], new):
        told = {"person": person.id, "days": "30"}
        assert browse(life.staff["du2"]).post("/practice/newcomers", data=told).status_code == 303
    return life, life.staff["an"], new


def taken_in(life: Life, browse: Browse, by: Staff, then: str = "submit", privacy: str = "masked") -> str:
    form = {"phone": PHONE, "name": NAME, "place": HOME, "channel": "hotline", "privacy": privacy, "then": then}
    assert browse(by).post("/desk", data={**form, "body": WORDS}).status_code == 303
    number = life.db.scalars(select(Ticket.number).order_by(Ticket.id.desc()).limit(1)).one()
    life.db.commit()
    return number


def test_a_newcomer_reads_no_draft_and_no_sealed_matter_of_another(
    two: tuple[Life, Staff, Staff], browse: Browse
) -> None:
    life, an, new = two
    draft = open_ticket(life.db, life.city, Contact(body=WORDS, phone=PHONE), life.people["an"], life.now, submit=False)
    life.db.commit()
    sealed, reading = taken_in(life, browse, an, privacy="sealed"), browse(new)
    for number in (draft.number, sealed):
        for path in (f"/tickets/{number}", f"/practice/looks/{number}"):
            assert reading.get(path).status_code == 404, path
        assert reading.post(f"/practice/looks/{number}", data={"result": "passed"}).status_code == 404
        assert (
            reading.post(f"/tickets/{number}/reveal", data={"field": "phone", "reason": "contact"}).status_code == 404
        )
    for page in (*PAGES, "/desk", "/search/?q=" + NAME):
        assert sealed not in reading.get(page).text and draft.number not in reading.get(page).text, page


def test_a_newcomer_looks_at_nobodys_ticket_and_leads_nobody(two: tuple[Life, Staff, Staff], browse: Browse) -> None:
    life, an, new = two
    number, reading = taken_in(life, browse, an), browse(new)
    assert reading.post(f"/practice/looks/{number}", data={"result": "passed"}).status_code == 400
    assert browse(an).post(f"/practice/looks/{number}", data={"result": "passed"}).status_code == 400
    assert life.db.scalars(select(Ticket.second_look).where(Ticket.number == number)).one() == "waits"
    life.db.commit()
    for path in ("/practice/newcomers", f"/practice/newcomers/{an.id}/tickets?result=waits"):
        assert reading.get(path).status_code == 403
    for path in ("/practice/newcomers", f"/practice/newcomers/{new.id}/release"):
        assert reading.post(path, data={"person": new.id, "days": "1", "why": "够好了"}).status_code == 403


def test_no_page_of_mentoring_tells_what_masks_hide(two: tuple[Life, Staff, Staff], browse: Browse) -> None:
    """Neither the lists nor the sheet where a colleague looks, to no reader; nor what a list of the newcomer's tickets opens."""
    life, an, _new = two
    number, sealed = taken_in(life, browse, an), taken_in(life, browse, an, privacy="sealed")
    for login in ("班", "du", "du2", "tou"):
        reading = browse(life.staff[login])
        looks = (f"/practice/looks/{number}", f"/practice/looks/{sealed}")
        lists = (*PAGES, f"/practice/newcomers/{an.id}/tickets?result=waits")
        for page in (*lists, *looks):
            shown = unescape(re.sub(r"<[^>]+>", "", reading.get(page).text)) + unescape(reading.get(page).text)
            assert not any(secret in shown for secret in HIDDEN), (login, page)


def test_what_a_newcomer_reveals_has_a_reason_and_stands_in_the_audit(
    two: tuple[Life, Staff, Staff], browse: Browse
) -> None:
    life, an, new = two
    number, reading = taken_in(life, browse, an), browse(new)
    for reason in ("", "11", "。。。。"):
        assert reading.post(f"/tickets/{number}/reveal", data={"field": "phone", "reason": reason}).status_code == 400
    told = reading.post(f"/tickets/{number}/reveal", data={"field": "phone", "reason": "contact"})
    assert told.status_code == 200 and told.json and told.json["value"] == PHONE
    row = life.db.scalars(select(Audit).where(Audit.action == "reveal")).one()
    assert row.actor_id == new.id and row.detail["reason"]
