"""What does not go together in a reply is shown to the unit before it submits and to the reviewer, and decides nothing."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from hotline.review_advice.advise import advise
from models import Call, Staff, Ticket
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]
DONE = {
    "facts": "3月3日派员到文峰大道查看，路灯因电缆老化断开。",
    "measures": "3月4日已修复文峰大道路灯4盏。",
    "public_answer": "文峰大道的路灯因电缆老化断开，我局照明所已修复文峰大道路灯4盏，现已亮灯。",
    "outcome": "solved",
}
UNDONE = {**DONE, "measures": "", "public_answer": "文峰大道路灯缺配件，尚未修复，到货后再换。", "outcome": "unsolved"}


def names(life: Life, ticket: Ticket, said: dict[str, str]) -> list[str]:
    advice = advise(life.city, ticket, said, on=life.city.calendar.day_of(life.clock.now()))
    assert advice is not None
    return [one.name for one in advice.against]


def sent_back(life: Life) -> Ticket:
    ticket = life.to("handling")
    life.do(ticket, "he", "reply", **DONE)
    life.do(ticket, "ren", "redo")
    life.do(ticket, "he", "sign")
    life.db.commit()
    return ticket


def test_a_second_reply_against_the_first_is_shown_to_the_unit_with_both_sentences(life: Life, browse: Browse) -> None:
    ticket = sent_back(life)
    answer = browse(life.staff["he"]).post(f"/tickets/{ticket.number}/check", data=UNDONE)
    shown = html.unescape(answer.get_data(as_text=True))
    assert "前后不一致，请核对" in shown and "上一轮说已经办了，这次说还没有办" in shown
    assert "尚未修复" in shown and "对照：" in shown


def test_the_reviewer_reads_it_too(life: Life, browse: Browse) -> None:
    ticket = sent_back(life)
    life.do(ticket, "he", "reply", **{**UNDONE, "measures": "已联系厂家。", "outcome_reason": "缺配件"})
    life.db.commit()
    shown = html.unescape(browse(life.staff["ren"]).get(f"/review/{ticket.number}").get_data(as_text=True))
    assert "上一轮说已经办了，这次说还没有办" in shown


def test_the_first_reply_contradicts_nobody(life: Life) -> None:
    assert names(life, life.to("handling"), DONE) == []


def test_asking_for_the_place_the_citizen_gave_is_named(life: Life) -> None:
    ticket = life.to("handling")
    ticket.text.place = "文峰大道与东工路交叉口"
    said = {**DONE, "public_answer": "因没有说明具体地点，无法核实，请您补充具体地点。", "outcome": "unsolved"}
    assert "市民已经留了地点" in names(life, ticket, said)
    ticket.text.place = ""
    assert "市民已经留了地点" not in names(life, ticket, said)


@pytest.mark.parametrize(("outcome", "told"), [("reached", True), ("no_answer", False)])
def test_not_reached_is_held_against_our_own_calls(life: Life, outcome: str, told: bool) -> None:
    ticket = life.to("handling")
    at = life.clock.now() + timedelta(minutes=5)
    life.db.add(
        Call(
            provider="p", provider_id="1", from_phone="12345", to_phone="13900000001", direction="out", state="ended",
            ticket_id=ticket.id, started_at=at, answered_at=at if told else None, outcome=outcome,
        )
    )  # fmt: skip
    life.db.flush()
    said = {**DONE, "facts": "多次拨打来电人电话，均无人接听。"}
    assert ("热线接通过市民的电话" in names(life, ticket, said)) is told


def test_solved_is_held_against_words_that_tell_nothing_done(life: Life) -> None:
    only_plans = {"public_answer": "我局将尽快研究路灯维修事宜，加强协调推进。", "outcome": "solved"}
    assert "写“已解决”，正文没有说办了什么" in names(life, life.to("handling"), only_plans)
    assert names(life, life.to("handling"), {**only_plans, "outcome": "unsolved"}) == []


def test_no_contact_on_the_form_is_held_against_words_that_tell_of_one(life: Life) -> None:
    said = {**DONE, "facts": "工作人员已与您电话沟通，说明了办理情况。", "contacted": "no"}
    assert "表上写没有联系市民，正文说联系过" in names(life, life.to("handling"), said)
    assert names(life, life.to("handling"), {**said, "contacted": "yes"}) == []
