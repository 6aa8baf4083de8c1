"""What the city brings along is put where people keep their ready words, once: what they change stays as they changed it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.ready.schema import MacroRow, ReadyFile, Word
from models import Macro, ReadyWord

BY = "城市资料"


def seed_ready(session: Session, ready: ReadyFile, now: datetime) -> int:
    """How many were new, the first of the file as the newest; never commits."""
    return _seed(session, ReadyWord, ready.words, lambda one: {"body": one.body}, now) + _seed(
        session, Macro, ready.macros, lambda one: {"steps": _plain(one)}, now
    )


def _seed(
    session: Session,
    table: type[ReadyWord] | type[Macro],
    rows: Iterable[Any],
    says: Callable[[Any], dict[str, Any]],
    now: datetime,
) -> int:
    known = set(session.scalars(select(table.code).where(table.code.is_not(None))))
    fresh: list[Word | MacroRow] = [one for one in rows if one.code not in known]
    session.add_all(
        table(code=one.code, desk=one.desk, title=one.title, changed_at=now, changed_by_name=BY, **says(one))
        for one in reversed(fresh)
    )
    session.flush()
    return len(fresh)


def _plain(macro: MacroRow) -> list[dict[str, Any]]:
    return [{"action": action, "answers": dict(answers)} for action, answers in macro.steps]
