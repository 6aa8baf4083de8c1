"""The people who work here, as an operator adds and lists them before anybody can sign in."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import ROLE_NAMES, SYSTEM, UNIT_ROLES, Role
from hotline.web.account.views import SHORTEST, hasher
from hotline.web.core.sessions import end_all
from models import Staff


def add_person(
    installation: Installation,
    login: str,
    name: str,
    roles: tuple[str, ...],
    unit: str | None,
    password: str | None = None,
) -> str:
    """Add somebody who must change the password at the first sign-in. Returns the password, made up when none is given.

    Raises Refusal for an unknown role or unit, a login that is taken, or a password that is too short.
    """
    _check(installation.city, roles, unit)
    secret = _checked_password(password)
    with installation.sessions() as db:
        if db.scalar(select(Staff.id).where(Staff.login == login)) is not None:
            raise Refusal(_("用户名“%(login)s”已经有人用了。", login=login))
        now = installation.clock.now()
        db.add(
            Staff(
                login=login,
                name=name,
                roles=list(roles),
                unit_code=unit,
                password_hash=hasher.hash(secret),
                must_change=True,
                created_at=now,
            )
        )
        record(db, "staff_added", SYSTEM, now, subject=login, roles=list(roles), unit=unit)
        db.commit()
    return secret


def new_password(installation: Installation, login: str, password: str | None = None) -> str:
    """Give somebody another password, to be changed at the next sign-in, and end their sessions. Returns it."""
    secret = _checked_password(password)
    with installation.sessions() as db:
        staff = db.scalar(select(Staff).where(Staff.login == login))
        if staff is None:
            raise NotFound(_("没有用户“%(login)s”。", login=login))
        now = installation.clock.now()
        staff.password_hash, staff.must_change = hasher.hash(secret), True
        end_all(db, staff.id, now)
        record(db, "password_reset", SYSTEM, now, subject=login)
        db.commit()
    return secret


def people(db: Session, city: City) -> list[tuple[str, ...]]:
    """One row per person: login, name, roles, unit, and what an operator must know."""
    rows: list[tuple[str, ...]] = []
    for staff in db.scalars(select(Staff).order_by(Staff.login)):
        roles = "、".join(_(ROLE_NAMES[Role(role)]) for role in staff.roles if role in set(Role))
        state = "" if staff.active else _("已停用")
        rows.append(
            (
                staff.login,
                staff.name,
                roles,
                city.unit_name(staff.unit_code),
                state or (_("须改密码") if staff.must_change else ""),
            )
        )
    return rows


def _check(city: City, roles: tuple[str, ...], unit: str | None) -> None:
    unknown = sorted(set(roles) - set(Role))
    if unknown or not roles:
        raise Refusal(
            _("没有这些角色：%(roles)s。可选的有：%(known)s", roles="、".join(unknown), known="、".join(Role))
        )
    if unit and unit not in city.units:
        raise Refusal(
            _("没有单位“%(unit)s”，请用单位代码，如 %(known)s。", unit=unit, known="、".join(list(city.units)[:6]))
        )
    if not unit and UNIT_ROLES & set(roles):
        raise Refusal(_("承办人和单位负责人必须属于一个单位，请用 --unit 指明。"))


def _checked_password(password: str | None) -> str:
    if password is None:
        return secrets.token_urlsafe(9)
    if len(password) < SHORTEST:
        raise Refusal(_("密码至少 %(n)d 个字符。", n=SHORTEST))
    return password
