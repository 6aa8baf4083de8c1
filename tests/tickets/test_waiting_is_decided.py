"""A unit stops its own clock for a few days; longer is decided by somebody else, and a pause gives no deadline an earlier moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.errors import NotAllowed
from hotline.tickets import deadlines, petitions
from hotline.tickets.act import lock
from models import Deadline, Petition, Ticket
from tests.support.life import Life
from tests.support.refusals import refused

SUNDAY = datetime(2026, 3, 8, 7, 43, tzinfo=UTC)


@pytest.fixture
def life(db: Session, city: City, clock: StoppedClock) -> Life:
    return Life(db, city, clock)


def ask(life: Life, ticket: Ticket, days: int) -> Petition:
    said = {"until": (life.now + timedelta(days=days)).date().isoformat(), "reason": "等采购流程，何工三十日内订货"}
    return petitions.ask(life.db, life.city, lock(life.db, ticket.id), "wait", life.people["he"], life.now, said)


def clock_of(life: Life, ticket: Ticket, name: str) -> Deadline:
    return next(one for one in deadlines.running(life.db, ticket.id) if one.clock == name)


@pytest.mark.parametrize("days", [9, 30, 160])
def test_a_unit_cannot_wait_beyond_the_citys_days_by_its_own_word(life: Life, days: int) -> None:
    """Found at the desks: C1."""
    ticket = life.to("handling")
    with refused("waits_undecided"):
        life.do(ticket, "he", "wait", until=(life.now + timedelta(days=days)).date().isoformat())
    assert ticket.state == "handling"


def test_a_longer_wait_is_granted_by_somebody_else_and_pauses_the_reply(life: Life) -> None:
    ticket = life.to("handling")
    asked = ask(life, ticket, 40)
    with pytest.raises(NotAllowed):
        petitions.decide(life.db, life.city, asked.id, True, life.people["he"], life.now, "同意")
    assert ticket.state == "handling"
    petitions.decide(life.db, life.city, asked.id, True, life.people["du2"], life.now, "同意")
    assert ticket.state == "waiting" and ticket.wait_until is not None
    assert ticket.wait_until.date().isoformat() == asked.data["until"]
    assert clock_of(life, ticket, "reply").ring_at is None


def test_a_refused_wait_leaves_the_clock_running(life: Life) -> None:
    ticket = life.to("handling")
    asked = ask(life, ticket, 40)
    petitions.decide(life.db, life.city, asked.id, False, life.people["du2"], life.now, "可以先修")
    assert ticket.state == "handling" and clock_of(life, ticket, "reply").ring_at is not None


def test_a_wait_asked_for_lapses_with_the_reply(life: Life) -> None:
    ticket = life.to("handling")
    asked = ask(life, ticket, 40)
    life.do(ticket, "he", "reply")
    life.db.refresh(asked)
    assert asked.state == "withdrawn"


@pytest.mark.parametrize("minutes", [1, 60, 12 * 60])
def test_a_pause_outside_working_time_leaves_the_deadline_where_it_was(
    life: Life, clock: StoppedClock, minutes: int
) -> None:
    clock.at = SUNDAY
    ticket = life.to("handling")
    before = clock_of(life, ticket, "reply").due_at
    life.do(ticket, "he", "wait")
    clock.forward(minutes=minutes)
    life.do(ticket, "he", "resume")
    assert clock_of(life, ticket, "reply").due_at == before


@pytest.mark.parametrize("hours", [3, 17, 26, 50, 100])
def test_no_pause_moves_a_deadline_to_an_earlier_moment(life: Life, clock: StoppedClock, hours: int) -> None:
    """Found at the desks: C2."""
    clock.at = SUNDAY
    ticket = life.to("handling")
    before = clock_of(life, ticket, "reply").due_at
    clock.forward(hours=hours // 2)
    life.do(ticket, "he", "wait", until=(life.now + timedelta(days=5)).date().isoformat())
    clock.forward(hours=hours)
    life.do(ticket, "he", "resume")
    assert clock_of(life, ticket, "reply").due_at >= before


def test_a_deadline_says_from_which_opening_it_is_counted(life: Life, clock: StoppedClock) -> None:
    """Found at the desks: C3."""
    clock.at = SUNDAY
    ticket = life.to("to_sign")
    opening = life.city.calendar.opening(SUNDAY)
    said = {d.clock: deadlines.counts_from(life.city, ticket, d) for d in deadlines.running(life.db, ticket.id)}
    assert said["sign"] == said["reply"] == opening > SUNDAY
    assert said["contact"] is None
