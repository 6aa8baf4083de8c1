"""Undo: for some seconds an act at a desk is taken back whole, nothing has been sent, and both stay in the story."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from hotline.tickets.act import act, lock
from hotline.tickets.effects.taking_back import cannot_be_undone
from models import Assignment, Correction, Deadline, Job, Precedent, Reply, Review, Ticket, TicketEvent
from models.tickets.taking_back import stands
from tests.support.life import Life
from tests.support.refusals import refused

COLUMNS = (
    "state",
    "unit_code",
    "desk_code",
    "dispatched_at",
    "signed_at",
    "must_sign",
    "round",
    "closed_at",
    "close_kind",
)


def held(life: Life, ticket: Ticket, login: str, action: str, **answers: Any) -> TicketEvent:
    """As a desk does it: what is enqueued waits."""
    said = {**life.answers(action, ticket), **answers}
    return act(life.db, life.city, lock(life.db, ticket.id), action, life.people[login], life.now, said, hold=True)


def clocks(life: Life, ticket: Ticket) -> list[tuple[Any, ...]]:
    rows = life.db.scalars(select(Deadline).where(Deadline.ticket_id == ticket.id).order_by(Deadline.id))
    return [(d.clock, d.due_at, d.ring_at, d.bell, d.stopped_at, d.met, d.end_reason) for d in rows]


def looks(life: Life, ticket: Ticket) -> tuple[Any, ...]:
    life.db.flush()
    units = life.db.execute(
        select(Assignment.unit_code, Assignment.part, Assignment.ended_at)
        .where(Assignment.ticket_id == ticket.id)
        .order_by(Assignment.id)
    ).all()
    return ([getattr(ticket, name) for name in COLUMNS], clocks(life, ticket), [tuple(one) for one in units])


CASES = [
    ("to_dispatch", "du", "dispatch", "undo_dispatch"),
    ("to_review", "ren", "pass", "undo_pass"),
    ("to_review", "ren", "redo", "undo_redo"),
    ("to_follow_up", "hui", "redo", "undo_redo_judged"),
    ("to_follow_up", "hui", "record", "undo_record"),
    ("to_dispatch", "du", "answer_directly", "undo_answer"),
    ("to_dispatch", "du", "decline", "undo_decline"),
    ("to_dispatch", "du", "transfer_out", "undo_transfer"),
    ("closed", "du2", "redo", "undo_redo_closed"),
    ("in_dispute", "du", "rule", "undo_rule"),
    ("in_dispute", "du", "answer_directly", "undo_answer_heard"),
    ("in_dispute", "du", "decline", "undo_decline_heard"),
]


@pytest.mark.parametrize(("state", "login", "action", "undo"), CASES)
def test_an_act_is_taken_back_as_if_it_had_not_been(life: Life, state: str, login: str, action: str, undo: str) -> None:
    ticket = life.to(state)
    life.clock.forward(minutes=5)
    before = looks(life, ticket)
    event = held(life, ticket, login, action)
    life.clock.forward(seconds=9)
    life.do(ticket, login, undo)
    assert looks(life, ticket) == before
    story = life.db.scalars(
        select(TicketEvent.action).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)
    ).all()
    assert story[-2:] == [action, undo]
    counted = life.db.scalars(select(TicketEvent.id).where(TicketEvent.ticket_id == ticket.id, stands())).all()
    assert event.id not in counted
    assert not life.db.scalars(
        select(Review).where(Review.ticket_id == ticket.id, Review.at == event.at, Review.verdict != "undone")
    ).all()
    assert not life.db.scalars(
        select(Correction).where(Correction.ticket_id == ticket.id, Correction.at == event.at)
    ).all()


@pytest.mark.parametrize(("state", "login", "action", "undo"), CASES)
def test_what_a_desk_promised_waits_and_is_called_off(
    life: Life, state: str, login: str, action: str, undo: str
) -> None:
    ticket = life.to(state)
    life.clock.forward(minutes=5)
    event = held(life, ticket, login, action)
    mine = select(Job).where(Job.ticket_id == ticket.id, Job.enqueued_at == event.at)
    waiting = life.db.scalars(mine).all()
    assert waiting and all((job.run_at - event.at).total_seconds() == life.city.policy.undo_seconds for job in waiting)
    life.do(ticket, login, undo)
    life.db.expire_all()
    assert all(job.done_at and job.error == "undone" for job in life.db.scalars(mine))


def test_the_same_is_done_again_after_it_was_taken_back(life: Life) -> None:
    ticket = life.to("to_dispatch")
    held(life, ticket, "du", "dispatch")
    life.do(ticket, "du", "undo_dispatch")
    life.do(ticket, "du", "dispatch")
    running = {
        d.clock
        for d in life.db.scalars(select(Deadline).where(Deadline.ticket_id == ticket.id, Deadline.stopped_at.is_(None)))
    }
    assert ticket.state == "to_sign" and {"sign", "contact", "reply"} <= running


def test_a_ticket_made_void_by_a_slip_is_back(life: Life) -> None:
    ticket = life.to("to_dispatch")
    before = looks(life, ticket)
    held(life, ticket, "du", "void")
    life.do(ticket, "du", "undo_void")
    assert looks(life, ticket) == before


def test_the_red_bar_stands_again_when_the_dispatch_of_a_danger_is_taken_back(life: Life) -> None:
    ticket = life.ticket(words="文峰区东关街道一户着火了，里面还有人被困，快救人。")
    began = ticket.alarm_at
    held(life, ticket, "du", "dispatch")
    assert began is not None and ticket.alarm_at is None
    life.do(ticket, "du", "undo_dispatch")
    assert ticket.alarm_at == began


def test_a_ruling_taken_back_is_no_precedent_and_binds_nobody(life: Life) -> None:
    ticket = life.to("in_dispute")
    held(life, ticket, "du", "rule")
    assert ticket.binding and life.db.scalars(select(Precedent)).all()
    life.do(ticket, "du", "undo_rule")
    assert not ticket.binding and not life.db.scalars(select(Precedent)).all()


@pytest.mark.parametrize(("state", "undo"), [("to_dispatch", "undo_answer"), ("in_dispute", "undo_answer_heard")])
def test_an_answer_taken_back_leaves_no_words_for_the_citizen(life: Life, state: str, undo: str) -> None:
    ticket = life.to(state)
    held(life, ticket, "du", "answer_directly")
    assert ticket.text.public_answer
    life.do(ticket, "du", undo)
    assert not ticket.text.public_answer
    assert not life.db.scalars(select(Reply).where(Reply.ticket_id == ticket.id, Reply.kind == "direct")).all()


def test_after_the_seconds_it_stands(life: Life) -> None:
    ticket = life.to("to_dispatch")
    held(life, ticket, "du", "dispatch")
    life.clock.forward(seconds=life.city.policy.undo_seconds + 1)
    with refused(cannot_be_undone):
        life.do(ticket, "du", "undo_dispatch")


def test_nobody_takes_back_what_another_did(life: Life) -> None:
    ticket = life.to("to_review")
    held(life, ticket, "ren", "pass")
    life.staff["hui"].roles = ["follow_up", "reviewer"]
    from hotline.web.core.sessions import actor_of

    life.people["hui"] = actor_of(life.staff["hui"], life.city)
    with refused(cannot_be_undone):
        life.do(ticket, "hui", "undo_pass")


def test_what_has_been_told_is_not_taken_back(life: Life) -> None:
    ticket = life.to("to_dispatch")
    event = held(life, ticket, "du", "dispatch")
    job = life.db.scalars(select(Job).where(Job.key.like(f"tell:{event.id}:%"))).first()
    assert job is not None
    job.done_at = life.now
    with refused(cannot_be_undone):
        life.do(ticket, "du", "undo_dispatch")
    assert ticket.state == "to_sign"
