"""A random walk over the whole table, lawful and unlawful steps mixed: whatever is tried, the ticket stays sound."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hotline.clock import StoppedClock
from hotline.errors import Refusal
from hotline.tickets.deadlines import running
from hotline.tickets.lifecycle import ACTIONS, find_move
from hotline.tickets.states import ENDED, State
from models import Assignment, Review, TicketEvent
from tests.support.life import HATS, Life

STEPS = st.lists(
    st.tuples(
        st.sampled_from([*HATS, "citizen", "clock", "system"]),
        st.sampled_from(sorted(set(ACTIONS) - {"split"})),
        st.integers(0, 30),
        st.booleans(),
    ),
    min_size=15,
    max_size=60,
)
FAST_ROAD = st.lists(
    st.sampled_from(
        [
            ("du", "dispatch"),
            ("he", "sign"),
            ("he", "contact"),
            ("he", "reply"),
            ("ren", "redo"),
            ("ren", "pass"),
            ("citizen", "record"),
            ("citizen", "note_dissatisfied"),
            ("hui", "redo"),
            ("he", "wait"),
            ("he", "resume"),
            ("du2", "redo"),
            ("du2", "reopen"),
            ("he", "object"),
            ("du", "uphold"),
            ("du", "overrule"),
            ("du", "rule"),
            ("du", "mark_hard"),
            ("clock", "auto_sign"),
            ("clock", "no_answer"),
        ]
    ),
    max_size=40,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=STEPS, road=FAST_ROAD)
def test_whatever_anybody_tries_the_ticket_stays_lawful(
    life: Life, clock: StoppedClock, steps: list[Any], road: list[Any]
) -> None:
    ticket = life.ticket()
    refused = 0
    for login, action, hours, _spare in [(*step, 0, True) for step in road] + steps:
        clock.forward(hours=hours)
        before = (ticket.state, ticket.move_count, ticket.round)
        nested = life.db.begin_nested()
        try:
            life.do(ticket, login, action)
            nested.commit()
        except Refusal as refusal:
            nested.rollback()
            refused += 1
            assert refusal.sentence
            assert (ticket.state, ticket.move_count, ticket.round) == before
    _sound(life, ticket)
    life.db.rollback()


def _sound(life: Life, ticket: Any) -> None:
    life.db.flush()
    story = life.db.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)
    ).all()
    for event in story:
        row = find_move(event.from_state or "", event.action)
        assert row is not None and event.to_state == (row.to or State(event.from_state or ""))
    assert all(a.to_state == b.from_state and a.at <= b.at for a, b in pairwise(story))
    assert ticket.state == story[-1].to_state
    had_a_unit = [any(e.action in ("dispatch", "rule") for e in story[:n]) for n in range(len(story))]
    rounds = 1 + sum(
        e.action == "redo" or (e.action == "reopen" and had) for e, had in zip(story, had_a_unit, strict=True)
    )
    assert ticket.round == rounds
    assert (ticket.closed_at is not None) == (State(ticket.state) in ENDED)
    clocks = [d.clock for d in running(life.db, ticket.id)]
    assert all(d.ring_at is None for d in running(life.db, ticket.id) if ticket.asking_more and d.clock == "dispatch")
    assert len(clocks) == len(set(clocks)), f"two clocks of a kind: {clocks}"
    if State(ticket.state) in ENDED:
        assert set(clocks) <= {"archive"}
    _one_lead(life, ticket)
    reviews = life.db.scalar(select(func.count()).select_from(Review).where(Review.ticket_id == ticket.id)) or 0
    assert reviews == sum(e.action in ("pass", "redo") for e in story)


def _one_lead(life: Life, ticket: Any) -> None:
    """The unit of the ticket leads it, unless it gave the matter up to another ticket: then the master's does."""
    leads = life.db.scalars(
        select(Assignment.unit_code).where(
            Assignment.ticket_id == ticket.id, Assignment.part == "lead", Assignment.ended_at.is_(None)
        )
    ).all()
    assert list(leads) == ([ticket.unit_code] if ticket.unit_code and not ticket.merged_into_id else [])
