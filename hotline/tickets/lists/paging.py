"""Turning the pages of any list by key, in any of its orders: page 400 costs what page 1 costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, and_, or_, true
from sqlalchemy.orm import Session

from models.store.db import UTCDateTime

PAGE_SIZE = 50
LARGEST = 2**63 - 1
Key = tuple[int, Any, Any]
"""The row's rank, its value, its id."""

Piece = tuple[ColumnElement[bool], list[Any]]
"""A part of a list that lies wholly before the next part, and the order inside it."""

Within = Callable[[Key | None, bool], Iterable[ColumnElement[bool]]]


@dataclass(frozen=True)
class Page:
    """rows: at most one page. next and back: keys for the neighbouring pages, None at the ends."""

    rows: list[Any]
    next: str | None
    back: str | None


@dataclass(frozen=True)
class Rank:
    """What goes ahead whatever the column says, the smallest number first: as SQL, and asked of one row for its key.

    each: every rank as a condition, in their order, where each of them has an index: they are read one after the other.
    """

    sql: ColumnElement[int]
    of: Callable[[Any], int]
    each: tuple[ColumnElement[bool], ...] = ()


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
        found = self.by_column(backwards)
        if self.rank is None:
            return found
        return [self.rank.sql.desc() if backwards else self.rank.sql, *found]

    def by_column(self, backwards: bool) -> list[Any]:
        """For ORDER BY within one rank."""
        columns = [self.column] if self.column is self.row_id else [self.column, self.row_id]
        return [column.desc() if self.falling != backwards else column for column in columns]

    def pieces(self, key: Key | None, backwards: bool, nulls_are_least: bool) -> Iterator[Piece]:
        """What is beyond the key, in the pieces in which it is read."""
        if self.rank is None or not self.rank.each:
            yield (true() if key is None else self.beyond(key, backwards, nulls_are_least)), self.by(backwards)
            return
        ranks = list(enumerate(self.rank.each))
        for rank, condition in reversed(ranks) if backwards else ranks:
            if key is None or (rank < key[0] if backwards else rank > key[0]):
                yield condition, self.by_column(backwards)
            elif rank == key[0]:
                further = self._further(key[1], key[2], self.falling != backwards, nulls_are_least)
                yield and_(condition, further), self.by_column(backwards)

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
    db: Session,
    query: Any,
    order: Order,
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
    ahead: int = 0,
    within: Within | None = None,
) -> Page:
    """One page of the query. after, before: a key from a page's next or back; a broken key falls back to the start.

    ahead: so many rows whose rank goes before the last stand on the first page, however short the page is.

    within: cuts what is beyond a key into conditions that follow each other (falling or rising), so that no more is read than
    fills the page.

    Scalars come for a query of one thing, rows for several; the order's columns must belong to the first.
    """
    backwards = before is not None
    key = order.read(before if backwards else after)
    pieces = _pieces(
        db, order, key, backwards, within
    )  # made as they are read: a window asks the index when it is made
    if ahead and key is None and not backwards:
        found, size = _pressing_first(db, query, list(pieces), size, ahead)
    else:
        found = _first(db, query, pieces, size + 1)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    onward, back = (True, more) if backwards else (more, key is not None)
    return Page(
        [row[0] if len(row) == 1 else row for row in found],
        order.key(found[-1][0]) if onward and found else None,
        order.key(found[0][0]) if back and found else None,
    )


def _pieces(
    db: Session, order: Order, key: Key | None, backwards: bool, within: Within | None = None
) -> Iterator[Piece]:
    """The order's own pieces, each cut once more by `within`."""
    for piece, by in order.pieces(key, backwards, db.get_bind().dialect.name == "sqlite"):
        if within is None:
            yield piece, by
        else:
            yield from ((and_(piece, cut), by) for cut in within(key, order.falling != backwards))


def _first(db: Session, query: Any, pieces: Iterable[Piece], most: int) -> list[Any]:
    """The first rows; the next piece is read only while there are too few."""
    found: list[Any] = []
    for piece, by in pieces:
        found += db.execute(query.where(piece).order_by(*by).limit(most - len(found)))
        if len(found) >= most:
            break
    return found


def _pressing_first(db: Session, query: Any, pieces: list[Piece], size: int, ahead: int) -> tuple[list[Any], int]:
    """The rows of a first page and one more, and the page's size: all of the ranks before the last, `ahead` of them at most."""
    found = _first(db, query, pieces[:-1], max(size, ahead) + 1)
    size = max(size, min(len(found), ahead))
    if len(found) <= size:
        found += _first(db, query, pieces[-1:], size + 1 - len(found))
    return found, size


def following(db: Session, query: Any, order: Order, row: Any) -> Any:
    """The first scalar of the query after this row in that order; after the last comes the first again, None when it is alone."""
    key, others = order.read(order.key(row)), query.where(order.row_id != getattr(row, order.row_id.key))
    later = _first(db, others, _pieces(db, order, key, False), 1) if key else []
    found = later or _first(db, others, _pieces(db, order, None, False), 1)
    return found[0][0] if found else None


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
