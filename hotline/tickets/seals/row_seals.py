"""Seals over rows that may change: replies, reviews, ratings, petitions, deadlines and how a ticket was closed.

Whenever the program writes such a row it adds, in the same transaction, a keyed mark of what the row now says to a log that
only grows (`row_seal`, itself under the chain of seals). Whoever changes, adds or removes a row by other means has no key
to make the mark with, and is found by `verify`.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, func, insert, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from hotline.clock import Clock
from hotline.i18n import N_, _
from models import Deadline, Petition, Reply, Review, RowSeal, Survey, Ticket
from models.store.db import Base, write_json
from models.store.hidden import as_stored, told

GONE = "-"
AT_ONCE = 1000
WINDOW = 20_000
_LEFT_OUT: dict[type[Base], frozenset[str]] = {
    Deadline: frozenset(
        {"soon_at", "ring_at", "bell", "rung", "release"}
    ),  # how far its bell has got, not what it says
    Survey: frozenset({"token", "reminded_at", "attempts"}),
}
_CLOSING = ("id", "number", "created_at", "closed_at", "close_kind", "excluded")
NAMES: dict[type[Base], str] = {
    Reply: N_("答复"),
    Review: N_("审核"),
    Survey: N_("评价"),
    Petition: N_("申请"),
    Deadline: N_("期限"),
    Ticket: N_("工单的办结"),
}
COLUMNS: dict[type[Base], tuple[str, ...]] = {
    table: tuple(name for name in table.__table__.columns.keys() if name not in _LEFT_OUT.get(table, ()))  # noqa: SIM118
    for table in NAMES
    if table is not Ticket
} | {Ticket: _CLOSING}
_TABLES: dict[Any, type[Base]] = {table.__table__: table for table in NAMES}


def watch(sessions: sessionmaker[Any], key: bytes, clock: Clock) -> None:
    """From now on these sessions mark what they write."""

    def flushed(db: Session, _flush: Any) -> None:
        changed = [row for row in (*db.new, *db.dirty) if type(row) in NAMES and _is_told_otherwise(row)]
        _write(db, ((row, _said(row)) for row in changed), key, clock)
        _write(db, ((row, None) for row in db.deleted if type(row) in NAMES), key, clock)

    def by_statement(state: ORMExecuteState) -> Any:
        table = _TABLES.get(getattr(state.statement, "table", None))
        if table is None or not (state.is_insert or state.is_update or state.is_delete):
            return None
        told = _told_whole(state, table) if state.is_insert else None
        if told is not None:
            result = state.invoke_statement()
            _write(state.session, told, key, clock)
            return result
        if state.is_insert:
            made = state.invoke_statement().freeze()  # inserts here answer with the numbers of the new rows
            ids = list(made().scalars())
            result = made()
        else:
            ids = _aimed_at(state, table)
            result = state.invoke_statement()
        _write(state.session, _as_they_are(state.session, table, ids), key, clock)
        return result

    event.listen(sessions, "after_flush", flushed)
    event.listen(sessions, "do_orm_execute", by_statement)


def adopt(sessions: sessionmaker[Any], key: bytes, now: datetime) -> int:
    """Mark what earlier releases wrote, once; returns how many rows. Afterwards a row without a mark is a row slipped in."""
    done = 0
    with sessions() as db:
        if db.scalar(select(RowSeal.id).limit(1)) is not None:
            return 0
        for window in windows(db):
            marks = [
                _row(window.table, row_id, values, key, now)
                for row_id, values in _living(db, window)
                if window.table is not Ticket or _is_closed(values)
            ]
            if marks:
                db.connection().execute(insert(RowSeal.__table__), marks)  # type: ignore[arg-type]
            done += len(marks)
        db.commit()
    return done


@dataclass(frozen=True)
class Window:
    """The rows of one table whose numbers are from `first` to `last`: what is checked at once."""

    table: type[Base]
    first: int
    last: int


def windows(db: Session) -> list[Window]:
    """All rows that are marked, or should be, in windows that need little memory and can be checked side by side."""
    return [
        Window(table, first, first + WINDOW - 1)
        for table in NAMES
        for first in range(1, _last_number(db, table) + 1, WINDOW)
    ]


def _last_number(db: Session, table: type[Base]) -> int:
    """The highest number that a row has, or had when it was marked."""
    living = db.scalar(select(func.max(table.__table__.c.id))) or 0
    marked = db.scalar(select(func.max(RowSeal.row_id)).where(RowSeal.log_of == table.__tablename__)) or 0
    return max(living, marked)


def is_watched(db: Session) -> bool:
    """Whether anything was ever marked: an installation of before has nothing to be checked."""
    return db.scalar(select(RowSeal.id).limit(1)) is not None


def problems(db: Session, key: bytes) -> list[str]:
    """Rows that do not say what the program last wrote, each as a sentence; none where nothing was ever marked."""
    return [said for window in windows(db) for said in problems_in(db, window, key)] if is_watched(db) else []


def problems_in(db: Session, window: Window, key: bytes) -> list[str]:
    return list(_problems_in(db, window, key))


def _problems_in(db: Session, window: Window, key: bytes) -> Iterator[str]:
    marks, table = _newest_marks(db, window), window.table
    for row_id, values in _living(db, window):
        known = marks.pop(row_id, None)
        if known is None:
            if table is not Ticket or _is_closed(values):
                yield _("%(what)s第 %(row)d 行不是程序写的。", what=_(NAMES[table]), row=row_id)
        elif not hmac.compare_digest(known, digest(table, row_id, values, key)):
            yield _("%(what)s第 %(row)d 行被改动过。", what=_(NAMES[table]), row=row_id)
    for row_id, known in sorted(marks.items()):
        if known != GONE:
            yield _("%(what)s第 %(row)d 行被删除了。", what=_(NAMES[table]), row=row_id)


def digest(table: type[Base], row_id: int, values: Sequence[Any], key: bytes) -> str:
    """The mark of one row: its table, its number and what every column says, under the key.

    An empty column says nothing, so a column that a later release adds leaves the marks of older rows as they are.
    """
    told = {name: plain(value) for name, value in zip(COLUMNS[table], values, strict=True) if value is not None}
    said = write_json([table.__tablename__, row_id, sorted(told.items())])
    return hmac.digest(key, said.encode(), "sha256").hex()


def _newest_marks(db: Session, window: Window) -> dict[int, str]:
    """The mark that holds of each row: the last one in the order in which they were made."""
    wanted = (
        select(RowSeal.row_id, RowSeal.digest)
        .where(RowSeal.log_of == window.table.__tablename__, RowSeal.row_id.between(window.first, window.last))
        .order_by(RowSeal.row_id, RowSeal.id)
    )
    return {row.row_id: row.digest for row in db.execute(wanted)}


def _living(db: Session, window: Window) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Every row as the database has it now, whatever this session remembers."""
    table, columns = window.table.__table__, [window.table.__table__.c[name] for name in COLUMNS[window.table]]
    at, dialect = COLUMNS[window.table].index("id"), db.get_bind().dialect
    wanted = select(*map(as_stored, columns)).where(table.c.id.between(window.first, window.last)).order_by(table.c.id)
    for row in db.execute(wanted):
        yield int(row[at]), tuple(told(column, one, dialect) for column, one in zip(columns, row, strict=True))


def _told_whole(state: ORMExecuteState, table: type[Base]) -> list[tuple[Any, tuple[Any, ...]]] | None:
    """What new rows say, from what is written into them; None where the database itself adds to it, or gives the numbers."""
    given: Any = state.parameters or {}
    rows: list[Mapping[str, Any]] = given if isinstance(given, list) else [given]
    columns, unsaid = table.__table__.c, [name for name in COLUMNS[table] if name not in rows[0]]
    if "id" in unsaid or not all(columns[name].default is None or columns[name].default.is_scalar for name in unsaid):
        return None
    defaults = {name: _or_default(None, columns[name]) for name in unsaid}
    told = [tuple(row[name] if name in row else defaults[name] for name in COLUMNS[table]) for row in rows]
    at = COLUMNS[table].index("id")
    return [((table, values[at]), values) for values in told if table is not Ticket or _is_closed(values)]


def _as_they_are(db: Session, table: type[Base], ids: Sequence[int]) -> list[tuple[Any, tuple[Any, ...] | None]]:
    """What these rows say after a statement; None for those that are gone."""
    columns, at = [table.__table__.c[name] for name in COLUMNS[table]], COLUMNS[table].index("id")
    found = {row[at]: tuple(row) for row in db.execute(select(*columns).where(table.__table__.c.id.in_(ids)))}
    return [((table, row_id), found.get(row_id)) for row_id in ids]


def _aimed_at(state: ORMExecuteState, table: type[Base]) -> list[int]:
    """The rows that a statement will touch, held until it has."""
    where = state.statement.whereclause  # type: ignore[attr-defined]
    wanted = select(table.__table__.c.id).with_for_update()
    return list(state.session.scalars(wanted if where is None else wanted.where(where)))


def _is_told_otherwise(row: Base) -> bool:
    """Whether the flush changed anything that is marked. A ticket is marked from its closing on."""
    state = inspect(row)
    names = _CLOSING[3:] if isinstance(row, Ticket) else COLUMNS[type(row)]
    if isinstance(row, Ticket) and state.pending:
        return _is_closed(_said(row))
    return state.pending or any(state.attrs[name].history.has_changes() for name in names)


def _is_closed(values: Sequence[Any]) -> bool:
    told: Mapping[str, Any] = dict(zip(_CLOSING, values, strict=True))
    return bool(told["closed_at"] or told["close_kind"] or told["excluded"])


def _said(row: Base) -> tuple[Any, ...]:
    """What a row just written says; a plain default that nobody named is what the database has."""
    table = type(row).__table__
    return tuple(_or_default(getattr(row, name), table.c[name]) for name in COLUMNS[type(row)])


def _or_default(value: Any, column: Any) -> Any:
    return column.default.arg if value is None and column.default is not None and column.default.is_scalar else value


def _write(db: Session, rows: Iterable[tuple[Any, tuple[Any, ...] | None]], key: bytes, clock: Clock) -> None:
    """One statement for all of them."""
    made = []
    for row, values in rows:
        table, row_id = row if isinstance(row, tuple) else (type(row), row.id)
        made.append(_row(table, row_id, values, key, clock.now()))
    if made:
        db.connection().execute(insert(RowSeal.__table__), made)  # type: ignore[arg-type]


def _row(table: type[Base], row_id: int, values: Sequence[Any] | None, key: bytes, now: datetime) -> dict[str, Any]:
    mark = GONE if values is None else digest(table, row_id, values, key)
    return {"at": now, "log_of": table.__tablename__, "row_id": row_id, "digest": mark}


def plain(value: Any) -> Any:
    """The same for what was written and what is read back, on both engines."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict | list | tuple):
        return json.dumps(json.loads(write_json(value)), sort_keys=True)
    return value
