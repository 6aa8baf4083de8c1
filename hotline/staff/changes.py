"""Power changes hands only when a second person agrees: roles that rule or that see informants, and passwords of those who hold them.

Nobody changes their own roles, nobody decides what they asked for, and the person, the head and discipline are told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City
from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.staff import accounts, second_factor
from hotline.staff.notices import tell_overseers, tell_person, tell_role
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import ROLE_NAMES, SEALED_ROLES, Actor, Role
from models import Message, Staff, StaffChange
from models.store.db import changed
from webhooks.numbers import can_be_texted

POWERFUL = frozenset({Role.ADMINISTRATOR, Role.DISCIPLINE}) | SEALED_ROLES
DECIDERS = (Role.ADMINISTRATOR, Role.HEAD)
PASSWORD_TEXT = "staff_password"


@dataclass(frozen=True)
class Delivered:
    """Where a new password went: texted to the person, or to be handed over by whoever reads this."""

    staff: Staff
    password: str
    texted: bool


def is_powerful(roles: Iterable[str]) -> bool:
    return any(role in POWERFUL for role in roles)


def needs_second(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """The roles that are gained and that one person alone may not give."""
    return sorted(role for role in set(after) - set(before) if role in POWERFUL)


def change_roles(
    db: Session, staff: Staff, wanted: list[str], by: Actor, now: datetime, address: str | None
) -> StaffChange | None:
    """What may be given at once is given; for the rest a second person is asked. Returns what waits, if anything does.

    Raises Refusal when it is one's own row.
    """
    before = list(staff.roles)
    if set(before) == set(wanted):
        return None
    if by.id is not None and by.id == staff.id:
        raise Refusal(_("不能更改自己的角色，请另一位管理员来做。"), field="roles")
    held = needs_second(before, wanted)
    at_once = [role for role in wanted if role not in held]
    staff.roles = at_once
    if set(at_once) != set(before):
        tell_roles(db, staff, by, now)
    if not held:
        return None
    return _ask(db, StaffChange(kind="roles", staff_id=staff.id, data={"roles": held}), staff, by, now, address)


def ask_password(db: Session, staff: Staff, by: Actor, now: datetime, address: str | None) -> StaffChange | None:
    """For the powerful a second person decides; None: it may be given at once. Raises Refusal for one's own."""
    if by.id == staff.id:
        raise Refusal(_("自己的密码请在“我的账号”里更改。"))
    if not is_powerful(staff.roles):
        return None
    return _ask(db, StaffChange(kind="password", staff_id=staff.id, data={}), staff, by, now, address)


def ask_second(db: Session, staff: Staff, by: Actor, now: datetime, address: str | None) -> StaffChange | None:
    """Somebody lost telephone and codes. For the powerful a second person decides. Raises Refusal for one's own."""
    if by.id is not None and by.id == staff.id:
        raise Refusal(_("自己的验证码请在“我的账号”里管理。"))
    if not is_powerful(staff.roles):
        reset_second(db, staff, by, now, address)
        return None
    return _ask(db, StaffChange(kind="second", staff_id=staff.id, data={}), staff, by, now, address)


def reset_second(db: Session, staff: Staff, by: Actor, now: datetime, address: str | None) -> None:
    """The old digits and codes fit no more; at the next sign-in the person sets up new ones where they are required."""
    second_factor.remove(db, staff)
    accounts.end_sessions(db, staff.id, now)
    record(db, "second_reset", by, now, subject=staff.login, address=address, staff_id=staff.id)
    tell_person(db, staff.id, "second_reset", now, who=by.name)
    tell_overseers(db, "second_reset_of", now, who=by.name, name=staff.name, login=staff.login)


def _ask(db: Session, change: StaffChange, staff: Staff, by: Actor, now: datetime, address: str | None) -> StaffChange:
    """One open question of a kind about a person."""
    same = (StaffChange.staff_id == staff.id, StaffChange.kind == change.kind, StaffChange.state == "asked")
    db.execute(update(StaffChange).where(*same).values(state="replaced", decided_at=now))
    change.state, change.asked_by_id, change.asked_by_name, change.asked_at = "asked", by.id, by.name, now
    db.add(change)
    db.flush()
    record(db, "change_asked", by, now, subject=staff.login, address=address, kind=change.kind, **change.data)
    tell_overseers(db, "change_asked", now, who=by.name, what=lambda: in_words(change, staff))
    tell_role(db, Role.ADMINISTRATOR, "change_asked", now, who=by.name, what=lambda: in_words(change, staff))
    return change


def decide(
    db: Session, city: City, change_id: int, agree: bool, by: Actor, now: datetime, address: str | None
) -> Delivered | None:
    """Agree or refuse. Raises NotFound, NotAllowed (one's own wish, or about oneself), OutOfTurn when it is decided."""
    change = db.get(StaffChange, change_id, populate_existing=True)
    staff = db.get(Staff, change.staff_id, populate_existing=True) if change is not None else None
    if change is None or staff is None:
        raise NotFound(_("没有这项申请。"))
    if not by.is_(*DECIDERS) or by.id in (change.asked_by_id, staff.id):
        raise NotAllowed(_("须由申请人和本人以外的另一位管理员或热线领导决定。"))
    won = update(StaffChange).where(StaffChange.id == change.id, StaffChange.state == "asked")
    state = "done" if agree else "refused"
    if changed(db, won.values(state=state, decided_by_id=by.id, decided_by_name=by.name, decided_at=now)) != 1:
        raise OutOfTurn(_("这项申请已经决定过了。"))
    record(
        db,
        "change_granted" if agree else "change_refused",
        by,
        now,
        subject=staff.login,
        address=address,
        kind=change.kind,
        asked_by=change.asked_by_name,
        **change.data,
    )
    if not agree:
        return None
    if change.kind == "password":
        return deliver_password(db, city, staff, by, now, address)
    if change.kind == "second":
        reset_second(db, staff, by, now, address)
        return None
    staff.roles = [*staff.roles, *(role for role in change.data["roles"] if role not in staff.roles)]
    accounts.end_sessions(db, staff.id, now)
    tell_roles(db, staff, by, now)
    return None


def deliver_password(db: Session, city: City, staff: Staff, by: Actor, now: datetime, address: str | None) -> Delivered:
    """To the person's own telephone when there is one that reads texts; only otherwise to whoever gives it."""
    password = accounts.give_password(db, city, staff, by, now, address=address)
    if not can_be_texted(staff.phone):
        return Delivered(staff, password, False)
    text = _(
        "%(city)s热线：您的新密码 %(password)s，登录后须更改。若非本人要求请告诉热线领导。",
        city=city.title,
        password=password,
    )
    message = Message(
        staff_id=None,
        direction="out",
        channel="sms",
        phone=staff.phone,
        template_key=PASSWORD_TEXT,
        params={"password": password},
        text=text,
        state="queued",
        created_at=now,
    )
    db.add(message)
    db.flush()
    outbox.enqueue(db, "send", key=f"send:password:{message.id}", now=now, message_id=message.id)
    return Delivered(staff, "", True)


def tell_roles(db: Session, staff: Staff, by: Actor, now: datetime) -> None:
    """The person, the head and discipline learn who gave or took which power."""

    def names() -> str:
        return role_names(staff.roles)

    tell_person(db, staff.id, "roles_changed", now, who=by.name, roles=names)
    tell_overseers(db, "roles_changed_of", now, who=by.name, name=staff.name, login=staff.login, roles=names)


def waiting(db: Session) -> list[tuple[StaffChange, Staff]]:
    """What waits for a second person, the oldest first."""
    rows = db.execute(
        select(StaffChange, Staff)
        .join(Staff, Staff.id == StaffChange.staff_id)
        .where(StaffChange.state == "asked")
        .order_by(StaffChange.id)
        .limit(100)
    )
    return [(row[0], row[1]) for row in rows]


def in_words(change: StaffChange, staff: Staff) -> str:
    who = _("%(name)s（%(login)s）", name=staff.name, login=staff.login)
    if change.kind == "password":
        return _("重设%(who)s的密码", who=who)
    if change.kind == "second":
        return _("重设%(who)s的手机验证码", who=who)
    return _("授予%(who)s角色：%(roles)s", who=who, roles=role_names(change.data.get("roles", ())))


def role_names(roles: Iterable[str]) -> str:
    return _("、").join(_(ROLE_NAMES[Role(role)]) for role in roles if role in set(Role)) or "—"
