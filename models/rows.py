"""New rows, as many as there are, in one statement a table.

On SQLite the statement carries all of their values: the sqlite3 module lets go of the interpreter once for every row of an
executemany, and a busy server then spends more on handing it from thread to thread than on writing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Any, cast

from sqlalchemy import Dialect, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict

from models.db import Base

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
    for values, given_id in zip(held, _write_and_number(db, table, tuple(blank), held), strict=True):
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
    return db.scalar(_insert_unless(db, cast(Table, table.__table__), unique).values(**values).returning(table.__table__.c.id))


def insert_all_once(db: Session, table: type[Base], unique: list[str], rows: Sequence[dict[str, Any]]) -> list[int]:
    """As `insert_once` for several rows with the same columns: the ids of those that were new, in no order."""
    made = cast(Table, table.__table__)
    if _on_sqlite(db):
        return insert_sqlite(db, made.name, tuple(rows[0]), _stored(db, made, tuple(rows[0]), rows), unless=tuple(unique))
    return list(db.scalars(_insert_unless(db, made, unique).returning(next(iter(made.primary_key))), rows))


def insert_sqlite(db: Session, table: str, columns: tuple[str, ...], rows: Sequence[Sequence[Any]],
                  unless: tuple[str, ...] = ()) -> list[int]:
    """Write rows of values as SQLite stores them; the row numbers given, which its one writer counts up row by row.

    unless: the columns of a unique index; a row that has them like another is left out.
    """
    numbers: list[int] = []
    for part in _parts(rows, MOST_VALUES // len(columns)):
        statement = _sqlite_statement(table, columns, len(part), unless)
        done = db.connection().exec_driver_sql(statement, tuple(chain.from_iterable(part)))
        numbers += range(done.lastrowid - done.rowcount + 1, done.lastrowid + 1)
    return numbers


def _write(db: Session, table: Table, names: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> None:
    if _on_sqlite(db):
        insert_sqlite(db, table.name, names, _stored(db, table, names, rows))
    else:
        db.connection().execute(insert(table), [{name: row[name] for name in names} for row in rows])


def _write_and_number(db: Session, table: Table, names: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> list[int]:
    """The ids the database gave, in the order of the rows."""
    if _on_sqlite(db):
        return insert_sqlite(db, table.name, names, _stored(db, table, names, rows))
    (key,) = table.primary_key
    statement = insert(table).returning(key, sort_by_parameter_order=True)
    return list(db.connection().execute(statement, [{name: row[name] for name in names} for row in rows]).scalars())


def _stored(db: Session, table: Table, names: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """The values as the columns' types store them."""
    columns = [(name, _writer(table, name, db.get_bind().dialect)) for name in names]
    return [[row[name] if write is None else write(row[name]) for name, write in columns] for row in rows]


@cache
def _writer(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    """How a value of this column is stored; None: as it is."""
    return cast("Callable[[Any], Any] | None", table.c[name].type.dialect_impl(dialect).bind_processor(dialect))


def _parts(rows: Sequence[Sequence[Any]], size: int) -> list[Sequence[Sequence[Any]]]:
    return [rows[i:i + size] for i in range(0, len(rows), size)]


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
    return key, {column.key: getattr(column.default, "arg", None) if column.default is not None and column.default.is_scalar else None
                 for column in table.columns if column.key != key}


def _insert_unless(db: Session, table: Table, unique: list[str]) -> Any:
    dialect: Any = sqlite if _on_sqlite(db) else postgresql
    return dialect.insert(table).on_conflict_do_nothing(index_elements=unique)


def _on_sqlite(db: Session) -> bool:
    return db.get_bind().dialect.name == "sqlite"
