"""The days made anew from the history: all of them, or those of one month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, or_, select, union
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.figures import booking, folding
from hotline.figures.postings import read
from hotline.figures.turns import RIPE, WORK
from hotline.metrics.days.frame import ONE, Frame, frame_of, month_of
from hotline.metrics.days.sources import OF_TICKETS
from hotline.metrics.history import CLOSINGS, WRONG
from models import Assignment, Deadline, FigureDay, FigureTicket, ReplyPromise, Survey, Ticket, TicketEvent
from models.store.db import without_time_limit

AT_ONCE = 500
NEXT_MONTH = timedelta(days=31)


def rebuild(db: Session, city: City, now: datetime) -> None:
    """Empty the days; whoever folds next makes them from the whole history. Pages count from the history meanwhile."""
    folding.begin_anew(db, folding.hold_mark(db), frame_of(city), now)


def rebuild_month(db: Session, city: City, month: date, now: datetime) -> int:
    """Read every ticket that counts in this month anew, and make the month's days from them. Returns how many tickets.

    One transaction: pages see the old days or the new ones. Raises nothing; before the days were ever made it does nothing.
    """
    frame, mark = frame_of(city), folding.hold_mark(db)
    if mark.built_id is not None or mark.release != frame.release:
        return 0
    without_time_limit(db)
    first = month_of(month)
    ids = sorted(set(db.scalars(_of_month(frame, first, now))))
    sums: booking.Sums = Counter()
    for some in _parts(ids):
        folding.fold_tickets(db, frame, some, now)
        for text in db.scalars(select(FigureTicket.postings).where(FigureTicket.ticket_id.in_(some))):
            booking.add(sums, read(text), months=frozenset({first}))
    last = month_of(first + NEXT_MONTH) - ONE
    names = [source.name for source in OF_TICKETS]
    db.execute(delete(FigureDay).where(FigureDay.source.in_(names), FigureDay.day.between(first, last)))
    booking.write(db, sums)
    folding.fold_calls(db, frame, frame.start_of(first), min(frame.end_of(last), now), now)
    return len(ids)


def _of_month(frame: Frame, first: date, now: datetime) -> Any:
    """Tickets with a row that may count in the month: its moment lies in it, or shortly before it, or it stood open over it."""
    start, end = frame.start_of(first), min(frame.start_of(month_of(first + NEXT_MONTH)), now)
    return union(*_with_moments(frame, start, end), _standing(start, end))


def _with_moments(frame: Frame, start: datetime, end: datetime) -> Iterator[Select[Any]]:
    answer_time = timedelta(hours=frame.answer_hours)
    yield select(Ticket.id).where(Ticket.created_at.between(start, end))
    yield _acted(CLOSINGS, start - max(RIPE), end)
    yield _acted(("pass", "redo", "object", "overrule"), start, end)
    yield select(Assignment.ticket_id).where(Assignment.part == "lead", Assignment.started_at.between(start, end))
    yield select(Assignment.ticket_id).where(Assignment.end_reason.in_(WRONG), Assignment.ended_at.between(start, end))
    yield select(Deadline.ticket_id).where(
        Deadline.clock.in_(("dispatch", "sign", "contact")), Deadline.due_at.between(start, end)
    )
    yield select(Survey.ticket_id).where(Survey.asked_at.between(start - answer_time, end))
    yield select(Survey.ticket_id).where(Survey.answered_at.between(start, end))
    yield select(ReplyPromise.ticket_id).where(ReplyPromise.due_at.between(start, end))


def _acted(actions: tuple[str, ...], start: datetime, end: datetime) -> Select[Any]:
    return select(TicketEvent.ticket_id).where(TicketEvent.action.in_(actions), TicketEvent.at.between(start, end))


def _standing(start: datetime, end: datetime) -> Select[Any]:
    return select(Deadline.ticket_id).where(
        Deadline.clock.in_(WORK),
        Deadline.started_at < end,
        or_(Deadline.stopped_at.is_(None), Deadline.stopped_at >= start),
    )


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for n in range(0, len(ids), AT_ONCE):
        yield ids[n : n + AT_ONCE]
