"""New rows, as many as there are, in one statement a table.

On SQLite the statement carries all of their values: the sqlite3 module lets go of the interpreter once for every row of an
executemany, and a busy server then spends more on handing it from thread to thread than on writing. PostgreSQL is given
them as one JSON text: the statement is always the same one, is parsed once, and the table itself says what its columns are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Any, cast

from sqlalchemy import JSON, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict

from models.db import Base, write_json

MOST_VALUES = 30_000
"""SQLite takes 32,766 values in one statement."""


def insert_new(db: Session, rows: Sequence[Base]) -> None:
    """Write new rows of one table; where the database gives the ids, the rows receive them.

    Their foreign keys must be set: nothing is left for the unit of work to find out, whose bookkeeping costs a busy intake
    more than the writing itself.
    """
    if not rows:
        return
    table = cast(Table, type(rows[0]).__table__)
    key, blank = _key_and_blank(table)
    held = [instance_dict(row) for row in rows]
    for values in held:
        values.update({name: value for name, value in blank.items() if name not in values})
    if key in held[0]:
        _write(db, table, (key, *blank), held)
        return
    for values, given_id in zip(held, _write(db, table, tuple(blank), held), strict=True):
        values[key] = given_id


def as_loaded(db: Session, rows: Sequence[Base]) -> None:
    """What `insert_new` wrote is from now on in the session, as if it had been loaded."""
    for row in rows:
        make_transient_to_detached(row)
    db.add_all(rows)


def insert_once(db: Session, table: type[Base], unique: list[str], **values: Any) -> int | None:
    """Insert a row unless one with the same `unique` columns exists; its id, or None when it did exist.

    Of two transactions at once the second waits for the first to end: it is then told None, or wins if the first gave up.
    """
    dialect: Any = sqlite if _on_sqlite(db) else postgresql
    insert = dialect.insert(table.__table__).values(**values).on_conflict_do_nothing(index_elements=unique)
    return db.scalar(insert.returning(table.__table__.c.id))


def insert_all_once(db: Session, table: type[Base], unique: list[str], rows: Sequence[dict[str, Any]]) -> list[int]:
    """As `insert_once` for several rows with the same columns, of which there is at least one: the ids of the new ones, in no order."""
    return _write(db, cast(Table, table.__table__), tuple(rows[0]), rows, tuple(unique))


def insert_sqlite(
    db: Session, table: str, columns: tuple[str, ...], rows: Sequence[Sequence[Any]], unless: tuple[str, ...] = ()
) -> list[int]:
    """Write rows of values as SQLite stores them; the row numbers given, which its one writer counts up row by row.

    unless: the columns of a unique index; a row that has them like another is left out.
    """
    numbers: list[int] = []
    for part in _parts(rows, MOST_VALUES // len(columns)):
        statement = _sqlite_statement(table, columns, len(part), unless)
        done = db.connection().exec_driver_sql(statement, tuple(chain.from_iterable(part)))
        numbers += range(done.lastrowid - done.rowcount + 1, done.lastrowid + 1)
    return numbers


def _write(
    db: Session, table: Table, names: tuple[str, ...], rows: Sequence[dict[str, Any]], unless: tuple[str, ...] = ()
) -> list[int]:
    """The ids of the new rows, in their order where the database gives them."""
    columns = [(name, _writer(table, name, db.get_bind().dialect)) for name in names]
    stored = [[row[name] if write is None else write(row[name]) for name, write in columns] for row in rows]
    if _on_sqlite(db):
        return insert_sqlite(db, table.name, names, stored, unless)
    told = write_json([dict(zip(names, values, strict=True)) for values in stored])
    return sorted(db.connection().exec_driver_sql(_postgres_statement(table, names, unless), (told,)).scalars())


@cache
def _writer(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    """How a value of this column is stored; None: as it is, or as it is part of a JSON text."""
    kind = table.c[name].type.dialect_impl(dialect)
    if dialect.name == "postgresql" and isinstance(kind, JSON):
        return None
    return cast("Callable[[Any], Any] | None", kind.bind_processor(dialect))


@cache
def _postgres_statement(table: Table, names: tuple[str, ...], unless: tuple[str, ...]) -> str:
    """The rows are read in their order, so that the sequence numbers them in it."""
    key, *_more = table.primary_key
    conflict = f" ON CONFLICT ({_quoted(unless)}) DO NOTHING" if unless else ""
    given = f'json_populate_recordset(NULL::"{table.name}", %s) WITH ORDINALITY'
    return (
        f'INSERT INTO "{table.name}" ({_quoted(names)}) SELECT {_quoted(names)} FROM {given} '
        f'ORDER BY "ordinality"{conflict} RETURNING "{key.name}"'
    )


def _parts(rows: Sequence[Sequence[Any]], size: int) -> list[Sequence[Sequence[Any]]]:
    return [rows[i : i + size] for i in range(0, len(rows), size)]


@lru_cache(maxsize=512)
def _sqlite_statement(table: str, columns: tuple[str, ...], rows: int, unless: tuple[str, ...]) -> str:
    one = f"({', '.join('?' * len(columns))})"
    conflict = f" ON CONFLICT ({_quoted(unless)}) DO NOTHING" if unless else ""
    return f"INSERT INTO {table} ({_quoted(columns)}) VALUES {', '.join([one] * rows)}{conflict}"


def _quoted(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


@cache
def _key_and_blank(table: Table) -> tuple[str, dict[str, Any]]:
    """The primary key's name, and what each other column of a new row holds when nothing was said."""
    (key,) = (column.key for column in table.primary_key)
    return key, {
        column.key: getattr(column.default, "arg", None)
        if column.default is not None and column.default.is_scalar
        else None
        for column in table.columns
        if column.key != key
    }


def _on_sqlite(db: Session) -> bool:
    return db.get_bind().dialect.name == "sqlite"
