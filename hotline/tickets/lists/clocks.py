"""Which clocks of open tickets are broken or nearly due, as filters and as rows: what a list says of time, it says of a clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from hotline.tickets.deadlines import BESIDE_THE_WORK
from hotline.tickets.names import ClockName
from models import Deadline, Pause, Ticket

OF_WORK = tuple(clock.value for clock in ClockName if clock not in BESIDE_THE_WORK)
"""Clocks by whose end somebody at a desk must have done something."""


def broken(now: datetime, clock: str | None = None) -> ColumnElement[bool]:
    """Tickets with a running clock (this one, if named) whose time is over."""
    return Ticket.id.in_(select(Deadline.ticket_id).where(*_running(clock), Deadline.due_at < now))


def nearly_due(now: datetime, clock: str | None = None) -> ColumnElement[bool]:
    """Tickets with a running clock of which four fifths are used and the end has not come."""
    soon = (Deadline.soon_at <= now, Deadline.due_at >= now)
    return Ticket.id.in_(select(Deadline.ticket_id).where(*_running(clock), *soon))


def running_of(db: Session, ids: Iterable[int]) -> dict[int, list[Deadline]]:
    """Ticket → its running clocks of work, the nearest end first; one statement."""
    found: dict[int, list[Deadline]] = defaultdict(list)
    rows = select(Deadline).where(Deadline.ticket_id.in_(list(ids)), *_running(None))
    for row in db.scalars(rows.order_by(Deadline.due_at, Deadline.id)):
        found[row.ticket_id].append(row)
    return found


def first_ending(db: Session, ids: Iterable[int]) -> dict[int, str]:
    """Ticket → the clock that ends (or ended) first, "other" where none runs: what an urge is about."""
    wanted = list(ids)
    running = running_of(db, wanted)
    return {one: running[one][0].clock if running.get(one) else "other" for one in wanted}


def _running(clock: str | None) -> tuple[ColumnElement[bool], ...]:
    """Not stopped, and not standing in a pause; one that was late before the pause is late all the same."""
    held = exists().where(
        Pause.deadline_id == Deadline.id, Pause.ended_at.is_(None), Pause.started_at < Deadline.due_at
    )
    named = Deadline.clock == clock if clock else Deadline.clock.in_(OF_WORK)
    return (Deadline.stopped_at.is_(None), named, ~held)
