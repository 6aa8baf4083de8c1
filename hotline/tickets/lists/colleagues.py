"""Who of a unit has how much in hand, who is away, and whose tickets a list shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import UNIT_ROLES, Actor
from hotline.tickets.states import WITH_UNIT
from models import Staff, Ticket

WHO = ("mine", "nobody", "away")
MOST = 60


@dataclass(frozen=True)
class Colleague:
    id: int
    name: str
    unit_code: str | None
    away: bool


@dataclass(frozen=True)
class PersonLoad:
    """n: the tickets this person has in hand."""

    name: str
    away: bool
    n: int


def is_away(staff: Staff, now: datetime) -> bool:
    return staff.away_until is not None and staff.away_until > now


def set_away(db: Session, actor: Actor, days: int, now: datetime) -> None:
    until = now + timedelta(days=days) if days else None
    db.execute(update(Staff).where(Staff.id == actor.id).values(away_until=until))


def of_units(db: Session, units: Iterable[str], now: datetime) -> list[Colleague]:
    """Those who work there, by name."""
    people = db.scalars(
        select(Staff)
        .where(Staff.unit_code.in_(sorted(units)), Staff.active.is_(True))
        .order_by(Staff.name, Staff.id)
        .limit(MOST)
    )
    return [_colleague(one, now) for one in people if UNIT_ROLES & set(one.roles)]


def named(db: Session, ids: Iterable[int | None], now: datetime) -> dict[int | None, Colleague]:
    wanted = sorted({one for one in ids if one is not None})
    if not wanted:
        return {}
    return {one.id: _colleague(one, now) for one in db.scalars(select(Staff).where(Staff.id.in_(wanted)))}


def loads(db: Session, actor: Actor, now: datetime) -> list[PersonLoad]:
    """How much each person of the actor's units has in hand, the most first; whoever has nothing is left out."""
    rows = db.execute(
        select(Staff, func.count(Ticket.id))
        .join(Ticket, Ticket.handler_id == Staff.id)
        .where(Ticket.state.in_(WITH_UNIT), Staff.unit_code.in_(sorted(actor.units)), visible_to(actor))
        .group_by(Staff.id)
        .order_by(func.count(Ticket.id).desc(), Staff.id)
        .limit(MOST)
    )
    return [PersonLoad(one.name, is_away(one, now), n) for one, n in rows]


def owned_by(who: str, actor: Actor, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The condition of one of WHO; none for everybody's."""
    gone = select(Staff.id).where(Staff.away_until > now)
    conditions: dict[str, Any] = {
        "mine": Ticket.handler_id == actor.id,
        "nobody": Ticket.handler_id.is_(None),
        "away": Ticket.handler_id.in_(gone),
    }
    return (conditions[who],) if who in conditions else ()


def _colleague(staff: Staff, now: datetime) -> Colleague:
    return Colleague(staff.id, staff.name, staff.unit_code, is_away(staff, now))
