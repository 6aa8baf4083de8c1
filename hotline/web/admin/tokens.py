"""Issuing, changing and revoking machines' keys: the secret is shown once, only its digest is kept, and the book hears of each."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import threading
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import N_, _
from hotline.names import hides_signs, is_nobody
from hotline.staff.changes import tokens_that_wait
from hotline.staff.notices import tell_overseers
from hotline.tickets.lifecycle import ACTIONS, MOVES
from hotline.tickets.privacy import audit
from hotline.tickets.roles import AT_A_UNIT, AT_THE_CENTRE, Actor
from models import ApiToken
from models.store.db import changed

ACT = "tickets.act."
JUDGING = frozenset({"rule", "uphold", "overrule"})
GRANTED = tuple(
    dict.fromkeys(
        move.action
        for move in MOVES
        if ACTIONS[move.action].mood != "quiet"
        and move.action not in JUDGING
        and (AT_THE_CENTRE | AT_A_UNIT).intersection(move.roles)
    )
)
"""The actions that a machine may be granted, one by one; it never judges."""

SCOPES: dict[str, str] = {
    "tickets.create": N_("提交工单"),
    "tickets.read": N_("读取本系统、本单位的工单"),
    "tickets.read.all": N_("读取全部工单（密封的除外）"),
    "tickets.words": N_("读取脱敏后的诉求原文，按词查找"),
    "tickets.story": N_("读取办理经过"),
    "tickets.replies": N_("读取答复"),
    "tickets.rating": N_("读取市民评价"),
    "tickets.contact": N_("读取姓名、电话和完整原文（说明理由）"),
    "tickets.files": N_("读取附件"),
    "tickets.files.add": N_("添加附件"),
    "figures.read": N_("读取统计数字"),
    "monitoring.read": N_("读取电子监察流（没有个人信息，保密工单只有编号等）"),
    **{ACT + name: ACTIONS[name].label for name in GRANTED},
}
"""What a token may be granted: nothing is meant by anything else."""

OVERLAP_HOURS = 24
READS_PEOPLE = frozenset({"tickets.read.all", "tickets.contact", "tickets.files"})
"""What one person alone does not give a machine: whoever holds it reads what its giver may not."""

known: dict[str, tuple[float, ApiToken]] = {}
lock = threading.Lock()
"""Tokens lately looked up (digest → when, row), so that intake need not ask each time."""


def issue(
    db: Session,
    name: str,
    source: str,
    scopes: list[str],
    now: datetime,
    *,
    city: City | None = None,
    units: Sequence[str] = (),
    towns: Sequence[str] = (),
    addresses: Sequence[str] = (),
    expires_at: datetime | None = None,
    by: Actor | None = None,
    address: str | None = None,
    waits: bool = False,
) -> str:
    """Make a token; the returned secret is shown once and stored nowhere. by, address: who issues it, for the book.

    waits: it opens nothing until a second person agrees. Else the head and discipline are told when it reads people's data.

    units, towns: codes whose matters it sees besides its own. addresses: networks like 10.1.0.0/16 (none: from anywhere).
    Raises Refusal naming each field that is wrong.
    """
    misleads = hides_signs(name) or is_nobody(name)
    problems = {
        "name": _("名称不能有看不见的字符，也不能是系统或市民的称呼。") if misleads else "",
        "scopes": _unknown(_("没有这些权限：%(names)s"), scopes, SCOPES),
        "addresses": _wrong_networks(addresses),
        "units": _unknown(_("没有这些单位：%(names)s"), units, city.units) if city else "",
        "towns": _unknown(_("没有这些乡镇：%(names)s"), towns, city.directory.towns) if city else "",
        "expires": _("到期时间已经过去。") if expires_at and expires_at <= now else "",
    }
    if problems := {field: sentence for field, sentence in problems.items() if sentence}:
        raise Refusal(" ".join(problems.values()), problems=problems)
    token, secret = _made(name, source, now)
    token.scopes, token.units, token.towns, token.addresses, token.expires_at = (
        scopes,
        list(units),
        list(towns),
        list(addresses),
        expires_at,
    )
    _put_down(db, "token_issued", token, by, now, address, waits)
    return secret


def rotate(
    db: Session,
    token_id: int,
    now: datetime,
    *,
    overlap_hours: int = OVERLAP_HOURS,
    by: Actor | None = None,
    address: str | None = None,
    waits: bool = False,
) -> str:
    """A new secret with the same powers; the old one goes on for some hours, so that nobody stands before a closed door.

    waits: as above; the old one's hours begin when somebody agrees. Raises OutOfTurn when it has a successor: of two that change it
    at once the other one would have made a second.
    """
    old = db.scalar(select(ApiToken).where(ApiToken.id == token_id).with_for_update())
    if old is None or old.revoked_at is not None or (old.expires_at and old.expires_at <= now):
        raise NotFound(_("没有这个令牌，或已经停用。"))
    follows = select(ApiToken.id).where(ApiToken.replaces_id == old.id)
    if db.scalar(follows.where(or_(ApiToken.revoked_at.is_(None), ApiToken.id.in_(tokens_that_wait(db))))):
        raise OutOfTurn(_("这个令牌已经更换过；新令牌遗失的，先停用新令牌再更换。"))
    token, secret = _made(old.name, old.source, now)
    token.scopes, token.units, token.towns, token.addresses = (
        list(old.scopes),
        list(old.units),
        list(old.towns),
        list(old.addresses),
    )
    token.expires_at, token.replaces_id = old.expires_at, old.id
    if not waits:
        end = now + timedelta(hours=max(overlap_hours, 0))
        old.expires_at = min(end, old.expires_at) if old.expires_at else end
    forget_known()
    until = old.expires_at.isoformat() if old.expires_at else None
    _put_down(db, "token_rotated", token, by, now, address, waits, replaces=old.id, old_until=until)
    return secret


def reads_people(scopes: Collection[str]) -> bool:
    return not READS_PEOPLE.isdisjoint(scopes)


def newest(db: Session) -> ApiToken:
    """The one that was made last in this transaction."""
    return db.scalars(select(ApiToken).order_by(ApiToken.id.desc()).limit(1)).one()


def revoke(db: Session, token_id: int, now: datetime, *, by: Actor | None = None, address: str | None = None) -> bool:
    """False when there is no such token in force. Works at once in this process; others follow within half a minute."""
    forget_known()
    if (
        changed(
            db, update(ApiToken).where(ApiToken.id == token_id, ApiToken.revoked_at.is_(None)).values(revoked_at=now)
        )
        != 1
    ):
        return False
    audit.record(db, "token_revoked", by, now, subject=str(token_id), address=address)
    return True


def in_force(db: Session, now: datetime) -> list[ApiToken]:
    """Tokens that open something now, the newest first."""
    return [
        one
        for one in db.scalars(select(ApiToken).where(ApiToken.revoked_at.is_(None)).order_by(ApiToken.id.desc()))
        if one.expires_at is None or one.expires_at > now
    ]


def may_come_from(token: ApiToken, address: str) -> bool:
    """Whether a request from this address may use the token."""
    if not token.addresses:
        return True
    try:
        here = ipaddress.ip_address(address)
    except ValueError:
        return False
    here = getattr(here, "ipv4_mapped", None) or here
    return any(here in ipaddress.ip_network(one, strict=False) for one in token.addresses)


def forget_known() -> None:
    """Look every token up anew."""
    with lock:
        known.clear()


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _made(name: str, source: str, now: datetime) -> tuple[ApiToken, str]:
    secret = "hl_" + secrets.token_urlsafe(32)
    return ApiToken(name=name, source=source, digest=digest(secret), created_at=now), secret


def _put_down(
    db: Session,
    deed: str,
    token: ApiToken,
    by: Actor | None,
    now: datetime,
    address: str | None,
    waits: bool,
    **more: Any,
) -> None:
    token.revoked_at = now if waits else None
    db.add(token)
    db.flush()
    _note(db, deed, token, by, now, address, **more)
    if reads_people(token.scopes) and not waits:
        who = by.name if by else ""
        tell_overseers(db, "token_made", now, who=who, name=token.name, source=token.source)


def _note(
    db: Session, deed: str, token: ApiToken, by: Actor | None, now: datetime, address: str | None, **more: Any
) -> None:
    audit.record(
        db,
        deed,
        by,
        now,
        subject=token.name[:120],
        address=address,
        token=token.id,
        source=token.source,
        scopes=list(token.scopes),
        units=list(token.units),
        towns=list(token.towns),
        addresses=list(token.addresses),
        expires_at=token.expires_at.isoformat() if token.expires_at else None,
        **more,
    )


def _unknown(sentence: str, given: Sequence[str], known_names: Collection[str]) -> str:
    unknown = sorted(set(given) - set(known_names))
    return sentence % {"names": "、".join(unknown)} if unknown else ""


def _wrong_networks(given: Sequence[str]) -> str:
    wrong = []
    for one in given:
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError:
            wrong.append(one)
    return _("不是网络地址：%(names)s", names="、".join(wrong)) if wrong else ""
