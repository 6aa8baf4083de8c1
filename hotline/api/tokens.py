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
from hotline.tickets.roles import Actor, Role
from hotline.web.admin.tokens import SCOPES, forget_known, issue, known, lock
from hotline.web.admin.tokens import digest as token_digest
from hotline.web.core.permission import SIGNED, allow
from hotline.web.core.request_context import here
from models import ApiToken

__all__ = ["SCOPES", "NoToken", "forget_known", "issue", "machine_actor", "needs"]
REMEMBERED_S = 30.0
F = TypeVar("F", bound=Callable[..., Any])


class NoToken(Refusal):
    """No token, a wrong one, or one that was revoked (HTTP 401)."""

    status = 401


def needs(scope: str) -> Callable[[F], F]:
    """The route wants a token with this scope; the machine is then `g.machine` and acts as `machine_actor()`."""

    def wrap(view: F) -> F:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            token = _token_of_request()
            if scope not in token.scopes:
                raise NotAllowed(_("这个令牌没有“%(scope)s”权限。", scope=scope))
            g.machine = token
            return view(*args, **kwargs)

        return allow(SIGNED)(checked)  # type: ignore[return-value]

    return wrap


def machine_actor() -> Actor:
    """A machine acts with a dispatcher's and an agent's eyes, under its own name; it never signs or reviews for people."""
    token: ApiToken = g.machine
    return Actor("machine", None, token.name, frozenset({Role.AGENT, Role.DISPATCHER}))


def _token_of_request() -> ApiToken:
    """The token row behind the Authorization header, remembered for half a minute so that intake need not ask each time."""
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret:
        raise NoToken(_("请在 Authorization 头中提供令牌：Bearer …"))
    digest = token_digest(secret.strip())
    with lock:
        held = known.get(digest)
    if held and time.monotonic() - held[0] < REMEMBERED_S:
        return held[1]
    return _look_up(digest)


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
