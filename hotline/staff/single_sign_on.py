"""Whom the identity provider means here: one account for one person, found by login once and by subject ever after.

The provider says who somebody is and in which groups; the city's files say what a group is here. Power that is new waits for a
second person as if an administrator had given it; what a group no longer gives is gone at the next sign-in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hotline.city.schema import City, SignIn
from hotline.errors import NotAllowed, Refusal
from hotline.i18n import _
from hotline.settings import OidcSetting, Settings
from hotline.staff import accounts, changes
from hotline.staff.accounts import LOGIN, Person
from hotline.staff.leaving import let_go
from hotline.staff.sign_in.identity_provider import Leaving
from hotline.staff.wearing import wear, worn
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import Actor
from models import LoginSession, Receipt, SignInIdentity, Staff
from models.store.rows import insert_once

PROVIDER = Actor("system", None, "统一身份认证")
"""Whoever keeps the groups of the provider, as the book names them."""

BY_PROVIDER = "oidc"
"""How a session was begun, and who told of its end."""

_ONCE = ["provider", "kind", "event_id"]


def sign_on(
    db: Session, city: City, settings: Settings, claims: Mapping[str, Any], now: datetime, address: str
) -> Staff:
    """The person these claims mean, with the roles that their groups give.

    Raises NotAllowed (codes: sign_on_no_login, sign_on_unknown, sign_on_another, sign_on_ended, sign_on_no_roles,
    sign_on_roles_conflict, sign_on_waits); what was written by then, such as a leaver's roles, must be committed all the same.
    """
    setting = settings.oidc
    assert setting is not None, "asked only where the installation has a provider"
    login = str(claims.get(setting.login_claim) or "").strip().lower()
    if not LOGIN.fullmatch(login):
        raise NotAllowed(_("统一身份认证没有给出可以用的登录名，请联系管理员。"), code="sign_on_no_login")
    roles, unit = _given(city.sign_in, _groups(claims, setting.roles_claim))
    staff = _linked(db, setting.issuer, str(claims["sub"]), login) or _known(db, login)
    if staff is None:
        staff = _made(db, city, login, claims, roles, unit, now, address)
    if not staff.active or (staff.demo and not settings.demo):
        raise NotAllowed(_("您的账号已停用，请联系管理员。"), code="sign_on_ended")
    _link(db, staff, setting.issuer, str(claims["sub"]), now, address)
    if city.sign_in.groups:
        _ruled_by_groups(db, city, staff, roles, unit, now, address)
    return staff


def sign_off(db: Session, setting: OidcSetting, leaving: Leaving, now: datetime, address: str) -> int:
    """End here what ended at the provider: one session, or all that this subject began by it. Told twice, it ends nothing more.

    Returns how many sessions were ended; those begun by password are the person's own and stay.
    """
    if (
        insert_once(
            db, Receipt, _ONCE, provider=BY_PROVIDER, kind="logout", event_id=digest(leaving.id), received_at=now
        )
        is None
    ):
        return 0
    db.execute(delete(Receipt).where(Receipt.provider == BY_PROVIDER, Receipt.received_at < now - timedelta(hours=1)))
    meant = [LoginSession.way == BY_PROVIDER, LoginSession.ended_at.is_(None)]
    if leaving.session:
        meant.append(LoginSession.provider_session == digest(leaving.session))
    if leaving.subject:
        same = (SignInIdentity.issuer == setting.issuer, SignInIdentity.subject == leaving.subject)
        meant.append(LoginSession.staff_id.in_(select(SignInIdentity.staff_id).where(*same)))
    people = db.scalars(update(LoginSession).where(*meant).values(ended_at=now).returning(LoginSession.staff_id)).all()
    for login in db.scalars(select(Staff.login).where(Staff.id.in_(people)).order_by(Staff.login)):
        record(db, "session_ended", PROVIDER, now, subject=login, address=address, way=BY_PROVIDER)
    return len(people)


def digest(told: str) -> str:
    """What the provider calls a session, as it is kept here: enough to know it again."""
    return hashlib.sha256(told.encode()).hexdigest()


def proves_two(sign_in: SignIn, claims: Mapping[str, Any]) -> bool:
    """Whether the provider says, in words that the city believes, that two factors were shown."""
    methods = claims.get("amr")
    said = {str(one) for one in methods} if isinstance(methods, list) else set()
    return bool(sign_in.proofs & (said | {str(claims.get("acr"))}))


def _groups(claims: Mapping[str, Any], name: str) -> set[str]:
    """The groups as the provider lists them; one alone may come as a text."""
    told = claims.get(name)
    return {str(one) for one in told} if isinstance(told, list) else {told} if isinstance(told, str) else set()


def _given(sign_in: SignIn, groups: Iterable[str]) -> tuple[list[str], str]:
    """The roles and the unit of these groups, in the order of the city's file."""
    held = [one for one in sign_in.groups if one.name in groups]
    roles = dict.fromkeys(role for one in held for role in one.roles)
    return list(roles), next((one.unit for one in held if one.unit), "")


def _linked(db: Session, issuer: str, subject: str, login: str) -> Staff | None:
    """Whom this subject was before. A login that has become another's, here or there, opens nothing."""
    same = (SignInIdentity.issuer == issuer, SignInIdentity.subject == subject)
    held = db.scalar(select(SignInIdentity).where(*same))
    staff = db.get_one(Staff, held.staff_id) if held else None
    if staff is not None and staff.login != login:
        raise _another()
    return staff


def _known(db: Session, login: str) -> Staff | None:
    """The account of that login, unless it is another subject's already."""
    staff = db.scalar(select(Staff).where(Staff.login == login))
    if staff is not None and db.get(SignInIdentity, staff.id) is not None:
        raise _another()
    return staff


def _another() -> NotAllowed:
    return NotAllowed(
        _("这个登录名在热线属于另一位用户。确是同一个人的，请管理员解除原来的绑定。"), code="sign_on_another"
    )


def _made(
    db: Session,
    city: City,
    login: str,
    claims: Mapping[str, Any],
    roles: list[str],
    unit: str,
    now: datetime,
    address: str,
) -> Staff:
    """An account for somebody new, where the city wants it so: as yet without a role, and with a password that nobody knows."""
    if not (city.sign_in.makes and roles):
        raise NotAllowed(
            _("热线没有登录名为“%(login)s”的账号。请让管理员为您开通。", login=login), code="sign_on_unknown"
        )
    name = str(claims.get("name") or login).strip()[:64] or login
    staff, _password = accounts.hire(db, city, Person(login, name, tuple(roles), unit), PROVIDER, now, address=address)
    wear(db, staff, [])
    staff.must_change = False
    return staff


def _link(db: Session, staff: Staff, issuer: str, subject: str, now: datetime, address: str) -> None:
    if db.get(SignInIdentity, staff.id) is None:
        db.add(SignInIdentity(staff_id=staff.id, issuer=issuer, subject=subject, created_at=now))
        record(db, "sign_on_linked", PROVIDER, now, subject=staff.login, address=address, staff_id=staff.id)


def _ruled_by_groups(
    db: Session, city: City, staff: Staff, roles: list[str], unit: str, now: datetime, address: str
) -> None:
    """The groups' roles and no others. Raises NotAllowed when none is left, or when they do not go together."""
    before, was_at = worn(staff), staff.unit_code
    if roles:
        unit = unit or staff.unit_code or ""
        _check(db, city, staff, roles, unit)
        staff.unit_code = unit or None
    if not changes.is_asked_or_refused(db, staff, roles):
        changes.change_roles(db, staff, roles, PROVIDER, now, address)
    if (before, was_at) != (worn(staff), staff.unit_code):
        moved = {"roles": [before, worn(staff)], "unit_code": [was_at, staff.unit_code]}
        record(db, "staff_changed", PROVIDER, now, subject=staff.login, address=address, moved=moved)
        let_go(db, city, staff, now)
    if not roles:
        accounts.end_sessions(db, staff.id, now)
        raise NotAllowed(_("您在统一身份认证里没有热线的岗位，请联系本单位或热线的管理员。"), code="sign_on_no_roles")
    if not staff.roles:
        raise NotAllowed(_("您的岗位须由另一位管理员或热线领导批准，已提出申请；批准后再登录。"), code="sign_on_waits")


def _check(db: Session, city: City, staff: Staff, roles: list[str], unit: str) -> None:
    person = Person(staff.login, staff.name, tuple(roles), unit, language=staff.language)
    try:
        accounts.checked(db, city, person, staff)
    except Refusal as refusal:
        raise NotAllowed(refusal.sentence, code="sign_on_roles_conflict") from None
