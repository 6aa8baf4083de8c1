"""Issuing and revoking machines' keys: the secret is shown once, only its digest is kept."""

from __future__ import annotations

import hashlib
import secrets
import threading
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from hotline.errors import Refusal
from hotline.i18n import N_, _
from models import ApiToken
from models.db import changed

SCOPES = {"tickets.create": N_("提交工单"), "tickets.read": N_("读取工单"), "tickets.act": N_("办理工单")}
known: dict[str, tuple[float, ApiToken]] = {}
lock = threading.Lock()
"""Tokens lately looked up (digest → when, row), so that intake need not ask each time."""


def issue(db: Session, name: str, source: str, scopes: list[str], now: datetime) -> str:
    """Make a token; the returned secret is shown once and stored nowhere. Raises Refusal for an unknown scope."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        raise Refusal(_("没有这些权限：%(scopes)s", scopes="、".join(unknown)))
    secret = "hl_" + secrets.token_urlsafe(32)
    db.add(ApiToken(name=name, digest=digest(secret), scopes=scopes, source=source, created_at=now))
    return secret


def revoke(db: Session, token_id: int, now: datetime) -> bool:
    """False when there is no such token in force. Works at once in this process; others follow within half a minute."""
    forget_known()
    return (
        changed(
            db, update(ApiToken).where(ApiToken.id == token_id, ApiToken.revoked_at.is_(None)).values(revoked_at=now)
        )
        == 1
    )


def forget_known() -> None:
    """Look every token up anew."""
    with lock:
        known.clear()


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
