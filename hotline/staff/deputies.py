"""Who signs off replies while a unit's leader is away: named by the leader, for days that end by themselves."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import NotAllowed, Refusal
from hotline.i18n import _
from hotline.tickets.roles import UNIT_ROLES, Actor, Role
from models import Staff

LONGEST = timedelta(days=60)
NOBODYS: dict[str, None] = {"signs_for": None, "signs_until": None, "signs_by_id": None}


def candidates(db: Session, leader: Actor) -> list[Staff]:
    """The colleagues of the leader's own unit."""
    people = db.scalars(
        select(Staff)
        .where(Staff.unit_code == leader.unit_code, Staff.active.is_(True), Staff.id != leader.id)
        .order_by(Staff.name, Staff.id)
    )
    return [one for one in people if UNIT_ROLES & set(one.roles)]


def deputies(db: Session, leader: Actor) -> list[Staff]:
    return list(db.scalars(select(Staff).where(Staff.signs_for == leader.unit_code).order_by(Staff.id)))


def name_deputy(db: Session, city: City, leader: Actor, staff_id: int, until: date, now: datetime) -> Staff:
    """One deputy at a time, until the end of that day. Raises NotAllowed for whoever leads no unit, Refusal for a wrong person or day."""
    if not leader.is_(Role.UNIT_LEADER) or leader.unit_code is None:
        raise NotAllowed(_("只有单位负责人可以委托他人签发。"))
    chosen = next((one for one in candidates(db, leader) if one.id == staff_id), None)
    if chosen is None:
        raise Refusal(_("请选择本单位的一位同事。"), code="not_of_the_unit", field="staff")
    ends = datetime.combine(until + timedelta(days=1), time(0), ZoneInfo(city.timezone))
    if not now < ends <= now + LONGEST:
        raise Refusal(_("委托的最后一天应在今天到 60 天以内。"), code="deputy_too_long", field="until")
    end_deputy(db, leader)
    chosen.signs_for, chosen.signs_until, chosen.signs_by_id = leader.unit_code, ends, leader.id
    return chosen


def end_deputy(db: Session, leader: Actor) -> None:
    if leader.is_(Role.UNIT_LEADER) and leader.unit_code is not None:
        db.execute(update(Staff).where(Staff.signs_for == leader.unit_code).values(**NOBODYS))


def end_what_is_over(db: Session, now: datetime) -> None:
    """The clock's part: the leader is back."""
    db.execute(update(Staff).where(Staff.signs_until <= now).values(**NOBODYS))


def end_of(db: Session, staff: Staff) -> None:
    """What this person signs in another's name, and what others sign in theirs, as far as their place no longer carries it."""
    mine = UNIT_ROLES & set(staff.roles) if staff.active else set()
    if staff.signs_for is not None and not (mine and staff.signs_for == staff.unit_code):
        staff.signs_for = staff.signs_until = staff.signs_by_id = None
    leads = staff.unit_code if Role.UNIT_LEADER in mine else None
    given = update(Staff).where(Staff.signs_by_id == staff.id, Staff.signs_for.is_distinct_from(leads))
    db.execute(given.values(**NOBODYS))
