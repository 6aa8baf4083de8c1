"""Rows that may be there already: insert what is new, and be told which that was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.db import Base


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
