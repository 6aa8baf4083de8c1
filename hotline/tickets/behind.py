"""Who stands behind a ticket: its own citizen, and those whose tickets were merged into it; each keeps their own survey.

When the ticket's own citizen withdraws, the others stay: the ticket lives on for them, and its own citizen has left.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from models import Citizen, Survey, Ticket


def merged_into(db: Session, ticket: Ticket) -> list[Ticket]:
    """The tickets merged into this one, the earliest first."""
    return list(db.scalars(select(Ticket).options(joinedload(Ticket.citizen)).where(_is_behind(ticket)).order_by(Ticket.id)))


def everybody_behind(db: Session, ticket: Ticket) -> list[tuple[Ticket, Citizen | None]]:
    """Every citizen once, each with the ticket they know; one who left is not among them. Anonymous ones are all different."""
    owns = [*([] if ticket.left_at else [ticket]), *merged_into(db, ticket)]
    seen: set[int] = set()
    behind = []
    for own in owns:
        if own.citizen_id not in seen:
            behind.append((own, own.citizen))
            seen |= {own.citizen_id} if own.citizen_id else set()
    return behind


def others_stay(db: Session, ticket: Ticket) -> bool:
    """Somebody else is behind this ticket than its own citizen."""
    theirs = or_(Ticket.citizen_id.is_(None), Ticket.citizen_id != ticket.citizen_id) if ticket.citizen_id else Ticket.id.is_not(None)
    return db.scalar(select(Ticket.id).where(_is_behind(ticket), theirs).limit(1)) is not None


def withdrawal(db: Session, ticket: Ticket) -> str:
    """The action by which this ticket's own citizen withdraws."""
    return "leave" if others_stay(db, ticket) else "withdraw"


def survey_of_own(db: Session, ticket: Ticket, own: Ticket) -> Survey | None:
    """The question of this round to the citizen who knows `own`; one citizen with several merged tickets has one question."""
    same = Survey.own_id == own.id
    if own.citizen_id is not None:
        same = or_(same, Survey.citizen_id == own.citizen_id)
    return db.scalar(select(Survey).where(Survey.ticket_id == ticket.id, Survey.round == ticket.round, same)
                     .order_by(Survey.id).limit(1))


def unanswered(ticket: Ticket) -> ColumnElement[bool]:
    """Questions of this round that still wait for their citizen."""
    asked: ColumnElement[bool] = (Survey.ticket_id == ticket.id) & (Survey.round == ticket.round)
    return asked & Survey.answered_at.is_(None) & (Survey.outcome == "asked")


def _is_behind(ticket: Ticket) -> ColumnElement[bool]:
    return (Ticket.merged_into_id == ticket.id) & (Ticket.state == "merged")
