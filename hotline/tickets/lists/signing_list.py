"""The replies that wait for somebody's yes: the leader's where they must be signed, the lead unit's where a sub-unit wrote them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.reply_rules.signing import SIGN_OFF
from hotline.tickets.roles import UNIT_ROLES, Actor
from models import Petition, Ticket


def waiting(actor: Actor) -> Any:
    """(petition, ticket) that this person may decide, the nearest deadline first."""
    return (
        select(Petition, Ticket)
        .join(Ticket, Ticket.id == Petition.ticket_id)
        .where(Petition.kind == SIGN_OFF, Petition.state == "asked", _mine(actor), visible_to(actor))
        .order_by(Ticket.due_at, Petition.id)
    )


def count(db: Session, actor: Actor) -> int:
    inner = waiting(actor).with_only_columns(Petition.id).order_by(None).limit(100).subquery()
    return db.scalar(select(func.count()).select_from(inner)) or 0


def _mine(actor: Actor) -> ColumnElement[bool]:
    """`signing.may_pass_on` as a condition."""
    if not actor.is_(*UNIT_ROLES):
        return false()
    serious = or_(Ticket.urgency != "normal", Ticket.round > 1, Ticket.supervised.is_(True))
    another = or_(Petition.asked_by_id.is_(None), Petition.asked_by_id != actor.id)
    return and_(
        another,
        or_(and_(serious, Ticket.unit_code.in_(actor.signs)), and_(~serious, Ticket.unit_code.in_(actor.units))),
    )
