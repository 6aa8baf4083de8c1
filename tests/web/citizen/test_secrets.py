"""Nothing internal, and nobody's name, ever reaches a citizen's page: secrets are fed into every internal field and looked for."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.followup.ask import ask_citizens
from models import Assignment, Citizen, Message, Reply, Review, Staff, Survey, Ticket, TicketEvent
from tests.support.desks.citizen_pages import opened, text
from tests.support.desks.citizens_codes import token_of
from tests.support.life import HELPER, ROADS, Life


@pytest.fixture
def anybody(app: Flask, life: Life) -> FlaskClient:
    """A citizen's browser."""
    life.db.commit()
    return app.test_client()


SECRET = "机密"


def poison(life: Life, ticket: Ticket) -> None:
    """Write a secret into every internal field that hangs on this ticket."""
    db = life.db
    ticket.contact_name, ticket.title = f"{SECRET}姓名", f"{SECRET}标题"
    ticket.text.extra = {"x": f"{SECRET}extra"}
    for citizen in db.scalars(select(Citizen)):
        citizen.name = citizen.note = citizen.address = f"{SECRET}市民"
    for staff in db.scalars(select(Staff)):
        staff.name = f"{SECRET}{staff.id}"
    for reply in db.scalars(select(Reply)):
        for name in (
            "facts",
            "measures",
            "outcome_reason",
            "legal_basis",
            "handler",
            "signed_off_by",
            "no_contact_reason",
        ):
            setattr(reply, name, f"{SECRET}{name}")
    for review in db.scalars(select(Review)):
        review.note = f"{SECRET}审核"
    for held in db.scalars(select(Assignment)):
        held.note = held.report = f"{SECRET}派单"
    for survey in db.scalars(select(Survey)):
        survey.comment = f"{SECRET}别人的话"
    db.add(
        Message(
            ticket_id=ticket.id,
            role="follow_up",
            direction="out",
            channel="desk",
            params={"en": SECRET},
            text=f"{SECRET}通知",
            state="delivered",
            created_at=life.now,
        )
    )


SECRETS: dict[str, dict[str, Any]] = {
    "dispatch": {"note": f"{SECRET}派单意见"},
    "rule": {"helpers": [HELPER], "reason": f"{SECRET}裁定"},
    "mark_hard": {"reason": f"{SECRET}会商"},
    "object": {"reason": f"{SECRET}退单", "basis": f"{SECRET}依据"},
    "uphold": {"reason": f"{SECRET}同意"},
    "overrule": {"reason": f"{SECRET}不同意"},
    "contact": {"note": f"{SECRET}沟通"},
    "wait": {"reason": f"{SECRET}计划"},
    "redo": {"note": f"{SECRET}重办"},
    "void": {"reason": f"{SECRET}作废"},
    "merge": {"note": f"{SECRET}合并"},
    "transfer_out": {"note": f"{SECRET}转接"},
    "close_judged": {"reason": f"{SECRET}办结"},
    "reopen": {"reason": f"{SECRET}重启"},
    "recall": {"reason": f"{SECRET}撤回"},
    "note": {"text": f"{SECRET}备注"},
    "instruct": {"text": f"{SECRET}批示"},
    "pass": {"note": f"{SECRET}通过：下午打电话问过来电人"},
    "call_attempt": {"note": f"{SECRET}未接通"},
    "report": {"report": f"{SECRET}协办"},
    "delegate": {"note": f"{SECRET}转下级"},
    "unmerge": {"reason": f"{SECRET}取消"},
    "correct": {"title": f"{SECRET}更正"},
}


@pytest.mark.parametrize("state", [state for state in ROADS if state != "draft"])
def test_no_internal_word_and_no_persons_name_reaches_a_citizens_page(
    anybody: FlaskClient, life: Life, state: str
) -> None:
    ticket = life.ticket()
    life.do(ticket, "du", "note", **SECRETS["note"])
    life.do(ticket, "tou", "instruct", **SECRETS["instruct"])
    for login, action in ROADS[state]:
        life.do(ticket, login, action, **{**life.answers(action, ticket), **SECRETS.get(action, {})})
    poison(life, ticket)
    life.db.commit()
    page = opened(anybody, ticket)
    assert ticket.number in page and SECRET not in page
    assert "13800001234" not in page


def test_no_internal_word_of_a_long_and_quarrelsome_life_reaches_a_citizen(anybody: FlaskClient, life: Life) -> None:
    ticket = life.ticket()
    road = (
        ("du", "correct"),
        ("du", "mark_hard"),
        ("du", "rule"),
        ("he", "contact"),
        ("he", "sign"),
        ("xie", "report"),
        ("he", "delegate"),
        ("he", "take_back"),
        ("he", "wait"),
        ("he", "resume"),
        ("he", "interim"),
        ("he", "reply"),
        ("ren", "redo"),
        ("he", "sign"),
        ("he", "reply"),
        ("ren", "pass"),
        ("hui", "call_attempt"),
        ("hui", "note_dissatisfied"),
        ("hui", "redo"),
        ("he", "sign"),
        ("he", "reply"),
        ("ren", "pass"),
    )
    for login, action in road:
        life.do(ticket, login, action, **{**life.answers(action, ticket), **SECRETS.get(action, {})})
        life.clock.forward(minutes=5)
    ask_citizens(life.db, life.city, ticket, life.now, "http://x")
    life.db.flush()
    poison(life, ticket)
    tokens = [token_of(survey) for survey in life.db.scalars(select(Survey))]
    assert SECRET in str(list(life.db.scalars(select(TicketEvent.data))))
    life.db.commit()
    for page in (opened(anybody, ticket), *(text(anybody, f"/s/{token}") for token in tokens)):
        assert ticket.number in page and SECRET not in page
