"""Many new rows of a table at once, and rows that may be there already."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Table, func, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.store.append_only import LOGS
from models.store.db import Base


def insert_new(db: Session, rows: Sequence[Base]) -> None:
    """Write new rows of one table; those without a number receive the next ones.

    They are not in the session: its bookkeeping, row by row, costs a busy intake as much again as the writing. Their
    foreign keys must be set. The numbers are drawn first, so that one short statement is prepared once and takes every
    row, however many come together.
    """
    if not rows:
        return
    table = cast(Table, type(rows[0]).__table__)
    (key,) = table.primary_key
    nameless = [row for row in rows if getattr(row, key.key) is None]
    for row, number in zip(nameless, next_numbers(db, table, len(nameless)), strict=True):
        setattr(row, key.key, number)
    said = [name for name in table.columns.keys() if any(name in vars(row) for row in rows)]  # noqa: SIM118
    db.execute(insert(table), [{name: getattr(row, name) for name in said} for row in rows])


def insert_numbered(db: Session, kind: type[Base], rows: Sequence[dict[str, Any]]) -> Sequence[int]:
    """The same for rows that nobody keeps as objects; returns their numbers, in order."""
    table = cast(Table, kind.__table__)
    (key,) = table.primary_key
    numbers = next_numbers(db, table, len(rows))
    if rows:
        db.execute(insert(table), [{key.name: number, **row} for number, row in zip(numbers, rows, strict=True)])
    return numbers


def add_numbered(db: Session, row: Base) -> None:
    """Add a row that is asked for its number at once and may be written later; SQLite gives numbers only to what is written.

    The number is drawn as it is used, so that of the rows of several processes the later one has the higher.
    """
    table = cast(Table, type(row).__table__)
    (key,) = table.primary_key
    if db.get_bind().dialect.name == "postgresql":
        (number,) = _drawn(db, table, 1)
        setattr(row, key.key, number)
    db.add(row)
    if getattr(row, key.key) is None:
        db.flush()


def next_numbers(db: Session, table: Table, wanted: int) -> Sequence[int]:
    """Numbers for rows to be. On SQLite the writer is alone and they follow the largest, so they must be used before more are
    asked for; PostgreSQL gives them from the table's sequence, in blocks kept in the process: it never takes one back.

    A log's numbers tell its order, and are drawn as they are used.
    """
    if not wanted:
        return []
    (key,) = table.primary_key
    bind = db.get_bind()
    if bind.dialect.name != "postgresql":
        last = db.scalar(select(func.max(key))) or 0
        return range(last + 1, last + 1 + wanted)
    if table.name in LOGS:
        return _drawn(db, table, wanted)
    with _lock:
        block = _reserved.setdefault(bind.engine, {}).setdefault(table.name, [])
        if len(block) < wanted:
            block += _drawn(db, table, max(BLOCK, wanted))
        taken, block[:] = block[:wanted], block[wanted:]
        return taken


def _drawn(db: Session, table: Table, wanted: int) -> Sequence[int]:
    (key,) = table.primary_key
    return db.scalars(_DRAWN, {"table": table.name, "key": key.name, "wanted": wanted}).all()


BLOCK = 40
_DRAWN = text("SELECT nextval(pg_get_serial_sequence(:table, :key)) FROM generate_series(1, :wanted)")
_lock = threading.Lock()
_reserved: WeakKeyDictionary[Engine, dict[str, list[int]]] = WeakKeyDictionary()


def insert_once(db: Session, table: type[Base], unique: list[str], **values: Any) -> int | None:
    """Insert a row unless one with the same `unique` columns exists; its id, or None when it did exist.

    Of two transactions at once the second waits for the first to end: it is then told None, or wins if the first gave up.
    """
    return next(iter(insert_all_once(db, table, unique, [values])), None)


def insert_all_once(db: Session, table: type[Base], unique: list[str], rows: Sequence[dict[str, Any]]) -> list[int]:
    """As `insert_once` for several rows with the same columns: the ids of the new ones, in no order."""
    key, *_more = table.__table__.primary_key
    return [number for (number,) in _made(db, table, unique, rows, key)]


def insert_signs_once(db: Session, table: type[Base], sign: str, rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """The same for rows that one column tells apart: the ids of the new ones by what it says."""
    key, *_more = table.__table__.primary_key
    return {told: number for number, told in _made(db, table, [sign], rows, key, table.__table__.c[sign])}


def _made(
    db: Session, table: type[Base], unique: list[str], rows: Sequence[dict[str, Any]], *told: Any
) -> Sequence[Any]:
    if not rows:
        return []
    statement = _dialect(db).insert(table.__table__).on_conflict_do_nothing(index_elements=unique).returning(*told)
    return db.execute(statement, rows).all()


def add_up(
    db: Session, table: type[Base], row: Mapping[str, Any], added: Mapping[str, float], said: Mapping[str, Any]
) -> None:
    """Add to the counters of the one row with these unique values, which is made when it is missing, and write what else is said."""
    columns, dialect = table.__table__.c, _dialect(db)
    statement = dialect.insert(table.__table__).values({**row, **added, **said})
    sums = {name: columns[name] + statement.excluded[name] for name in added}
    db.execute(statement.on_conflict_do_update(index_elements=list(row), set_={**sums, **said}))


def _dialect(db: Session) -> Any:
    return sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
