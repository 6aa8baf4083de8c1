"""The same five people in every test: 安 takes calls, 杜 dispatches, 何 handles, 任 reviews, 常 sees nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from sqlalchemy.orm import Session

from models import Staff, Unit
from tests.support.once import CHEAP

PASSWORD = "anyang-12345"
HOTLINE, CHENGGUAN, ELSEWHERE = "hotline", "chengguan", "education"
BORN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class People:
    """安 agent, 杜 dispatcher, 何 handler of 城管, 任 reviewer, 常 handler of another unit."""

    an: Staff
    du: Staff
    he: Staff
    ren: Staff
    chang: Staff


@cache
def cheap_hash(password: str = PASSWORD) -> str:
    """A hash of this password, of the little work that tests can afford."""
    return CHEAP(password)


def make_unit(
    db: Session, code: str, name: str, *, kind: str = "department", parent: str | None = None, area: str | None = None
) -> Unit:
    """The unit of that code, made when the city is not loaded."""
    unit = db.get(Unit, code)
    if unit is None:
        unit = Unit(code=code, name=name, name_en=code, kind=kind, parent_code=parent, area=area)
        db.add(unit)
        db.flush()
    return unit


def make_staff(
    db: Session,
    login: str,
    name: str,
    *roles: str,
    unit: str | None = None,
    must_change: bool = False,
    active: bool = True,
) -> Staff:
    """A person with these roles, whose password is PASSWORD."""
    person = new_staff(login, name, *roles, unit=unit, must_change=must_change, active=active)
    db.add(person)
    db.flush()
    return person


def new_staff(
    login: str, name: str, *roles: str, unit: str | None = None, must_change: bool = False, active: bool = True
) -> Staff:
    """The same, not yet in any database."""
    return Staff(
        login=login,
        name=name,
        roles=list(roles),
        unit_code=unit,
        password_hash=cheap_hash(),
        must_change=must_change,
        active=active,
        created_at=BORN,
    )


def make_people(db: Session, *, handled_by: str = CHENGGUAN, elsewhere: str = ELSEWHERE) -> People:
    """The five, with their units; flushed, not committed."""
    make_unit(db, HOTLINE, "12345 热线中心", kind="hotline")
    make_unit(db, handled_by, "市城市管理局")
    make_unit(db, elsewhere, "市教育局")
    return People(
        an=make_staff(db, "an", "安", "agent", unit=HOTLINE),
        du=make_staff(db, "du", "杜", "dispatcher", unit=HOTLINE),
        he=make_staff(db, "he", "何", "handler", unit=handled_by),
        ren=make_staff(db, "ren", "任", "reviewer", unit=HOTLINE),
        chang=make_staff(db, "chang", "常", "handler", unit=elsewhere),
    )


def logins(people: Iterable[Staff]) -> list[str]:
    return [person.login for person in people]
