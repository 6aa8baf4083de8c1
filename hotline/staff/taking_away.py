"""How much of people's data one person takes away alone: what is more than a day's measure waits for a second person's word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.i18n import _
from hotline.staff import changes
from hotline.tickets.privacy import audit
from hotline.tickets.roles import Actor
from models import Audit, Staff
from models.store.hidden import ring_of

DEEDS = ("export", "import_rejects", "nuisance_clues")
"""Of the book: every way in which many people's data leave the hotline as a file. Each row holds how many were taken alone."""


@dataclass(frozen=True)
class Take:
    """A list that somebody wants as a file. what: the list itself, told exactly. words: the same for who decides."""

    what: str
    words: str
    reason: str
    rows: int


def taken_alone(db: Session, actor: Actor, now: datetime) -> int:
    """Rows that this person took away within a day without a second person: a long list in short pieces is a long list."""
    audit.alone(db, actor)
    lately = (Audit.action.in_(DEEDS), Audit.actor_id == actor.id, Audit.at > now - timedelta(days=1))
    return sum(int(detail.get("alone", 0)) for detail in db.scalars(select(Audit.detail).where(*lately)))


def counted(db: Session, actor: Actor, take: Take, most: int, now: datetime, address: str) -> int | None:
    """How many rows count as taken alone; None: not now, a second person was asked. What they agree to is taken once."""
    if take.rows + taken_alone(db, actor, now) <= most:
        return take.rows
    digest = ring_of(db.get_bind()).code("take", take.what).hex()
    staff = db.get_one(Staff, actor.id)
    if changes.may_export(db, staff.id, digest, now):
        return 0
    changes.ask_export(
        db, staff, actor, now, address, digest=digest, words=take.words[:120], reason=take.reason[:120], rows=f">{most}"
    )
    return None


def waits(most: int) -> str:
    """What whoever wanted it is told."""
    return _(
        "一天内超过 %(n)s 张的导出须由安全审计员或热线领导批准；批准后您会收到通知，一天内再导出一次即可。", n=most
    )
