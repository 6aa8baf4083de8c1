"""Folds the history into days as it goes: once a minute, what happened since; a ticket that turns late rewrites its own days.

Nothing is written while people act. The clock reads the story after a mark, as the stream of monitoring does, and looks for
what time alone turned: a deadline that ran out, a question nobody answered, a closing that ripened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.figures import booking
from hotline.figures.postings import of_tickets
from hotline.figures.turns import RIPE, WORK
from hotline.metrics.days import history_counts
from hotline.metrics.days.frame import ONE, Frame, frame_of, month_of
from hotline.metrics.days.reading import DAYS
from hotline.metrics.days.sources import SOURCES, written
from hotline.metrics.definitions import CALLS
from hotline.metrics.history import CLOSINGS
from hotline.metrics.moments import utc_hour
from hotline.metrics.question import Question
from models import (
    Deadline,
    FigureChange,
    FigureDay,
    FigureMark,
    FigureTicket,
    ReplyPromise,
    Survey,
    TakingBack,
    Ticket,
    TicketEvent,
)
from models.store.db import without_time_limit
from models.store.rows import insert_once

AT_ONCE = 500
SETTLES = timedelta(minutes=5)
"""No transaction is under way for longer: what was written before has been committed by then."""

LEEWAY = 10_000
"""So many rows of the story are looked at again after the first time: some may have been under way when it began."""

CALLS_SETTLE = 3
"""Days after which a call changes no figure any more."""


def fold(db: Session, city: City, now: datetime, most: int = AT_ONCE) -> int:
    """Bring the days up to now, at most so many tickets at once. Returns how many were folded; commits nothing.

    1. Hold the mark: one hand writes.
    2. While the days are made for the first time, or anew, take the next tickets.
    3. Otherwise take those that turned since, and tell until when all are in, once none waits.
    """
    frame, mark = frame_of(city), hold_mark(db)
    if mark.release != frame.release:
        begin_anew(db, mark, frame, now)
    if mark.built_id is not None:
        return _build(db, frame, mark, now, most)
    turned = _turned(db, frame, mark, now)
    ids = sorted(turned)[:most]
    fold_tickets(db, frame, ids, now)
    db.execute(delete(FigureChange).where(FigureChange.id.in_([one for n in ids for one in turned[n]])))
    if len(ids) == len(turned):
        _fold_calls(db, frame, mark.until or now, now)
        _move_mark(db, mark, now)
    return len(ids) if len(ids) < len(turned) else 0


def stands_still(db: Session, city: City, now: datetime) -> bool:
    """Whether no ticket turned since the last fold: asked while nothing is held, so that on SQLite nobody waits for the answer."""
    frame, mark = frame_of(city), db.get(FigureMark, DAYS)
    if mark is None or mark.release != frame.release or mark.built_id is not None:
        return False
    return not _turned(db, frame, mark, now)


def tell_until(db: Session, city: City, now: datetime) -> None:
    """No ticket turned: only the calls are counted, and until when all is in is told. What was written meanwhile lies behind the mark."""
    frame, mark = frame_of(city), hold_mark(db)
    _fold_calls(db, frame, mark.until or now, now)
    _move_mark(db, mark, now)


def hold_mark(db: Session) -> FigureMark:
    insert_once(db, FigureMark, ["name"], name=DAYS, event_id=0, ahead_id=0, release="", built_id=0)
    return db.get_one(FigureMark, DAYS, populate_existing=True, with_for_update=True)


def begin_anew(db: Session, mark: FigureMark, frame: Frame, now: datetime) -> None:
    """Empty the days; from the next fold on they are made from the whole history, and pages count from it meanwhile."""
    without_time_limit(db)
    for table in (FigureDay, FigureTicket, FigureChange):
        db.execute(delete(table))
    last = db.scalar(select(func.max(TicketEvent.id))) or 0
    mark.release, mark.until, mark.ahead_at = frame.release, now, None
    mark.built_id, mark.built_at = 0, None
    mark.event_id = mark.ahead_id = max(last - LEEWAY, 0)
    db.flush()


def fold_tickets(db: Session, frame: Frame, ids: list[int], now: datetime) -> None:
    """Read what these tickets are now, and put it in the place of what they were.

    What happens while this runs is seen, but does not count yet: its row of the story is left unread for the next time.
    """
    if ids:
        last = select(TicketEvent.ticket_id, func.max(TicketEvent.id)).where(
            TicketEvent.ticket_id.in_(ids), TicketEvent.at < now
        )
        events = {row[0]: row[1] for row in db.execute(last.group_by(TicketEvent.ticket_id))}
        booking.book(db, of_tickets(db, frame, ids, now), events)


# --- the first time -----------------------------------------------------------------------------------------------------


def _build(db: Session, frame: Frame, mark: FigureMark, now: datetime, most: int) -> int:
    """The next tickets in the order in which they came in, so that they share their days; after the last of them the calls."""
    order = (Ticket.created_at, Ticket.id)
    wanted = select(Ticket.id, Ticket.created_at).order_by(*order).limit(most)
    if mark.built_at is not None:
        wanted = wanted.where(
            tuple_(*order) > tuple_(literal(mark.built_at, Ticket.created_at.type), literal(mark.built_id))
        )
    found = db.execute(wanted).all()
    if found:
        fold_tickets(db, frame, [row.id for row in found], now)
        mark.built_id, mark.built_at = found[-1].id, found[-1].created_at
        return len(found)
    fold_all_calls(db, frame, now)
    mark.built_id = mark.built_at = None
    db.flush()
    return 1


# --- what turned since --------------------------------------------------------------------------------------------------


def _turned(db: Session, frame: Frame, mark: FigureMark, now: datetime) -> dict[int, list[int]]:
    """Tickets that turned since the last fold, each with the rows that ask for it beside its story."""
    found: dict[int, list[int]] = {one: [] for one in db.scalars(_acted(mark))}
    until = mark.until or now
    since = until - SETTLES
    for query in _of_time(frame, since, now):
        found.update({one: [] for one in db.scalars(query)})
    if month_of(frame.day_of(until)) != month_of(frame.day_of(now)):
        found.update({one: [] for query in _standing(frame, now) for one in db.scalars(query)})
    for number, ticket_id in db.execute(select(FigureChange.id, FigureChange.ticket_id)):
        found.setdefault(ticket_id, []).append(number)
    return found


def _acted(mark: FigureMark) -> Any:
    """Whose story went on: rows after the mark that were not read yet."""
    known = and_(FigureTicket.ticket_id == TicketEvent.ticket_id, FigureTicket.event_id >= TicketEvent.id)
    return (
        select(TicketEvent.ticket_id)
        .outerjoin(FigureTicket, known)
        .where(TicketEvent.id > mark.event_id, FigureTicket.ticket_id.is_(None))
        .distinct()
    )


def _of_time(frame: Frame, since: datetime, now: datetime) -> Iterator[Any]:
    """What no row of the story tells: acts taken back, questions asked, and what time alone turned."""
    answer_time = timedelta(hours=frame.answer_hours)
    yield select(TakingBack.ticket_id).where(_between(TakingBack.undone_at, since, now))
    yield select(Deadline.ticket_id).where(
        Deadline.clock.in_(("dispatch", "sign", "contact", *WORK)), _between(Deadline.due_at, since, now)
    )
    yield select(Survey.ticket_id).where(
        or_(*(_between(Survey.asked_at, since - ago, now - ago) for ago in (timedelta(0), answer_time)))
    )
    yield select(Survey.ticket_id).where(_between(Survey.answered_at, since, now))
    yield select(ReplyPromise.ticket_id).where(_between(ReplyPromise.due_at, since, now))
    yield select(TicketEvent.ticket_id).where(
        TicketEvent.action.in_(CLOSINGS), or_(*(_between(TicketEvent.at, since - ago, now - ago) for ago in RIPE))
    )


def _between(column: Any, since: datetime, now: datetime) -> Any:
    return and_(column > since, column <= now)


def _standing(frame: Frame, now: datetime) -> Iterator[Any]:
    """What stands open over the turn of a month."""
    yield select(Deadline.ticket_id).where(Deadline.clock.in_(WORK), Deadline.stopped_at.is_(None))
    yield select(Survey.ticket_id).where(Survey.asked_at > now - timedelta(hours=frame.answer_hours) - ONE)


def _move_mark(db: Session, mark: FigureMark, now: datetime) -> None:
    """Told until now. The story's mark goes forward only to what had been read through some minutes ago."""
    mark.until = now
    if mark.ahead_at is None or now - mark.ahead_at >= SETTLES:
        read = db.scalar(select(func.max(TicketEvent.id))) or 0
        mark.event_id, mark.ahead_id, mark.ahead_at = mark.ahead_id, read, now
    db.flush()


# --- calls --------------------------------------------------------------------------------------------------------------


def _fold_calls(db: Session, frame: Frame, until: datetime, now: datetime) -> None:
    """The days whose calls may still turn, whole."""
    fold_calls(db, frame, frame.start_of(frame.day_of(until) - CALLS_SETTLE * ONE), now, now)


def fold_all_calls(db: Session, frame: Frame, now: datetime) -> None:
    first = db.scalar(select(func.min(CALLS.at)))
    if first is not None:
        fold_calls(db, frame, frame.start_of(frame.day_of(first)), now, now)


def fold_calls(db: Session, frame: Frame, start: datetime, end: datetime, now: datetime) -> None:
    """The calls of whole days, counted anew. start: a midnight. They belong to no ticket, and what they are told by is theirs."""
    asked, definitions = Question(start, end, now, answer_hours=frame.answer_hours), SOURCES[CALLS]
    columns = [one.classify(asked).label(f"c{n}") for n, one in enumerate(definitions)]
    inner = history_counts.rows(asked, CALLS, utc_hour(CALLS.at).label("hour"), *columns).subquery()
    sums: booking.Sums = Counter()
    for hour, *classes, n in db.execute(select(*inner.c, func.count()).group_by(*inner.c)):
        day = frame.day_of(datetime.fromisoformat(f"{hour}:00+00:00"))
        sums[("", False, day, day, CALLS.name, "", "", written(classes))] += n
    days = (end - start) // ONE + 1
    booking.forget_days(db, CALLS.name, [frame.day_of(start) + n * ONE for n in range(days)])
    booking.write(db, sums)
