"""The replies that wait for somebody's yes: the leader's where they must be signed, the lead unit's where a sub-unit wrote them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.reply_rules.signers import SIGN_OFF
from hotline.tickets.roles import UNIT_ROLES, Actor
from models import Petition, Ticket


def waiting(actor: Actor) -> Any:
    """(petition, ticket) for people like this one to decide, the nearest deadline first; own replies stand among them, without a key."""
    return (
        select(Petition, Ticket)
        .join(Ticket, Ticket.id == Petition.ticket_id)
        .where(Petition.kind == SIGN_OFF, Petition.state == "asked", _in_place(actor), visible_to(actor))
        .order_by(Ticket.due_at, Petition.id)
    )


def count(db: Session, actor: Actor) -> int:
    """How many others' replies wait for this person."""
    another = or_(Petition.asked_by_id.is_(None), Petition.asked_by_id != actor.id)
    inner = waiting(actor).where(another).with_only_columns(Petition.id).order_by(None).limit(100).subquery()
    return db.scalar(select(func.count()).select_from(inner)) or 0


def _in_place(actor: Actor) -> ColumnElement[bool]:
    """`signing.may_pass_on` as a condition."""
    if not actor.is_(*UNIT_ROLES):
        return false()
    signs = actor.doing(f"decide:{SIGN_OFF}").signs
    serious = or_(Ticket.urgency != "normal", Ticket.round > 1, Ticket.supervised.is_(True))
    return or_(and_(serious, Ticket.unit_code.in_(signs)), and_(~serious, Ticket.unit_code.in_(actor.units)))
