"""The story of a sealed ticket lies hidden, whoever writes it: one listener sees each row as it is written, no writer must remember.

Words lie hidden whosoever they are; the answers of forms, starred as the story takes them, stand readable for figures, but for those
of sealed tickets. What was written before a ticket was sealed is hidden the moment it is; only its story, which nobody can change,
keeps what it said until then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from models import Ticket
from models.store.append_only import LOGS
from models.store.db import Base
from models.store.hidden import SealedLeaves, sealed

_NAMES: dict[Any, tuple[str, ...]] = {}


def names_of(kind: Any) -> tuple[str, ...]:
    """The attributes of a class whose columns hide what is said of sealed tickets."""
    if kind not in _NAMES:
        _NAMES[kind] = tuple(
            attribute.key
            for attribute in inspect(kind).column_attrs
            if isinstance(attribute.columns[0].type, SealedLeaves)
        )
    return _NAMES[kind]


def seal(rows: Iterable[Any], tickets: Iterable[Ticket]) -> None:
    """Mark the words of new rows that are written without the session. tickets: those they belong to."""
    closed = {ticket.id for ticket in tickets if ticket.privacy == "sealed"}
    for row in rows if closed else ():
        if _ticket_of(row) in closed:
            _seal(row)


def of_tickets() -> Iterator[type[Base]]:
    """The classes whose rows belong to a ticket, have such words, and may be changed."""
    for mapper in Base.registry.mappers:
        kind: Any = mapper.class_
        if names_of(kind) and hasattr(kind, "ticket_id") and kind.__tablename__ not in LOGS:
            yield kind


def _seal(row: Any) -> None:
    for name in names_of(type(row)):
        if vars(row).get(name) is not None:
            setattr(row, name, sealed(vars(row)[name]))


def _ticket_of(row: Any) -> int | None:
    if isinstance(row, Ticket):
        return row.id
    number: int | None = getattr(row, "ticket_id", None)
    return number or getattr(vars(row).get("ticket"), "id", None)


def _before_flush(db: Session, _context: Any, _instances: Any) -> None:
    rows = [row for row in (*db.new, *db.dirty) if isinstance(row, Ticket) or names_of(type(row))]
    if not rows:
        return
    closed = _closed(db, {number for row in rows if (number := _ticket_of(row))})
    for row in rows:
        newly = isinstance(row, Ticket) and row.privacy == "sealed"
        if newly or _ticket_of(row) in closed or getattr(vars(row).get("ticket"), "privacy", "") == "sealed":
            _seal(row)
    for row in rows:
        if isinstance(row, Ticket) and _is_sealed_now(db, row):
            _seal_all(db, row)


def _is_sealed_now(db: Session, ticket: Ticket) -> bool:
    """It was open until this flush."""
    return ticket.privacy == "sealed" and ticket not in db.new and inspect(ticket).attrs.privacy.history.has_changes()


def _closed(db: Session, numbers: Collection[int]) -> set[int]:
    """Those of these tickets that are sealed; whom the session knows it is not asked about."""
    key = inspect(Ticket).identity_key_from_primary_key
    known = {number: held.privacy for number in numbers if (held := db.identity_map.get(key((number,))))}
    rest = [number for number in numbers if number not in known]
    found = set(db.scalars(select(Ticket.id).where(Ticket.id.in_(rest), Ticket.privacy == "sealed"))) if rest else set()
    return found | {number for number, privacy in known.items() if privacy == "sealed"}


def _seal_all(db: Session, ticket: Ticket) -> None:
    """All that was written about a ticket that is sealed now."""
    rows: list[Any] = []
    for kind in of_tickets():
        table: Any = kind
        rows += db.scalars(select(table).where(table.ticket_id == ticket.id))
    for row in rows:
        _seal(row)
        for name in names_of(type(row)):
            flag_modified(row, name)


event.listen(Session, "before_flush", _before_flush)
