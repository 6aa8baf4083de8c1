"""Whose telephone rings: the longest idle first, one more every two rings, so that agents do not race and nobody rings in vain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City
from hotline.messages.compose import tell_staff
from hotline.nuisance.standing import in_line
from hotline.telephony import calls
from hotline.telephony.presence import How, Present, on_duty
from hotline.tickets.names import JobName
from hotline.tickets.roles import Role
from models import Call

LINES = 50
"""So many waiting calls are dealt out; the others wait behind them."""


@dataclass(frozen=True)
class Rung:
    """One waiting call and the people whose telephones ring for it now, in their order. place: how many wait before it."""

    call: Call
    people: tuple[Present, ...]
    place: int

    def rings(self, staff_id: int | None) -> bool:
        return any(one.staff.id == staff_id for one in self.people)


def deal(db: Session, city: City, now: datetime) -> list[Rung]:
    """Every waiting call with whom it rings, the longest waiting first, marked numbers behind the others."""
    waiting = in_line(db, city, calls.ringing(db, now, most=LINES), now)
    free = who_is_free(on_duty(db, city, now)) if waiting else []
    return [Rung(call, _at_turn(free, place, step(city, call, now)), place) for place, call in enumerate(waiting)]


def who_is_free(people: Sequence[Present]) -> list[Present]:
    """Those of the people on duty whose telephone can ring now, in their order."""
    return [one for one in people if not one.busy and one.how is not How.GONE]


def step(city: City, call: Call, now: datetime) -> int:
    """How many turns the call has had. The row says it, so that open pages hear of it; the time says it too, should no worker run."""
    return max(call.turn, int((now - call.started_at) / _pause(city)))


def begin(db: Session, call: Call, now: datetime) -> None:
    """A call has begun to ring, or is back in line: its first turn is now."""
    _next(db, call, now, now, first=True)


def next_turn(db: Session, city: City, call: Call, now: datetime, first: bool = False) -> None:
    """The job of each turn: one more agent's page rings, one telephone elsewhere is dialled, and nobody there is said aloud."""
    if call.state != "ringing" or now - call.started_at > calls.RINGS_FOR:
        return
    call.turn = step(city, call, now)
    rung = next((one for one in deal(db, city, now) if one.call.id == call.id), None)
    if first and all(one.how is How.GONE for one in on_duty(db, city, now)):
        _nobody_is_there(db, city, now)
    if rung is not None and call.dialled_id is None:
        _dial_next(db, call, rung.people, now)
    _next(db, call, now, now + _pause(city))


def _at_turn(free: Sequence[Present], place: int, turns: int) -> tuple[Present, ...]:
    """The second waiting call begins with the second agent, and so on around."""
    if not free:
        return ()
    start = place % len(free)
    return (*free[start:], *free[:start])[: turns + 1]


def _dial_next(db: Session, call: Call, people: Sequence[Present], now: datetime) -> None:
    """Each telephone is dialled once for a call; while it rings the caller hears it ring. Whoever took another call this
    very moment is not rung: the next turn asks again."""
    dialled = call.dialled_so_far.split()
    staff = next((one.staff for one in people if one.how is How.PHONE and str(one.staff.id) not in dialled), None)
    if staff is not None and calls.on_the_line(db, staff, now) is None:
        call.dialled_id = staff.id
        call.dialled_so_far = " ".join((*dialled, str(staff.id)))
        calls.tell_line(db, call, now, "ring", staff=staff.id)


def _nobody_is_there(db: Session, city: City, now: datetime) -> None:
    for role in (Role.LEAD_AGENT, Role.SUPERVISOR):
        tell_staff(db, city, "nobody_on_duty", now, {}, role=role.value)


def _next(db: Session, call: Call, now: datetime, at: datetime, first: bool = False) -> None:
    key = f"ring:{call.id}:{at:%m%dT%H%M%S.%f}"
    outbox.enqueue(db, JobName.RING_NEXT, key=key, now=now, at=at, call_id=call.id, first=first)


def _pause(city: City) -> timedelta:
    return timedelta(seconds=max(1, city.policy.ring_seconds))
