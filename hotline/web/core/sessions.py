"""Server-side sessions: a random secret in a cookie, its digest in a table, an idle limit, and a way to end them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import Flask, Response, g, request
from sqlalchemy import update
from sqlalchemy.orm import Session

from hotline.i18n import speak
from hotline.tickets.actors import actor_of
from hotline.web.core.request_context import here
from models import LoginSession, Staff

COOKIE = "hotline_session"
LANGUAGE_COOKIE = "hotline_language"
LONGEST = timedelta(hours=14)
"""However busy, a session ends after one long shift."""


def install(app: Flask) -> None:
    app.before_request(recognise)


def begin(db: Session, staff: Staff, now: datetime, address: str, browser: str) -> str:
    """Start a session; returns the secret for the cookie, which is stored nowhere."""
    secret = secrets.token_urlsafe(32)
    db.add(
        LoginSession(
            id=digest(secret),
            staff_id=staff.id,
            created_at=now,
            seen_at=now,
            address=address[:64],
            browser=browser[:200],
        )
    )
    staff.last_login_at = now
    return secret


def set_cookie(response: Response, secret: str) -> None:
    response.set_cookie(
        COOKIE,
        secret,
        httponly=True,
        samesite="Lax",
        secure=here.settings.secure_cookies,
        path="/",
        max_age=int(LONGEST.total_seconds()),
    )


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def recognise() -> None:
    """Set `g.me` from the cookie; an idle or ended session is remembered as ended, so that typed words can be rescued.

    The look-up has a reading transaction of its own, so that a request that writes holds the database as briefly as it can.
    """
    speak(request.cookies.get(LANGUAGE_COOKIE, "zh"))
    secret = request.cookies.get(COOKIE)
    if not secret or request.endpoint in (None, "static"):
        return
    with here.installation.readings() as db:
        session = db.get(LoginSession, digest(secret))
        staff = db.get(Staff, session.staff_id) if session else None
    if session is None:
        return
    if staff is None or not _alive(session, staff):
        g.ended_session = session
        return
    g.session, g.staff, g.me, g.must_change = session, staff, actor_of(staff, here.city), staff.must_change
    if not request.cookies.get(LANGUAGE_COOKIE):
        speak(staff.language)
    _touch(session)


def _alive(session: LoginSession, staff: Staff) -> bool:
    idle = timedelta(minutes=here.city.policy.idle_minutes)
    return (
        session.ended_at is None
        and staff.active
        and here.now - session.seen_at <= idle
        and here.now - session.created_at <= LONGEST
    )


def _touch(session: LoginSession) -> None:
    """Remember that the person is still there, at most once a minute; live streams and polls do not count as presence."""
    if here.now - session.seen_at < timedelta(minutes=1) or (request.endpoint or "").startswith("live."):
        return
    with here.installation.sessions() as db:
        db.execute(update(LoginSession).where(LoginSession.id == session.id).values(seen_at=here.now))
        db.commit()
