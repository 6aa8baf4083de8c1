"""Turning the pages of any list by key: page 400 costs what page 1 costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Integer, and_, or_
from sqlalchemy.orm import Session

from models.db import UTCDateTime

SIZE = 50


@dataclass(frozen=True)
class Turned:
    """rows in the asked order. next, back: keys of the neighbouring pages, None at the ends."""

    rows: list[Any]
    next: str | None
    back: str | None


def turn(db: Session, query: Any, column: Any, row_id: Any, *, rising: bool = True, after: str | None = None,
         before: str | None = None, size: int = SIZE) -> Turned:
    """One page of the query ordered by a column that is never NULL, and by id where it is equal.

    after, before: a key from `next` or `back`; a broken key falls back to the start. Scalars come for a query of one
    thing, rows for several; column and row_id must belong to the first.
    """
    backwards = before is not None
    up = rising != backwards
    if (key := _read(before if backwards else after, column)) is not None:
        query = query.where(_beyond(column, row_id, key, up))
    order = (column, row_id) if up else (column.desc(), row_id.desc())
    found = list(db.execute(query.order_by(*order).limit(size + 1)))
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    rows = [row[0] if len(row) == 1 else row for row in found]
    onward, back = (True, more) if backwards else (more, key is not None)
    return Turned(rows, _key(found[-1][0], column, row_id) if onward and found else None,
                  _key(found[0][0], column, row_id) if back and found else None)


def _beyond(column: Any, row_id: Any, key: tuple[Any, Any], up: bool) -> Any:
    value, last = key
    if up:
        return or_(column > value, and_(column == value, row_id > last))
    return or_(column < value, and_(column == value, row_id < last))


def _key(thing: Any, column: Any, row_id: Any) -> str:
    value = getattr(thing, column.key)
    return f"{value.isoformat() if isinstance(value, datetime) else value}~{getattr(thing, row_id.key)}"


def _read(key: str | None, column: Any) -> tuple[Any, Any] | None:
    """Value and id as the column's own types."""
    if not key or "~" not in key:
        return None
    value, last = key.rsplit("~", 1)
    try:
        return _as(column, value), int(last) if last.isdigit() and len(last) < 19 else last
    except ValueError:
        return None


def _as(column: Any, value: str) -> Any:
    if isinstance(column.type, UTCDateTime):
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(value) if isinstance(column.type, Integer) else value
