"""Which marks are in force, and what they do: a calm notice, and a place behind the others – never when somebody may be in danger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from models import Call, NuisanceMark, Ticket
from models.tickets.ticket import CLOSED_STATES

LATELY = timedelta(hours=24)
"""Who spoke of a danger so long ago at most is not put behind others, whatever became of it."""


def standing(db: Session, phone: str | None, now: datetime) -> NuisanceMark | None:
    """The mark in force on this number."""
    if not phone:
        return None
    in_force = (NuisanceMark.phone == phone, NuisanceMark.state == "standing", NuisanceMark.until_at > now)
    return db.scalars(select(NuisanceMark).where(*in_force).order_by(NuisanceMark.id.desc()).limit(1)).first()


def tells_of_danger(db: Session, phone: str | None, now: datetime) -> bool:
    """A ticket about somebody's safety came from this number lately, or is open."""
    return bool(phone) and phone in _in_danger(db, {phone or ""}, now)


def in_line(db: Session, city: City, waiting: Sequence[Call], now: datetime) -> list[Call]:
    """The waiting calls in their order: marked numbers behind the others, for some minutes at most, and not where danger was told."""
    behind = _behind(db, city, waiting, now)
    return [one for one in waiting if one.id not in behind] + [one for one in waiting if one.id in behind]


def _behind(db: Session, city: City, waiting: Sequence[Call], now: datetime) -> set[int]:
    since = now - timedelta(minutes=city.nuisance.wait_minutes)
    patient = [one for one in waiting if one.from_phone and one.started_at > since]
    marked = _marked(db, {one.from_phone for one in patient}, now)
    marked -= _in_danger(db, marked, now)
    return {one.id for one in patient if one.from_phone in marked}


def _marked(db: Session, phones: Iterable[str], now: datetime) -> set[str]:
    asked = list(phones)
    if not asked:
        return set()
    in_force = (NuisanceMark.phone.in_(asked), NuisanceMark.state == "standing", NuisanceMark.until_at > now)
    return set(db.scalars(select(NuisanceMark.phone).where(*in_force)))


def _in_danger(db: Session, phones: set[str], now: datetime) -> set[str]:
    """Numbers with a ticket about somebody's safety that is open, or that came in lately."""
    if not phones:
        return set()
    grave = or_(Ticket.safety.is_(True), Ticket.urgency == "critical", Ticket.alarm_at.is_not(None))
    recent = or_(Ticket.state.not_in(CLOSED_STATES), Ticket.created_at > now - LATELY)
    return {
        one
        for one in db.scalars(select(Ticket.contact_phone).where(Ticket.contact_phone.in_(phones), grave, recent))
        if one
    }
