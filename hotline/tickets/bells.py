"""The bells of a clock: which it has, when the next one rings, and that each rings once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City
from hotline.tickets.names import ClockName as Clock
from hotline.tickets.names import JobName
from hotline.tickets.names import ReminderName as Reminder
from models import Deadline
from models.store.db import changed
from routing.limits import Span, bells

EARLY = (Reminder.HALF, Reminder.MOST)
SHORT = (*EARLY, Reminder.DUE, Reminder.RED)
LONG = (*EARLY, Reminder.YELLOW, Reminder.DUE, Reminder.RED)
BELLS: dict[str, tuple[Reminder, ...]] = {
    Clock.DISPATCH: SHORT,
    Clock.SIGN: (*EARLY, Reminder.DUE),
    Clock.CONTACT: SHORT,
    Clock.OBJECTION: (),
    Clock.RULING: SHORT,
    Clock.REPLY: LONG,
    Clock.FEEDBACK: SHORT,
    Clock.REVIEW: SHORT,
    Clock.REDO: LONG,
    Clock.JUDGE: SHORT,
    Clock.ANSWER: (Reminder.REMIND, Reminder.DUE),
    Clock.OUTER: LONG,
    Clock.WAIT: (Reminder.DUE,),
    Clock.ARCHIVE: (Reminder.DUE,),
}
"""Which bells each clock has, in order; `remind` is the survey's reminder, the others are warn points.

A limit of a day has no yellow card: one working day before its end it has just begun. What is not signed when that is due,
the clock signs: nothing is left to be red. The citizen's time to answer, an agreed day and the archive warn nobody."""


def ring(db: Session, city: City, now: datetime, most: int = 500) -> int:
    """Ring every bell that is due, once each, and enqueue what it calls for. Returns how many rang.

    1. Ask the index which deadlines want to ring.
    2. Claim each with one compare-and-set UPDATE to its next bell: of two clocks, one wins.
    3. Enqueue the bell's work under a key that can exist only once.
    """
    wanting = db.scalars(select(Deadline).where(Deadline.ring_at <= now).order_by(Deadline.ring_at).limit(most)).all()
    rang = 0
    for deadline in wanting:
        bell, at = deadline.bell, deadline.ring_at
        next_at, next_bell = _bell_after(deadline, city)
        still_its_turn = (Deadline.id == deadline.id, Deadline.ring_at == at, Deadline.bell == bell)
        if (
            changed(
                db,
                update(Deadline).where(*still_its_turn).values(ring_at=next_at, bell=next_bell, rung=Deadline.rung + 1),
            )
            == 1
        ):
            outbox.enqueue(
                db,
                JobName.BELL,
                key=f"bell:{deadline.id}:{bell}:{at:%Y%m%d%H%M%S}",
                now=now,
                ticket_id=deadline.ticket_id,
                deadline_id=deadline.id,
                bell=bell,
            )
            rang += 1
        db.expire(deadline)
    return rang


def span_of(deadline: Deadline) -> Span | None:
    """The limit as a span; None for deadlines that were given as a date."""
    return None if deadline.limit in ("outer", "date") else Span.parse(deadline.limit)


def moments(deadline: Deadline, city: City) -> list[tuple[datetime, str]]:
    """Every bell of this deadline in the order in which it rings."""
    wanted = BELLS[deadline.clock]
    all_bells = bells(city.calendar, deadline.started_at, deadline.due_at, span_of(deadline))
    moments: list[tuple[datetime, str]] = [(at, bell) for at, bell in all_bells if bell in wanted]
    if Reminder.REMIND in wanted:
        moments.append((deadline.started_at + timedelta(hours=city.policy.reminder_after_hours), Reminder.REMIND))
    order: dict[str, int] = {bell: n for n, bell in enumerate(wanted)}
    return sorted(moments, key=lambda m: (m[0], order[m[1]]))


def set_next_bell(deadline: Deadline, city: City) -> None:
    """The next bell is the first one that has not rung yet (a count, since each rings once)."""
    left = moments(deadline, city)[deadline.rung or 0 :]
    deadline.ring_at, deadline.bell = left[0] if left else (None, None)
    deadline.soon_at = soon_at(deadline, city)


def soon_at(deadline: Deadline, city: City) -> datetime:
    """When four fifths of the time are used: working time where the limit counts it."""
    rings = bells(city.calendar, deadline.started_at, deadline.due_at, span_of(deadline))
    return next(at for at, bell in rings if bell == Reminder.MOST)


def _bell_after(deadline: Deadline, city: City) -> tuple[datetime | None, str | None]:
    left = moments(deadline, city)[deadline.rung + 1 :]
    return left[0] if left else (None, None)
