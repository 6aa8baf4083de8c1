"""The days on which the figures of a ticket may have turned: every moment that a definition compares with the end of a period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.metrics.days.frame import ONE, Frame, month_of
from hotline.metrics.evidence import LATER_DAYS, SOON_DAYS
from hotline.metrics.history import CLOSINGS
from models import Assignment, Deadline, Pause, Petition, ReplyPromise, Survey, Ticket, TicketEvent

RIPE = tuple(timedelta(days=days) for days in (SOON_DAYS, LATER_DAYS))
WORK = ("reply", "redo")


@dataclass(frozen=True)
class Turns:
    """Moments of one table."""

    ticket: Any
    moments: tuple[Any, ...]
    join: tuple[Any, Any] | None = None
    where: Any = None


TABLES = (
    Turns(Ticket.id, (Ticket.created_at, Ticket.submitted_at)),
    Turns(TicketEvent.ticket_id, (TicketEvent.at,)),
    Turns(Assignment.ticket_id, (Assignment.started_at, Assignment.ended_at), where=Assignment.part == "lead"),
    Turns(Deadline.ticket_id, (Deadline.started_at, Deadline.due_at, Deadline.stopped_at)),
    Turns(Deadline.ticket_id, (Pause.started_at, Pause.ended_at), join=(Pause, Pause.deadline_id == Deadline.id)),
    Turns(Survey.ticket_id, (Survey.asked_at, Survey.answered_at)),
    Turns(ReplyPromise.ticket_id, (ReplyPromise.due_at,)),
    Turns(Petition.ticket_id, (Petition.decided_at,), where=Petition.kind == "exclusion"),
)


def days_of(db: Session, frame: Frame, ids: list[int], now: datetime) -> dict[int, set[date]]:
    """For each ticket its days so far; of what stands over the turn of a month, the first of the month too."""
    found: dict[int, set[date]] = {one: set() for one in ids}
    for number, first, last in _spans(db, frame, ids, now):
        days = found[number]
        days.update(frame.day_of(one) for one in (first, last) if one <= now)
        days.update(_firsts(frame.day_of(first), frame.day_of(min(last, now))))
    for turns in TABLES:
        for number, *moments in db.execute(_asked(turns, ids)):
            found[number].update(frame.day_of(one) for one in moments if one is not None and one <= now)
    for number, at in db.execute(_closings(ids)):
        found[number].update(frame.day_of(at + ripe) for ripe in RIPE if at + ripe <= now)
    return found


def _asked(turns: Turns, ids: list[int]) -> Any:
    query = select(turns.ticket, *turns.moments).where(turns.ticket.in_(ids))
    if turns.join is not None:
        query = query.join(*turns.join)
    return query if turns.where is None else query.where(turns.where)


def _closings(ids: list[int]) -> Any:
    return select(TicketEvent.ticket_id, TicketEvent.at).where(
        TicketEvent.ticket_id.in_(ids), TicketEvent.action.in_(CLOSINGS)
    )


def _spans(db: Session, frame: Frame, ids: list[int], now: datetime) -> Iterator[tuple[int, datetime, datetime]]:
    """From when to when a clock of the work ran, and a question could be answered."""
    answer_time = timedelta(hours=frame.answer_hours) - timedelta(microseconds=1)
    for number, asked_at, answered_at in db.execute(
        select(Survey.ticket_id, Survey.asked_at, Survey.answered_at).where(Survey.ticket_id.in_(ids))
    ):
        over = asked_at + answer_time
        yield number, asked_at, min(answered_at or over, over)
    for number, started_at, stopped_at in db.execute(
        select(Deadline.ticket_id, Deadline.started_at, Deadline.stopped_at).where(
            Deadline.ticket_id.in_(ids), Deadline.clock.in_(WORK)
        )
    ):
        yield number, started_at, stopped_at or now


def _firsts(first: date, last: date) -> Iterator[date]:
    """The firsts of the months after the first day, up to the last."""
    month = month_of(month_of(first) + 31 * ONE)
    while month <= last:
        yield month
        month = month_of(month + 31 * ONE)
