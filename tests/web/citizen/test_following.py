"""A citizen follows the own matter, adds to it, urges it and takes it back."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from models import Attachment
from tests.support.desks.citizen_pages import opened, text
from tests.support.desks.citizens_codes import code_of
from tests.support.life import ROADS, Life
from tests.support.statements import statements
from tests.web.citizen.handing import PNG


def test_a_wrong_code_and_an_unknown_number_are_answered_alike(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    wrong = anybody.post("/c/track", data={"number": ticket.number, "code": "ZZZZZZ"})
    unknown = anybody.post("/c/track", data={"number": "260101999999", "code": "ZZZZZZ"})
    assert wrong.status_code == unknown.status_code == 400
    assert wrong.get_data(as_text=True).replace(ticket.number, "N") == unknown.get_data(as_text=True).replace(
        "260101999999", "N"
    )


def test_the_link_in_the_text_asks_for_the_code(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    page, unknown = text(anybody, f"/p/{ticket.number}"), text(anybody, "/p/260101999999")
    assert "查询码" in page and "路灯" not in page and "城市管理局" not in page
    assert page.replace(ticket.number, "N") == unknown.replace("260101999999", "N")


def test_the_code_is_taken_in_small_letters_and_with_spaces(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    code = f" {code_of(ticket)[:3].lower()} {code_of(ticket)[3:].lower()}"
    assert (
        anybody.post("/c/track", data={"number": f"{ticket.number[:6]} {ticket.number[6:]}", "code": code}).status_code
        == 303
    )


def test_the_proof_ends_after_two_hours_and_by_leaving(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    assert "正在办理" in opened(anybody, ticket)
    anybody.post(f"/p/{ticket.number}/leave")
    assert "正在办理" not in text(anybody, f"/p/{ticket.number}")
    opened(anybody, ticket)
    life.clock.forward(hours=3)
    assert "正在办理" not in text(anybody, f"/p/{ticket.number}")
    assert anybody.post(f"/p/{ticket.number}/urge").status_code == 403


@pytest.mark.parametrize("state", [state for state in ROADS if state != "draft"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_state_has_a_page_in_plain_words(anybody: FlaskClient, life: Life, state: str, language: str) -> None:
    ticket = life.to(state)
    life.db.commit()
    anybody.set_cookie("hotline_language", language)
    page = opened(anybody, ticket)
    heading = re.search(r"<h1>(.*?)</h1>", page)
    assert ticket.number in page and heading and len(heading[1]) > 5
    assert re.search(r"[\u4e00-\u9fff]", heading[1]) is None if language == "en" else True


def test_the_page_says_whom_it_waits_for_and_until_when(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    page = opened(anybody, ticket)
    assert "市城市管理局正在办理" in page and "最迟答复" in page


def test_an_answer_is_shown_only_after_it_has_passed(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("to_review")
    life.db.commit()
    assert "现已恢复照明" not in opened(anybody, ticket)
    life.do(ticket, "ren", "pass")
    life.db.commit()
    assert "现已恢复照明" in text(anybody, f"/p/{ticket.number}")


def test_the_progress_page_needs_few_statements_whatever_happened(
    anybody: FlaskClient, life: Life, sqlite_engine: Engine
) -> None:
    ticket = life.to("handling")
    life.db.commit()
    opened(anybody, ticket)
    counted = []
    for _ in range(3):
        with statements(sqlite_engine) as sent:
            anybody.get(f"/p/{ticket.number}")
        counted.append(len(sent))
        for _again in range(4):
            life.do(ticket, "he", "interim")
            life.do(ticket, "citizen", "add")
        life.db.commit()
    assert len(set(counted)) == 1 and counted[0] <= 12


def test_a_citizen_adds_urges_and_withdraws(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    opened(anybody, ticket)
    anybody.post(f"/p/{ticket.number}/add", data={"text": "灯在邮局门口"})
    anybody.post(f"/p/{ticket.number}/urge")
    page = text(anybody, f"/p/{ticket.number}")
    assert "灯在邮局门口" in page and "您催办了一次" in page
    anybody.post(f"/p/{ticket.number}/withdraw")
    life.db.expire_all()
    assert (ticket.state, ticket.close_kind, ticket.urges) == ("closed", "withdrawn", 1)


def test_urging_twice_is_refused_with_a_sentence(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    opened(anybody, ticket)
    assert anybody.post(f"/p/{ticket.number}/urge").status_code == 303
    again = anybody.post(f"/p/{ticket.number}/urge")
    assert again.status_code == 400 and "刚刚已经催办过" in again.get_data(as_text=True)


def test_an_empty_addition_is_refused_but_a_photo_alone_is_enough(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    opened(anybody, ticket)
    assert anybody.post(f"/p/{ticket.number}/add", data={"text": " "}).status_code == 400
    assert (
        anybody.post(f"/p/{ticket.number}/add", data={"text": "", "files": [(io.BytesIO(PNG), "灯.png")]}).status_code
        == 303
    )
    held = life.db.scalars(select(Attachment).where(Attachment.ticket_id == ticket.id)).one()
    assert held.side == "citizen"


def test_nobody_acts_without_the_code(anybody: FlaskClient, life: Life) -> None:
    ticket = life.to("handling")
    life.db.commit()
    for deed in ("add", "urge", "withdraw"):
        assert anybody.post(f"/p/{ticket.number}/{deed}", data={"text": "我要补充这句话"}).status_code == 403
    life.db.expire_all()
    assert ticket.state == "handling" and ticket.urges == 0


def test_what_was_asked_of_the_citizen_is_shown_and_answered(anybody: FlaskClient, life: Life) -> None:
    ticket = life.ticket()
    life.do(ticket, "du", "ask_more", question="路灯在哪一段路？")
    life.db.commit()
    assert "路灯在哪一段路？" in opened(anybody, ticket)
    anybody.post(f"/p/{ticket.number}/add", data={"text": "在邮局门口"})
    life.db.expire_all()
    assert not ticket.asking_more
