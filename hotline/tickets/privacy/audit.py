"""The book of sensitive actions: who did what to whose data, and when. Its rows stand under the chain of seals (`seals.chain`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from hotline.tickets.roles import Actor
from models import ApiToken, Audit, Staff

WORDS = frozenset({"reason", "why", "words"})
"""What a person wrote freely beside a deed."""


def record(
    db: Session,
    action: str,
    actor: Actor | None,
    now: datetime,
    *,
    ticket_id: int | None = None,
    subject: str | None = None,
    address: str | None = None,
    **detail: Any,
) -> None:
    """Write one action into the book. detail must not hold the very data that was revealed.

    What a person wrote freely is starred, whoever wrote it: the rows of the book are never changed again.
    """
    db.add(
        Audit(
            at=now,
            action=action,
            actor_kind=actor.kind if actor else "unknown",
            actor_id=actor.id if actor else None,
            actor_name=actor.name if actor else "-",
            ticket_id=ticket_id,
            subject=subject,
            address=address,
            detail={name: _kept(name, value) for name, value in detail.items()},
        )
    )


def _kept(name: str, value: Any) -> Any:
    return mask(value) if name in WORDS and isinstance(value, str) else value


def alone(db: Session, actor: Actor) -> None:
    """Until the end of this transaction nobody else does a counted deed as this person or machine: of many windows that ask at
    once each is counted before the next one asks. (SQLite has one writer anyway.)"""
    machine = actor.kind == "machine"
    one = select(ApiToken.id).where(ApiToken.name == actor.name) if machine else select(Staff.id).filter_by(id=actor.id)
    db.execute(one.with_for_update(key_share=True))


def lately(db: Session, action: str, actor: Actor, since: datetime, **where: Any) -> Audit | None:
    """The newest row of this person's deed since then: what it showed may stand on the screen once more without a row of its own."""
    mine = select(Audit).filter_by(action=action, actor_kind=actor.kind, actor_id=actor.id, **where)
    return db.scalars(mine.where(Audit.at >= since).order_by(Audit.id.desc()).limit(1)).first()
