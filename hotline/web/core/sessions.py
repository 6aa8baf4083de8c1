"""Server-side sessions: a random secret in a cookie, its digest in a table, an idle limit, and a way to end them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import Flask, Response, current_app, g, request
from flask import session as cookie
from flask_wtf.csrf import CSRFError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.city.following import follow
from hotline.i18n import speak
from hotline.staff.sign_in.second_factor import is_required
from hotline.telephony.presence import has_open_desk
from hotline.tickets.roles import actor_of
from hotline.web.core.request_context import here
from models import LoginSession, Staff

COOKIE = "hotline_session"
LANGUAGE_COOKIE = "hotline_language"
LONGEST = timedelta(hours=14)
"""However busy, a session ends after one long shift."""

RESCUED_FOR = timedelta(hours=2)
"""So long after a session fell asleep the words typed into it are still taken."""

HALF_WAY = timedelta(minutes=10)
"""So long a right password waits for the second factor."""

FORM_TOKEN, BOUND_TO = "csrf_token", "of_session"
SIGN_EVERY = timedelta(seconds=30)
SAFE = ("GET", "HEAD", "OPTIONS")
HANDS = "X-Hands"
"""Set by the page when a key or the mouse was used since its last request."""


def install(app: Flask) -> None:
    app.before_request(recognise)


def begin(
    db: Session,
    staff: Staff,
    now: datetime,
    address: str,
    browser: str,
    second_at: datetime | None = None,
    way: str = "password",
    provider_session: str | None = None,
) -> str:
    """Start a session; returns the secret for the cookie, which is stored nowhere. second_at: the second factor was shown.

    way: password, or oidc (single sign-on), and then the digest of the provider's session behind it."""
    secret = secrets.token_urlsafe(32)
    db.add(
        LoginSession(
            id=digest(secret),
            staff_id=staff.id,
            created_at=now,
            seen_at=now,
            second_at=second_at,
            address=address[:64],
            browser=browser[:200],
            way=way,
            provider_session=provider_session,
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
    follow(here.installation)
    secret = request.cookies.get(COOKIE)
    if not secret or request.endpoint in (None, "static"):
        return
    with here.installation.readings() as db:
        session = db.get(LoginSession, digest(secret))
        staff = db.get(Staff, session.staff_id) if session else None
    if session is None:
        return
    if staff is None or not _alive(session, staff):
        if staff is not None and _fell_asleep(session, staff):
            g.ended_session = session
        return
    _bind_form_token(session)
    if lacks_second(session, staff):
        if here.now - session.created_at <= HALF_WAY:
            g.half = (session, staff)
        return
    g.session, g.staff, g.me = session, staff, actor_of(staff, here.city, here.now)
    g.must_change = staff.must_change and session.way == "password"
    if not request.cookies.get(LANGUAGE_COOKIE):
        speak(staff.language)
    _touch(session)
    if request.method in SAFE:
        sign_of_desk(staff.id, staff.on_duty, staff.desk_at)


def still_lives() -> bool:
    """Whether the session of this request goes on, and the person is still who they were: a stream asks it, which is open longer
    than a session may be. Whoever lost a role, a unit or a deputy's hat meanwhile comes again as who they are."""
    g.pop("now", None)
    found = here.db.execute(
        select(LoginSession, Staff)
        .join(Staff, Staff.id == LoginSession.staff_id)
        .where(LoginSession.id == g.session.id)
    ).one_or_none()
    return found is not None and _alive(*found) and actor_of(found[1], here.city, here.now) == g.me


def lacks_second(session: LoginSession, staff: Staff) -> bool:
    """The password was right and the second factor has not been shown: whoever this is, it is nobody yet."""
    return session.second_at is None and (staff.second_at is not None or is_required(here.settings, staff.roles))


def _alive(session: LoginSession, staff: Staff) -> bool:
    """Whoever is on duty at an open desk is not signed out by a quiet night: they are asked whether they are there instead."""
    idle = timedelta(minutes=here.city.policy.idle_minutes)
    return (
        session.ended_at is None
        and _may_be_here(staff)
        and (here.now - session.seen_at <= idle or (staff.on_duty and has_open_desk(staff, here.now)))
        and here.now - session.created_at <= LONGEST
    )


def sign_of_desk(staff_id: int, on_duty: bool, last: datetime | None) -> None:
    """An open page of a person on duty says so, twice a minute at most."""
    now = here.installation.clock.now()
    if not on_duty or (last is not None and now - last < SIGN_EVERY):
        return
    with here.installation.sessions() as db:
        db.execute(update(Staff).where(Staff.id == staff_id).values(desk_at=now))
        db.commit()


def _may_be_here(staff: Staff) -> bool:
    """The demo's people are nobody once the demo is off."""
    return staff.active and (here.settings.demo or not staff.demo)


def _fell_asleep(session: LoginSession, staff: Staff) -> bool:
    """Ended by nothing but time, and lately: only then may what was typed into it still be kept."""
    return (
        session.ended_at is None
        and _may_be_here(staff)
        and here.now - session.created_at <= LONGEST + RESCUED_FOR
        and here.now - session.seen_at <= timedelta(minutes=here.city.policy.idle_minutes) + RESCUED_FOR
    )


def forget_form_token() -> None:
    """The next page carries a new one; a token from before signing in, or from before a new password, fits no more."""
    for name in (FORM_TOKEN, BOUND_TO):
        cookie.pop(name, None)


def _bind_form_token(session: LoginSession) -> None:
    """A form token belongs to the session it was given in; with another one it is refused, whatever the browser kept."""
    if cookie.get(BOUND_TO) == session.id[:16]:
        return
    stale = FORM_TOKEN in cookie
    forget_form_token()
    cookie[BOUND_TO] = session.id[:16]
    if stale and request.method not in SAFE and current_app.config.get("WTF_CSRF_ENABLED", True):
        raise CSRFError("a token of another session")


def _touch(session: LoginSession) -> None:
    """Remember that the person is still there, at most once a minute."""
    if here.now - session.seen_at < timedelta(minutes=1) or not _by_hand():
        return
    with here.installation.sessions() as db:
        db.execute(update(LoginSession).where(LoginSession.id == session.id).values(seen_at=here.now))
        db.commit()


def _by_hand() -> bool:
    """Whether a person is behind this request: a page opened or a form sent by the browser; of what a script asks, whatever it
    asks, only with the sign that a hand moved. Streams, polls and repeated saving keep nobody signed in."""
    if request.headers.get(HANDS) == "1":
        return True
    itself = "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return not itself and not (request.endpoint or "").startswith(("live.", "onlookers."))


def shown_since() -> datetime:
    """What was revealed to this session after this moment may stand on its screen still."""
    return max(g.session.created_at, here.now - timedelta(seconds=here.city.policy.reveal_seconds))
