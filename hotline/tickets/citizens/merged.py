"""Who stands behind a ticket: its own citizen, and those whose tickets were merged into it; each keeps their own survey.

When the ticket's own citizen withdraws, the others stay: the ticket lives on for them, and its own citizen has left.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from hotline.tickets.names import ActionName
from hotline.tickets.states import SUBMITTED
from hotline.tickets.vocabulary import SCALE
from models import Citizen, Survey, Ticket


def merged_into(db: Session, ticket: Ticket) -> list[Ticket]:
    """The tickets merged into this one, the earliest first."""
    return list(
        db.scalars(select(Ticket).options(joinedload(Ticket.citizen)).where(_is_behind(ticket)).order_by(Ticket.id))
    )


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
    theirs = (
        or_(Ticket.citizen_id.is_(None), Ticket.citizen_id != ticket.citizen_id)
        if ticket.citizen_id
        else Ticket.id.is_not(None)
    )
    return db.scalar(select(Ticket.id).where(_is_behind(ticket), theirs).limit(1)) is not None


def withdrawal(db: Session, ticket: Ticket) -> ActionName:
    """The action by which this ticket's own citizen withdraws."""
    return ActionName.LEAVE if others_stay(db, ticket) else ActionName.WITHDRAW


def same_citizen_behind(db: Session, own: Ticket) -> int | None:
    """Another ticket of this citizen that is merged into the same master, or into this one."""
    if own.citizen_id is None:
        return None
    return db.scalar(
        select(Ticket.id)
        .where(
            Ticket.merged_into_id == (own.merged_into_id or own.id),
            Ticket.state == "merged",
            Ticket.citizen_id == own.citizen_id,
            Ticket.id != own.id,
        )
        .order_by(Ticket.id)
        .limit(1)
    )


def still_handled_for(db: Session, citizen_id: int, moved_since: datetime) -> Ticket | None:
    """The newest ticket this citizen knows that is still handled."""
    return next(iter(all_handled_for(db, citizen_id, moved_since)), None)


def all_handled_for(db: Session, citizen_id: int, moved_since: datetime, most: int = 20) -> list[Ticket]:
    """The tickets this citizen knows that are still handled, the newest first: a merged one as long as its master is.

    One of their own that has not moved for long is no longer what they write about; who left has no ticket any more.
    """
    master, under_way = aliased(Ticket), [state.value for state in SUBMITTED]
    alone = Ticket.state.in_(under_way) & Ticket.left_at.is_(None) & (Ticket.moved_at > moved_since)
    merged = (Ticket.state == "merged") & master.state.in_(under_way)
    return list(
        db.scalars(
            select(Ticket)
            .options(joinedload(Ticket.text))
            .outerjoin(master, master.id == Ticket.merged_into_id)
            .where(Ticket.citizen_id == citizen_id, or_(alone, merged))
            .order_by(Ticket.id.desc())
            .limit(most)
        )
    )


def survey_of_own(db: Session, ticket: Ticket, own: Ticket) -> Survey | None:
    """The question of this round to the citizen who knows `own`; one citizen with several merged tickets has one question."""
    same = Survey.own_id == own.id
    if own.citizen_id is not None:
        same = or_(same, Survey.citizen_id == own.citizen_id)
    return db.scalar(
        select(Survey)
        .where(Survey.ticket_id == ticket.id, Survey.round == ticket.round, same)
        .order_by(Survey.id)
        .limit(1)
    )


def new_survey(db: Session, ticket: Ticket, own: Ticket, now: datetime, asked_by: str) -> Survey:
    """The question of this round to the citizen who knows `own`. asked_by: sms or phone."""
    survey = Survey(
        ticket_id=ticket.id,
        own_id=own.id,
        citizen_id=own.citizen_id,
        round=ticket.round,
        unit_code=ticket.unit_code,
        asked_at=now,
        asked_by=asked_by,
        scale=dict(SCALE),
        attempts=0,
    )
    db.add(survey)
    db.flush()
    return survey


def unanswered(ticket: Ticket) -> ColumnElement[bool]:
    """Questions of this round that still wait for their citizen."""
    asked: ColumnElement[bool] = (Survey.ticket_id == ticket.id) & (Survey.round == ticket.round)
    return asked & Survey.answered_at.is_(None) & (Survey.outcome == "asked")


def awaits_judgement(ticket: Ticket) -> ColumnElement[bool]:
    """Answers of this round that no clock may pass over: half solved, or words that a person must read."""
    asked: ColumnElement[bool] = (Survey.ticket_id == ticket.id) & (Survey.round == ticket.round)
    return asked & Survey.outcome.in_(("partly", "in_doubt"))


def unread(ticket: Ticket) -> ColumnElement[bool]:
    """Questions of this round to which words came that nobody has read yet."""
    asked: ColumnElement[bool] = (Survey.ticket_id == ticket.id) & (Survey.round == ticket.round)
    return asked & (Survey.outcome == "in_doubt")


def everybody_answered(db: Session, ticket: Ticket) -> bool:
    """Somebody has answered in this round, and nobody has time left."""
    if ticket.state != "to_follow_up":
        return False
    answered = select(Survey.id).where(
        Survey.ticket_id == ticket.id, Survey.round == ticket.round, Survey.answered_at.is_not(None)
    )
    waiting = select(Survey.id).where(unanswered(ticket) | awaits_judgement(ticket))
    return db.scalar(answered.limit(1)) is not None and db.scalar(waiting.limit(1)) is None


def _is_behind(ticket: Ticket) -> ColumnElement[bool]:
    return (Ticket.merged_into_id == ticket.id) & (Ticket.state == "merged")
