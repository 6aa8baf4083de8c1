"""Ratings that our own people may have given: counted as given, for they are citizens too, and told to the supervisors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.staff.notices import tell_role
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import Actor, Role
from models import Staff, Survey, Ticket
from webhooks.numbers import read_phone

TELEPHONE = "telephone"


def asked_by_telephone(db: Session, survey: Survey) -> bool:
    """The question went to a telephone that one of our people is reached by."""
    asked = read_phone(db.get_one(Ticket, survey.own_id).contact_phone or "").number
    if not asked:
        return False
    theirs = db.scalars(select(Staff.phone).where(Staff.active.is_(True), Staff.phone.is_not(None)))
    return any(read_phone(one or "").number == asked for one in theirs)


def tell_of(
    db: Session, survey: Survey, why: str, now: datetime, *, who: Actor | None = None, address: str | None = None
) -> None:
    """The book and the supervisors know of it."""
    of = survey.ticket_id
    record(db, "rating_flagged", who, now, ticket_id=of, address=address, why=why, survey_id=survey.id)
    tell_role(
        db, Role.SUPERVISOR, "rating_flagged", now, ticket_id=of, number=db.get_one(Ticket, survey.ticket_id).number
    )
