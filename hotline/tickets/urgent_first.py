"""One page of open tickets with some ahead of all others (safety, redo rounds), each part by its deadline, paged by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, not_, or_, select
from sqlalchemy.orm import Session, selectinload

from hotline.tickets.listing import PAGE_SIZE, Page
from models import Ticket


@dataclass(frozen=True)
class Ahead:
    """Which tickets go ahead: as SQL, and asked of one ticket for its key."""

    holds: ColumnElement[bool]
    of: Callable[[Ticket], bool]


SAFETY = Ahead(Ticket.safety.is_(True), lambda ticket: ticket.safety)
REDONE = Ahead(Ticket.round > 1, lambda ticket: ticket.round > 1)


def page(db: Session, wanted: Sequence[Any], ahead: Ahead, *, after: str | None = None, before: str | None = None,
         size: int = PAGE_SIZE, units: bool = False) -> Page:
    """One page of what is wanted. after / before: a key of a page. units: load the units at work on each, too."""
    backwards = before is not None
    query = select(Ticket).where(*wanted)
    key = _read_key(before if backwards else after)
    if key is not None:
        query = query.where(_beyond(ahead, key, backwards))
    if units:
        query = query.options(selectinload(Ticket.assignments))
    rows = list(db.scalars(query.order_by(*_order(ahead, backwards)).limit(size + 1)))
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_next, has_back = (True, more) if backwards else (more, key is not None)
    return Page(rows, key_of(rows[-1], ahead) if has_next and rows else None,
                key_of(rows[0], ahead) if has_back and rows else None)


def following(db: Session, wanted: Sequence[Any], ahead: Ahead, ticket: Ticket) -> str | None:
    """The number of the ticket after this one; after the last comes the first again. None when it is alone."""
    others = select(Ticket.number).where(*wanted, Ticket.id != ticket.id).order_by(*_order(ahead, False)).limit(1)
    key = _read_key(key_of(ticket, ahead))
    found = db.scalar(others.where(_beyond(ahead, key, False))) if key else None
    return found or db.scalar(others)


def key_of(ticket: Ticket, ahead: Ahead) -> str:
    return f"{int(ahead.of(ticket))}~{ticket.due_at.isoformat() if ticket.due_at else ''}~{ticket.id}"


def _order(ahead: Ahead, backwards: bool) -> tuple[Any, ...]:
    rank = case((ahead.holds, 0), else_=1)
    return (rank.desc(), Ticket.due_at.desc(), Ticket.id.desc()) if backwards else (rank, Ticket.due_at, Ticket.id)


def _beyond(ahead: Ahead, key: tuple[bool, datetime, int], backwards: bool) -> Any:
    """The rest of the key's own part, and the whole other part when it lies in that direction."""
    is_ahead, due_at, last_id = key
    later = or_(Ticket.due_at > due_at, and_(Ticket.due_at == due_at, Ticket.id > last_id))
    earlier = or_(Ticket.due_at < due_at, and_(Ticket.due_at == due_at, Ticket.id < last_id))
    own = and_(ahead.holds if is_ahead else not_(ahead.holds), earlier if backwards else later)
    other_part_lies_there = is_ahead is not backwards
    return or_(own, not_(ahead.holds) if is_ahead else ahead.holds) if other_part_lies_there else own


def _read_key(key: str | None) -> tuple[bool, datetime, int] | None:
    """A broken key starts at the beginning."""
    try:
        is_ahead, due_at, last_id = (key or "").split("~")
        moment = datetime.fromisoformat(due_at)
        return (is_ahead == "1", moment, int(last_id)) if moment.tzinfo else None
    except ValueError:
        return None
