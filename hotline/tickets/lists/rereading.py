"""The sample that quality control reads again: passes that one key answered, and what the second reader found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from models import Review, Staff, Ticket

PAGE = 50


@dataclass(frozen=True)
class Habit:
    """How one reviewer passes. quick: with one key for the rest; read, agreed: of the sample."""

    name: str
    passed: int
    quick: int
    read: int
    agreed: int


def waiting(db: Session, actor: Actor) -> list[tuple[Review, Ticket]]:
    """The drawn passes that nobody has read again, oldest first; never a reader's own."""
    drawn = (Review.reread.is_(True), Review.reread_at.is_(None), Review.reviewer_id.is_distinct_from(actor.id))
    rows = select(Review, Ticket).join(Ticket, Ticket.id == Review.ticket_id).where(*drawn, visible_to(actor))
    return [(review, ticket) for review, ticket in db.execute(rows.order_by(Review.id).limit(PAGE))]


def habits(db: Session, since: datetime) -> list[Habit]:
    """Each reviewer's passes since then, who passes most with one key first."""
    counted: Any = (
        select(
            Staff.name,
            func.count(Review.id),
            func.count(Review.at_once),
            func.count(Review.reread_at),
            func.count().filter(Review.reread_agrees.is_(True)),
        )
        .join(Staff, Staff.id == Review.reviewer_id)
        .where(Review.verdict == "pass", Review.at >= since)
        .group_by(Staff.id, Staff.name)
    )
    return sorted((Habit(*row) for row in db.execute(counted)), key=lambda one: -one.quick)


def read_again(db: Session, actor: Actor, review_id: int, agrees: bool, words: str, now: datetime) -> None:
    """What the second reader found; who would not have passed it says why. Raises NotFound, OutOfTurn, Refusal."""
    review = db.get(Review, review_id)
    if review is None or not review.reread or review.reviewer_id == actor.id:
        raise NotFound(_("没有这份要复核的审核。"))
    if review.reread_at is not None:
        raise OutOfTurn(_("这份审核已经复核过。"))
    if not agrees and not words.strip():
        raise Refusal(_("认为不该通过的，请写明理由。"))
    review.reread_by_id, review.reread_at = actor.id, now
    review.reread_agrees, review.reread_words = agrees, words.strip()[:500] or None
