"""Where am I signed in? A person's own sessions, each to be ended by its owner."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select, update

from hotline.errors import NotFound
from hotline.i18n import _
from hotline.staff.accounts import end_sessions
from hotline.tickets.privacy.audit import record
from hotline.web.core import sessions
from hotline.web.core.permission import EVERYBODY, allow
from hotline.web.core.request_context import here
from models import LoginSession
from models.store.db import changed

pages = Blueprint("own_sessions", __name__)


def living(staff_id: int) -> list[LoginSession]:
    """Sessions that still open something, the newest first."""
    idle = here.now - timedelta(minutes=here.city.policy.idle_minutes)
    alive = (
        LoginSession.staff_id == staff_id,
        LoginSession.ended_at.is_(None),
        LoginSession.seen_at >= idle,
        LoginSession.created_at >= here.now - sessions.LONGEST,
    )
    return list(here.db.scalars(select(LoginSession).where(*alive).order_by(LoginSession.created_at.desc()).limit(50)))


@pages.post("/account/sessions/<session_id>/end")
@allow(EVERYBODY)
def end(session_id: str) -> ResponseReturnValue:
    """One's own only; somebody else's is not found."""
    one = update(LoginSession).where(
        LoginSession.id == session_id, LoginSession.staff_id == here.me.id, LoginSession.ended_at.is_(None)
    )
    if changed(here.db, one.values(ended_at=here.now)) != 1:
        raise NotFound(_("没有这个会话。"))
    record(here.db, "session_ended", here.me, here.now, subject=g.staff.login, address=here.address)
    flash(_("会话已结束。"), "good")
    return redirect(url_for("login.account"), 303)


@pages.post("/account/sessions/end")
@allow(EVERYBODY)
def end_others() -> ResponseReturnValue:
    end_sessions(here.db, int(here.me.id or 0), here.now, except_id=g.session.id)
    record(here.db, "sessions_ended", here.me, here.now, subject=g.staff.login, address=here.address)
    flash(_("您在别处的登录已全部结束。"), "good")
    return redirect(url_for("login.account"), 303)
