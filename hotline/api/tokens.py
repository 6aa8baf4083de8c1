"""Machines prove themselves with a token; only its digest is stored, and a token can do only what its scopes name."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import g, request
from sqlalchemy import select, update

from hotline.errors import NotAllowed, Refusal
from hotline.i18n import _
from hotline.staff.openings import tell_used_up
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.reveal import check_measure
from hotline.tickets.roles import Actor, Role
from hotline.web.admin.tokens import ACT, SCOPES, forget_known, issue, known, lock, may_come_from
from hotline.web.admin.tokens import digest as token_digest
from hotline.web.core.permission import SIGNED, allow
from hotline.web.core.request_context import here
from models import ApiToken

__all__ = ["SCOPES", "NoToken", "forget_known", "issue", "machine_actor", "needs", "note", "proves"]
REMEMBERED_S = 30.0
F = TypeVar("F", bound=Callable[..., Any])


class NoToken(Refusal):
    """No token, a wrong one, one that has ended or was revoked, or one used from elsewhere (HTTP 401)."""

    status = 401


def needs(scope: str = "") -> Callable[[F], F]:
    """The route wants a token with this scope; the machine is then `g.machine` and acts as `machine_actor()`.

    "": any token; the route requires what it needs itself.
    """

    def wrap(view: F) -> F:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            g.machine = _token_of_request()
            if scope:
                require(scope)
            return view(*args, **kwargs)

        return allow(SIGNED)(checked)  # type: ignore[return-value]

    return wrap


def proves(scope: str) -> Callable[[], None]:
    """What a door asks before it reads a large body: a token with this scope."""

    def proof() -> None:
        g.machine = _token_of_request()
        require(scope)

    return proof


def require(scope: str) -> None:
    """Raises NotAllowed when the token of this request lacks the scope. Everything includes what is one's own."""
    held = set(g.machine.scopes)
    if scope not in held and not (scope == "tickets.read" and "tickets.read.all" in held):
        raise NotAllowed(_("这个令牌没有“%(scope)s”权限。", scope=scope))


def machine_actor() -> Actor:
    """The machine as the rules see it: under its own name, with the eyes of its units and what it was granted."""
    if "machine_actor" not in g:
        token: ApiToken = g.machine
        units = frozenset(below for code in token.units for below in here.city.unit_and_below(code))
        grants = {scope.removeprefix(ACT) for scope in token.scopes if scope.startswith(ACT)}
        if "tickets.files.add" in token.scopes:
            grants.add("attach")
        g.machine_actor = Actor(
            "machine",
            None,
            token.name,
            frozenset({Role.HANDLER}) if units else frozenset(),
            token.units[0] if token.units else None,
            units,
            source=token.source,
            towns=frozenset(token.towns),
            sees_all="tickets.read.all" in token.scopes,
            grants=frozenset(grants),
        )
    actor: Actor = g.machine_actor
    return actor


def note(deed: str, *, ticket_id: int | None = None, subject: str | None = None, **detail: Any) -> None:
    """One row in the book about what this machine read, in a transaction of its own, committed before it is answered."""
    with here.installation.sessions() as db:
        if deed == "reveal":
            check_measure(db, machine_actor(), deed, here.now)
        audit.record(
            db,
            deed,
            machine_actor(),
            here.now,
            ticket_id=ticket_id,
            subject=subject,
            address=here.address,
            token=g.machine.id,
            **detail,
        )
        if deed == "reveal":
            tell_used_up(db, machine_actor(), deed, here.now)
        db.commit()


def _token_of_request() -> ApiToken:
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret:
        raise NoToken(_("请在 Authorization 头中提供令牌：Bearer …"))
    return token_of(secret.strip())


def token_of(secret: str) -> ApiToken:
    """The row of a token, remembered for half a minute so that intake need not ask each time. Raises NoToken."""
    digest = token_digest(secret)
    with lock:
        held = known.get(digest)
    token = held[1] if held and time.monotonic() - held[0] < REMEMBERED_S else _look_up(digest)
    if token.expires_at is not None and token.expires_at <= here.now:
        raise NoToken(_("令牌已到期，请向管理员申请更换。"))
    if not may_come_from(token, here.address):
        raise NoToken(_("这个令牌不能从这个网络地址使用。"))
    return token


def _look_up(digest: str) -> ApiToken:
    with here.installation.sessions() as db:
        token = db.scalar(select(ApiToken).where(ApiToken.digest == digest, ApiToken.revoked_at.is_(None)))
        if token is None:
            raise NoToken(_("令牌不对或已停用，请向管理员申请。"))
        db.execute(update(ApiToken).where(ApiToken.id == token.id).values(last_used_at=here.now))
        db.commit()
    with lock:
        known[digest] = (time.monotonic(), token)
    return token
