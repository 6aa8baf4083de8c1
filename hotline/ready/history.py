"""What each ready word said before, and by whom it was changed; of what is everybody's the book tells as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.i18n import N_
from hotline.tickets.privacy import audit
from hotline.tickets.roles import Actor
from models import ReadyChange

DEEDS = {"written": N_("写下"), "changed": N_("修改"), "retired": N_("停用"), "restored": N_("恢复")}


class Kept(Protocol):
    """What has a history."""

    id: int
    owner_id: int | None
    version: int
    desk: str
    title: str


def note(db: Session, actor: Actor, one: Kept, kind: str, said: str, deed: str, now: datetime) -> None:
    """Write down what it says from now on."""
    db.add(
        ReadyChange(
            kind=kind,
            of_id=one.id,
            version=one.version,
            at=now,
            by_id=actor.id,
            by_name=actor.name,
            deed=deed,
            desk=one.desk,
            title=one.title,
            said=said,
        )
    )
    if one.owner_id is None:
        audit.record(db, "ready_changed", actor, now, subject=one.title, kind=kind, of=one.id, deed=deed)


def history(db: Session, kind: str, of_id: int, most: int = 50) -> Sequence[ReadyChange]:
    """The newest first."""
    own = (ReadyChange.kind == kind, ReadyChange.of_id == of_id)
    return db.scalars(select(ReadyChange).where(*own).order_by(ReadyChange.id.desc()).limit(most)).all()
