"""Seals over rows that may change: replies, reviews, ratings, petitions, deadlines, and tickets from their closing on.

Whenever the program writes such a row it adds, in the same transaction, a keyed mark of what the row now says to a log that
only grows (`row_seal`, itself under the chain of seals). Whoever changes, adds or removes a row by other means has no key
to make the mark with, and is found by `verify`. Each mark is made with a number by chance, so that no two are the same:
whoever puts an older row back and copies the mark it had then is found as well.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import event, func, insert, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from hotline.clock import Clock
from hotline.i18n import N_, _
from hotline.tickets.seals.reading import is_same, rows_by_number
from models import Deadline, Petition, Reply, Review, RowSeal, Survey, Ticket
from models.store.db import Base, write_json
from models.store.hidden import as_stored, told

AT_ONCE = 1000
WINDOW = 20_000
FORM, CHANCE, LENGTH = "2.", 10, 64
"""How a mark begins, how many of its signs are by chance, and how long it is: what is left is of the keyed hash."""

FORMER_GONE = "-"
_FORMERLY_LEFT_OUT: dict[type[Base], frozenset[str]] = {
    Deadline: frozenset({"soon_at", "ring_at", "bell", "rung", "release"}),
    Survey: frozenset({"token", "reminded_at", "attempts"}),
}
"""Of the marks before these, which have no beginning of their own and are over fewer columns."""

_CLOSING = ("id", "number", "created_at", "closed_at", "close_kind", "excluded")
"""What is marked of a ticket while it is open: its desks work at the rest, and each step lies in its story."""

_CLOSES: tuple[str, ...] = _CLOSING[3:]
NAMES: dict[type[Base], str] = {
    Reply: N_("答复"),
    Review: N_("审核"),
    Survey: N_("评价"),
    Petition: N_("申请"),
    Deadline: N_("期限"),
    Ticket: N_("工单的办结"),
}
COLUMNS: dict[type[Base], tuple[str, ...]] = {table: tuple(table.__table__.columns.keys()) for table in NAMES}
_CALLED = {
    table: {column.key: inspect(table).get_property_by_column(column).key for column in table.__table__.columns}
    for table in NAMES
}
"""By which attribute the program knows each column."""

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
                if window.table is not Ticket or _is_closed(_by_name(Ticket, values))
            ]
            if marks:
                db.connection().execute(insert(RowSeal.__table__), marks)  # type: ignore[arg-type]
            done += len(marks)
        db.commit()
    return done


@dataclass(frozen=True)
class Window:
    """The rows of one table whose numbers are from `first` to `last`: what is checked at once.

    since: the number of the first mark in its present form; after it the program wrote no other.
    """

    table: type[Base]
    first: int
    last: int
    since: int = 2**62


def windows(db: Session) -> list[Window]:
    """All rows that are marked, or should be, in windows that need little memory and can be checked side by side."""
    first_mark = db.scalar(select(func.min(RowSeal.id)).where(RowSeal.digest.startswith(FORM)))
    since = Window.since if first_mark is None else first_mark
    return [
        Window(table, first, first + WINDOW - 1, since)
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
    what = _(NAMES[table])
    for row_id, values in _living(db, window):
        known = marks.pop(row_id, None)
        if known is None:
            if table is not Ticket or _is_closed(_by_name(Ticket, values)):
                yield _("%(what)s第 %(row)d 行不是程序写的。", what=what, row=row_id)
        elif known.copied:
            yield _("%(what)s第 %(row)d 行被改回过从前的样子：它的封记是抄来的。", what=what, row=row_id)
        elif not fits(known.mark, table, row_id, values, key):
            yield _("%(what)s第 %(row)d 行被改动过。", what=what, row=row_id)
    for row_id, known in sorted(marks.items()):
        if known.copied or not fits(known.mark, table, row_id, None, key):
            yield _("%(what)s第 %(row)d 行被删除了。", what=what, row=row_id)


def digest(table: type[Base], row_id: int, values: Sequence[Any] | None, key: bytes, chance: str = "") -> str:
    """The mark of one row: its table, its number and what every column says, under the key; None of a row the program removed."""
    chance = chance or secrets.token_hex(CHANCE // 2)
    line = write_json([chance, table.__tablename__, row_id, None if values is None else _says(table, values)])
    return FORM + chance + hmac.digest(key, line.encode(), "sha256").hex()[: LENGTH - CHANCE - len(FORM)]


def fits(mark: str, table: type[Base], row_id: int, values: Sequence[Any] | None, key: bytes) -> bool:
    """Whether the program made this mark when the row said this, or was removed."""
    if mark.startswith(FORM):
        return is_same(mark, digest(table, row_id, values, key, mark[len(FORM) :][:CHANCE]))
    return is_same(mark, _former_digest(table, row_id, values, key))


def _says(table: type[Base], values: Sequence[Any]) -> list[tuple[str, Any]]:
    """An empty column, or one that says what it says of itself, says nothing: one that a later release adds leaves older marks."""
    told, silent = _by_name(table, values), _SILENT[table]
    open_still = table is Ticket and not _is_closed(told)
    names = _CLOSING if open_still else COLUMNS[table]
    return sorted((name, plain(told[name])) for name in names if told[name] is not None and told[name] != silent[name])


def _of_itself(column: Any) -> Any:
    """What a column says when nobody names it."""
    if column.default is None:
        return None
    return column.default.arg if column.default.is_scalar else column.default.arg(None)


_SILENT = {table: {column.key: _of_itself(column) for column in table.__table__.columns} for table in NAMES}


def _former_digest(table: type[Base], row_id: int, values: Sequence[Any] | None, key: bytes) -> str:
    if values is None:
        return FORMER_GONE
    names = _CLOSING if table is Ticket else set(COLUMNS[table]) - _FORMERLY_LEFT_OUT.get(table, frozenset())
    told = {
        name: plain(value) for name, value in _by_name(table, values).items() if name in names and value is not None
    }
    said = write_json([table.__tablename__, row_id, sorted(told.items())])
    return hmac.digest(key, said.encode(), "sha256").hex()


@dataclass(frozen=True)
class Newest:
    """The mark that holds of a row. copied: the row had it before, or it is of a form in which the program made none any more."""

    mark: str
    copied: bool


def _newest_marks(db: Session, window: Window) -> dict[int, Newest]:
    """The mark that holds of each row: the last one in the order in which they were made."""
    wanted = (
        select(RowSeal.row_id, RowSeal.id, RowSeal.digest)
        .where(RowSeal.log_of == window.table.__tablename__, RowSeal.row_id.between(window.first, window.last))
        .order_by(RowSeal.row_id, RowSeal.id)
    )
    found: dict[int, Newest] = {}
    for row_id, marks in groupby(db.execute(wanted), key=lambda row: row.row_id):
        *before, newest = marks
        new = newest.digest.startswith(FORM)
        copied = any(one.digest == newest.digest for one in before) if new else newest.id > window.since
        found[row_id] = Newest(newest.digest, copied)
    return found


def _living(db: Session, window: Window) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Every row as the database has it now, whatever this session remembers; one that cannot be read says nothing."""
    table, columns = window.table.__table__, [window.table.__table__.c[name] for name in COLUMNS[window.table]]
    dialect = db.get_bind().dialect
    wanted = select(table.c.id, *map(as_stored, columns))
    for number, row in rows_by_number(db, wanted, table.c.id, window.first, window.last):
        stored = row[1:] if row else [None] * len(columns)
        yield number, tuple(told(column, one, dialect) for column, one in zip(columns, stored, strict=True))


def _told_whole(state: ORMExecuteState, table: type[Base]) -> list[tuple[Any, tuple[Any, ...]]] | None:
    """What new rows say, from what is written into them; None where the database itself adds to it, or gives the numbers."""
    given: Any = state.parameters or {}
    rows: list[Mapping[str, Any]] = given if isinstance(given, list) else [given]
    columns, called = table.__table__.c, _CALLED[table]
    unsaid = [name for name in COLUMNS[table] if name not in rows[0] and called[name] not in rows[0]]
    if "id" in unsaid or not all(columns[name].default is None or columns[name].default.is_scalar for name in unsaid):
        return None
    whole = [{name: _or_default(None, columns[name]) for name in unsaid} | dict(row) for row in rows]
    told = [tuple(row[name] if name in row else row[called[name]] for name in COLUMNS[table]) for row in whole]
    at = COLUMNS[table].index("id")
    return [
        ((table, values[at]), values) for values in told if table is not Ticket or _is_closed(_by_name(Ticket, values))
    ]


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
    """Whether the flush changed anything that is marked. Of a ticket all is marked from its closing on."""
    state, names = inspect(row), tuple(_CALLED[type(row)].values())
    if isinstance(row, Ticket) and not _is_closed(vars(row)):
        if state.pending:
            return False
        names = _CLOSES
    return state.pending or any(state.attrs[name].history.has_changes() for name in names)


def _is_closed(told: Mapping[str, Any]) -> bool:
    return any(told.get(name) for name in _CLOSES)


def _by_name(table: type[Base], values: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(COLUMNS[table], values, strict=True))


def _said(row: Base) -> tuple[Any, ...]:
    """What a row just written says; a plain default that nobody named is what the database has."""
    table, called = type(row).__table__, _CALLED[type(row)]
    return tuple(_or_default(getattr(row, called[name]), table.c[name]) for name in COLUMNS[type(row)])


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
    return {"at": now, "log_of": table.__tablename__, "row_id": row_id, "digest": digest(table, row_id, values, key)}


def plain(value: Any) -> Any:
    """The same for what was written and what is read back, on both engines."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict | list | tuple):
        return json.dumps(json.loads(write_json(value)), sort_keys=True)
    return value
