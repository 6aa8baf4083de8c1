"""The people who work here: one way to hire them, give them passwords and end their sessions, for page and command."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import NotFound, Refusal
from hotline.i18n import LANGUAGES, _
from hotline.names import hides_signs, is_nobody
from hotline.staff.notices import tell_overseers, tell_person
from hotline.staff.sign_in.passwords import LETTERS, check_strength, hasher
from hotline.staff.wearing import bases_of, names, unknown, wear, worn
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import ALONE, UNIT_ROLES, Actor, Role
from models import LoginSession, Staff

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,47}")
LONGEST = {"name": 64, "phone": 32, "extension": 16}


@dataclass(frozen=True)
class Person:
    """What is known of somebody who works here, as typed. unit: the code of the unit, "" for none."""

    login: str
    name: str
    roles: tuple[str, ...]
    unit: str = ""
    phone: str = ""
    extension: str = ""
    language: str = "zh"


def hire(
    db: Session,
    city: City,
    person: Person,
    by: Actor,
    now: datetime,
    *,
    password: str | None = None,
    address: str | None = None,
) -> tuple[Staff, str]:
    """Add somebody who must change the password at the first sign-in, in the caller's transaction.

    Returns the row and the password, made up when none is given. Raises Refusal with one sentence per wrong field.
    """
    person = checked(db, city, person)
    secret = _secret(password, words_about(city, person.login, person.name, person.unit, person.phone))
    staff = Staff(login=person.login, created_at=now, password_hash=hasher.hash(secret), must_change=True, active=True)
    write(staff, person)
    wear(db, staff, person.roles)
    db.add(staff)
    db.flush()
    record(
        db,
        "staff_added",
        by,
        now,
        subject=staff.login,
        address=address,
        staff_id=staff.id,
        roles=list(person.roles),
        unit=staff.unit_code,
    )
    return staff, secret


def checked(db: Session, city: City, person: Person, known: Staff | None = None) -> Person:
    """The person made clean. known: the row that is changed; its login stays. Raises Refusal naming every wrong field."""
    person = replace(
        person,
        login=known.login if known else person.login.strip().lower(),
        name=person.name.strip(),
        phone=person.phone.strip(),
        extension=person.extension.strip(),
        unit=person.unit.strip(),
    )
    problems = {**({} if known else _login_problems(db, person.login)), **_problems(db, city, person)}
    if problems:
        raise Refusal(" ".join(problems.values()), code="invalid_form", problems=problems)
    return person


def write(staff: Staff, person: Person) -> None:
    """Put a checked person's facts on the row; what they wear is another matter."""
    staff.name, staff.language = person.name, person.language
    staff.unit_code, staff.phone, staff.extension = person.unit or None, person.phone or None, person.extension or None


def give_password(
    db: Session,
    city: City,
    staff: Staff,
    by: Actor,
    now: datetime,
    *,
    password: str | None = None,
    address: str | None = None,
) -> str:
    """Give somebody another password, to be changed at the next sign-in, and end their sessions. Returns it.

    The person, the head and discipline are told, whichever door it came by.
    """
    secret = _secret(password, about_person(city, staff))
    staff.password_hash, staff.must_change = hasher.hash(secret), True
    end_sessions(db, staff.id, now)
    record(db, "password_reset", by, now, subject=staff.login, address=address, staff_id=staff.id)
    tell_person(db, staff.id, "password_reset", now, who=by.name)
    tell_overseers(db, "password_reset_of", now, who=by.name, name=staff.name, login=staff.login)
    return secret


def about_person(city: City, staff: Staff) -> tuple[str, ...]:
    """What somebody who guesses this person's password would try."""
    return words_about(city, staff.login, staff.name, staff.unit_code or "", staff.phone or "")


def words_about(city: City, login: str, name: str, unit: str, phone: str) -> tuple[str, ...]:
    """The person, their unit, and the city with its districts and its number, in Chinese and in letters."""
    held = city.units.get(unit)
    of_unit = (unit, held.name, held.name_en) if held else (unit,)
    return (
        login,
        name,
        *_parts_of(phone),
        *of_unit,
        city.code,
        city.name,
        city.name_en,
        city.hotline_number,
        *_districts(city),
    )


def _districts(city: City) -> Iterator[str]:
    for code, area in city.areas.items():
        yield from (code, area.name, area.name_en)


def _parts_of(phone: str) -> tuple[str, ...]:
    """The number, and every long stretch of it that people take for a word."""
    digits = "".join(c for c in phone if c.isdecimal())
    return (
        phone,
        *(digits[at : at + size] for size in range(len(digits), 5, -1) for at in range(len(digits) - size + 1)),
    )


def end_sessions(db: Session, staff_id: int, now: datetime, except_id: str | None = None) -> None:
    """End every session of a person, e.g. after a change of password."""
    db.execute(
        update(LoginSession)
        .where(LoginSession.staff_id == staff_id, LoginSession.ended_at.is_(None), LoginSession.id != (except_id or ""))
        .values(ended_at=now)
    )


def by_login(db: Session, login: str) -> Staff:
    staff = db.scalar(select(Staff).where(Staff.login.in_((login, login.strip().lower()))))
    if staff is None:
        raise NotFound(_("没有用户“%(login)s”。", login=login))
    return staff


def people(db: Session, city: City) -> list[tuple[str, ...]]:
    """One row per person: login, name, roles, unit, and what an operator must know."""
    rows: list[tuple[str, ...]] = []
    for staff in db.scalars(select(Staff).order_by(Staff.login)):
        roles = names(db, worn(staff))
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


def _login_problems(db: Session, login: str) -> dict[str, str]:
    if not LOGIN.fullmatch(login):
        return {"login": _("登录名用小写字母、数字、点、横线，2–48 个字符。")}
    if db.scalar(select(Staff.id).where(Staff.login == login)):
        return {"login": _("登录名“%(login)s”已有人使用。", login=login)}
    return {}


def _problems(db: Session, city: City, person: Person) -> dict[str, str]:
    """One sentence per wrong field."""
    problems: dict[str, str] = {}
    bases = bases_of(db, person.roles)
    for field, most in LONGEST.items():
        if len(getattr(person, field)) > most:
            problems[field] = _("最多 %(most)d 个字，现在是 %(now)d 个字。", most=most, now=len(getattr(person, field)))
    if not person.name:
        problems["name"] = _("请填写姓名。")
    elif hides_signs(person.name):
        problems["name"] = _("姓名里有看不见的字符（换行、零宽或改变方向的字符），请删去重新输入。")
    elif is_nobody(person.name):
        problems["name"] = _("“%(name)s”是经过里给系统和市民用的称呼，请填写本人姓名。", name=person.name)
    if not person.roles:
        problems["roles"] = _("请至少选择一个角色。")
    elif strange := sorted(unknown(db, person.roles)):
        problems["roles"] = _(
            "没有这些角色：%(roles)s。可选的有：%(known)s", roles="、".join(strange), known="、".join(Role)
        )
    elif len(bases) > 1 and bases & ALONE:
        problems["roles"] = _("系统管理员和安全审计员不能兼任其他角色：管账号、看审计、办工单的人必须分开。")
    if person.unit and person.unit not in city.units:
        known = "、".join(list(city.units)[:6])
        problems["unit_code"] = _(
            "没有单位“%(unit)s”，请用单位代码，如 %(known)s。", unit=person.unit[:40], known=known
        )
    if bases & UNIT_ROLES and not person.unit:
        problems["unit_code"] = _("承办人和单位负责人必须有单位。")
    if person.language not in LANGUAGES:
        problems["language"] = _("请选择语言。")
    return problems


def _secret(password: str | None, about: tuple[str, ...]) -> str:
    """The password as given, or one that is easy to read out on the telephone and far too long to guess."""
    if password is None:
        return "-".join("".join(secrets.choice(LETTERS) for _n in range(4)) for _part in range(4))
    check_strength(password, about, "password")
    return password
