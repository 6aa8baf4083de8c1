"""What ready words and macros have in common: whose they are, which are offered, and that of two changes the second is told."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from hotline.errors import NotFound, OutOfTurn
from hotline.i18n import _
from hotline.ready import rights
from hotline.ready.history import note
from hotline.tickets.roles import Actor
from models import Macro, ReadyWord
from models.store.db import changed

Kept = ReadyWord | Macro
One = TypeVar("One", ReadyWord, Macro)
KINDS: dict[type[Kept], str] = {ReadyWord: "word", Macro: "macro"}


def keep(db: Session, actor: Actor, one: Kept, now: datetime) -> None:
    """A new one, into the table and its history. Raises NotAllowed."""
    rights.need_keeper(actor, one)
    one.changed_at, one.changed_by_name = now, actor.name
    db.add(one)
    db.flush()
    _note(db, actor, one, "written", now)


def change(db: Session, actor: Actor, one: Kept, now: datetime, seen: int, **values: Any) -> None:
    """seen: the version that was changed. Raises NotAllowed, and OutOfTurn when somebody else changed it meanwhile."""
    _turn(db, actor, one, now, seen, **values)
    _note(db, actor, one, "changed", now)


def retire(db: Session, actor: Actor, one: Kept, now: datetime, seen: int) -> None:
    """Offered no more; it can be brought back."""
    _turn(db, actor, one, now, seen, retired_at=now)
    _note(db, actor, one, "retired", now)


def restore(db: Session, actor: Actor, one: Kept, now: datetime, seen: int) -> None:
    _turn(db, actor, one, now, seen, retired_at=None)
    _note(db, actor, one, "restored", now)


def found(db: Session, table: type[One], actor: Actor, number: int) -> One:
    """Raises NotFound, for another's own too."""
    one = db.get(table, number)
    if one is None or one.owner_id not in (None, actor.id):
        raise NotFound(_("没有这一条，或者它是别人自己的。"))
    return one


def listed(table: type[One], actor: Actor, tab: str, desk: str = "") -> Select[One]:
    """Those of a tab: one's own, everybody's, or those that are offered no more."""
    query = select(table).where(rights.usable(table.owner_id, actor))
    if tab == "retired":
        query = query.where(table.retired_at.is_not(None))
    else:
        mine = table.owner_id.is_not(None) if tab == "mine" else table.owner_id.is_(None)
        query = query.where(table.retired_at.is_(None), mine)
    return query.where(table.desk == desk) if desk else query


def offered(db: Session, table: type[One], actor: Actor, desk: str) -> list[One]:
    """All that this person may use: those of the desk first, one's own before everybody's, the most used first."""
    usable = select(table).where(rights.usable(table.owner_id, actor), table.retired_at.is_(None))
    return sorted(db.scalars(usable), key=lambda one: (_rank(one, desk), one.owner_id is None, -one.uses, -one.id))


def note_use(db: Session, one: Kept, now: datetime) -> None:
    table = type(one)
    used = update(table).where(table.id == one.id).values(uses=table.uses + 1, last_used_at=now)
    db.execute(used.execution_options(synchronize_session=False))


def said(one: Kept) -> str:
    """What it says, for the history."""
    return one.body if isinstance(one, ReadyWord) else json.dumps(one.steps, ensure_ascii=False)


def _rank(one: Kept, desk: str) -> int:
    return 0 if one.desk == desk else 1 if not one.desk else 2


def _turn(db: Session, actor: Actor, one: Kept, now: datetime, seen: int, **values: Any) -> None:
    """The database names the winner of two who change the same one."""
    rights.need_keeper(actor, one)
    table = type(one)
    values |= {"version": seen + 1, "changed_at": now, "changed_by_name": actor.name}
    if not changed(db, update(table).where(table.id == one.id, table.version == seen).values(**values)):
        raise OutOfTurn(_("别人刚刚改过这一条，请再看一眼，您填写的内容还在。"), code="overtaken")
    db.refresh(one)


def _note(db: Session, actor: Actor, one: Kept, deed: str, now: datetime) -> None:
    note(db, actor, one, KINDS[type(one)], said(one), deed, now)
