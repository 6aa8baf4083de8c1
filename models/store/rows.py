"""Many new rows in one statement a table, and rows that may be there already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.store.db import Base


def insert_new(db: Session, rows: Sequence[Base]) -> None:
    """Write new rows of one table in one statement; where the database gives the ids, the rows receive them.

    They are not in the session: its bookkeeping, row by row, costs a busy intake as much again as the writing. Their
    foreign keys must be set.
    """
    if not rows:
        return
    table = cast(Table, type(rows[0]).__table__)
    (key,) = table.primary_key
    said = [name for name in table.columns.keys() if any(name in vars(row) for row in rows)]  # noqa: SIM118
    values = [{name: getattr(row, name) for name in said} for row in rows]
    numbers = db.scalars(insert(table).returning(key, sort_by_parameter_order=True), values)
    for row, number in zip(rows, numbers, strict=True):
        setattr(row, key.key, number)


def insert_once(db: Session, table: type[Base], unique: list[str], **values: Any) -> int | None:
    """Insert a row unless one with the same `unique` columns exists; its id, or None when it did exist.

    Of two transactions at once the second waits for the first to end: it is then told None, or wins if the first gave up.
    """
    return next(iter(insert_all_once(db, table, unique, [values])), None)


def insert_all_once(db: Session, table: type[Base], unique: list[str], rows: Sequence[dict[str, Any]]) -> list[int]:
    """As `insert_once` for several rows with the same columns: the ids of the new ones, in no order."""
    if not rows:
        return []
    dialect: Any = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    key, *_more = table.__table__.primary_key
    statement = dialect.insert(table.__table__).on_conflict_do_nothing(index_elements=unique).returning(key)
    return list(db.scalars(statement, rows))
