"""Turning the pages of any list by key, in any of its orders: page 400 costs what page 1 costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, and_, or_
from sqlalchemy.orm import Session

from models.store.db import UTCDateTime

PAGE_SIZE = 50
LARGEST = 2**63 - 1
Key = tuple[int, Any, Any]
"""The row's rank, its value, its id."""


@dataclass(frozen=True)
class Page:
    """rows: at most one page. next and back: keys for the neighbouring pages, None at the ends."""

    rows: list[Any]
    next: str | None
    back: str | None


@dataclass(frozen=True)
class Rank:
    """What goes ahead whatever the column says, the smallest number first: as SQL, and asked of one row for its key."""

    sql: ColumnElement[int]
    of: Callable[[Any], int]


@dataclass(frozen=True)
class Order:
    """By a column, and by id where it is equal; falling: the greatest first. Column and id belong to one table.

    rank: stands above the column, and always rises.
    """

    column: Any
    row_id: Any
    falling: bool = False
    rank: Rank | None = None

    def by(self, backwards: bool = False) -> list[Any]:
        """For ORDER BY."""
        columns = [self.column] if self.column is self.row_id else [self.column, self.row_id]
        found = [column.desc() if self.falling != backwards else column for column in columns]
        if self.rank is None:
            return found
        return [self.rank.sql.desc() if backwards else self.rank.sql, *found]

    def key(self, row: Any) -> str:
        value = getattr(row, self.column.key)
        words = "" if value is None else value.isoformat() if isinstance(value, datetime) else str(value)
        rank = f"{self.rank.of(row)}~" if self.rank else ""
        return f"{rank}{words}~{getattr(row, self.row_id.key)}"

    def read(self, key: str | None) -> Key | None:
        """The key as the columns' own types; a broken one is None, and starts at the beginning."""
        try:
            first, rest = (key or "").split("~", 1) if self.rank else ("0", key or "")
            words, row_id = rest.rsplit("~", 1)
            return _small(first), _as(self.column, words), _as(self.row_id, row_id)
        except (ValueError, OverflowError):
            return None

    def beyond(self, key: Key, backwards: bool, nulls_are_least: bool) -> Any:
        """The rows after the key: the rest of its own rank, and every rank that lies in that direction."""
        rank, value, last = key
        own = self._further(value, last, self.falling != backwards, nulls_are_least)
        if self.rank is None:
            return own
        sql = self.rank.sql
        return or_(and_(sql == rank, own), sql < rank if backwards else sql > rank)

    def _further(self, value: Any, last: Any, falling: bool, nulls_are_least: bool) -> Any:
        """Rows without a value stand at one end: SQLite takes them for the least, PostgreSQL for the greatest."""
        column, row_id = self.column, self.row_id
        later_id = row_id < last if falling else row_id > last
        if column is row_id:
            return later_id
        nulls_follow = column.property.columns[0].nullable and nulls_are_least == falling
        if value is None:
            rest = and_(column.is_(None), later_id)
            return rest if nulls_follow else or_(rest, column.is_not(None))
        beyond = or_(column < value if falling else column > value, and_(column == value, later_id))
        return or_(beyond, column.is_(None)) if nulls_follow else beyond


def both_ways(columns: Mapping[str, Any], row_id: Any) -> dict[str, Order]:
    """Each column as two orders: its name, and with "-" before it the greatest first."""
    return {
        f"{down}{name}": Order(column, row_id, bool(down)) for name, column in columns.items() for down in ("", "-")
    }


def paginate(
    db: Session, query: Any, order: Order, *, after: str | None = None, before: str | None = None, size: int = PAGE_SIZE
) -> Page:
    """One page of the query. after, before: a key from a page's next or back; a broken key falls back to the start.

    Scalars come for a query of one thing, rows for several; the order's columns must belong to the first.
    """
    backwards = before is not None
    if (key := order.read(before if backwards else after)) is not None:
        query = query.where(order.beyond(key, backwards, db.get_bind().dialect.name == "sqlite"))
    found = list(db.execute(query.order_by(*order.by(backwards)).limit(size + 1)))
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    onward, back = (True, more) if backwards else (more, key is not None)
    return Page(
        [row[0] if len(row) == 1 else row for row in found],
        order.key(found[-1][0]) if onward and found else None,
        order.key(found[0][0]) if back and found else None,
    )


def following(db: Session, query: Any, order: Order, row: Any) -> Any:
    """The first scalar of the query after this row in that order; after the last comes the first again, None when it is alone."""
    key, others = (
        order.read(order.key(row)),
        query.where(order.row_id != getattr(row, order.row_id.key)).order_by(*order.by()).limit(1),
    )
    later = others.where(order.beyond(key, False, db.get_bind().dialect.name == "sqlite")) if key else others
    return db.scalar(later) or db.scalar(others)


def _as(column: Any, words: str) -> Any:
    """The words of a key as the column's own type; none stand for no value. Raises ValueError, OverflowError."""
    if isinstance(column.type, UTCDateTime):
        return _moment(words) if words else None
    if isinstance(column.type, Float):
        return float(words) if words else None
    if not isinstance(column.type, Integer):
        return words
    if abs(number := int(words)) > LARGEST:
        raise OverflowError(words)
    return number


def _small(words: str) -> int:
    if len(words) > 3:
        raise OverflowError(words)
    return int(words)


def _moment(words: str) -> datetime:
    moment = datetime.fromisoformat(words)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
