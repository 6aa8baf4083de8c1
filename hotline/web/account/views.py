"""Signing in and out, changing one's password and language."""

from __future__ import annotations

from functools import cache

from argon2.exceptions import VerifyMismatchError
from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import Refusal
from hotline.i18n import LANGUAGES, _
from hotline.staff.accounts import SHORTEST, end_sessions, hasher
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import ROLE_NAMES, Role
from hotline.web.core import sessions
from hotline.web.core.permission import EVERYBODY, PUBLIC, allow, local_path
from hotline.web.core.rate_limits import limiter, refused
from hotline.web.core.request_context import here
from models import Staff

pages = Blueprint("login", __name__)
DEMO_PASSWORD = "anyang12345"


@pages.get("/login")
@allow(PUBLIC)
def form() -> ResponseReturnValue:
    if here.me_or_none is not None:
        return redirect(local_path(request.args.get("next", "/")))
    return _page(request.args.get("next", "/"))


@pages.post("/login")
@allow(PUBLIC)
@limiter.limit("10 per minute; 100 per hour", deduct_when=refused)
def enter() -> ResponseReturnValue:
    name, password = request.form.get("login", "").strip()[:48], request.form.get("password", "")[:200]
    staff = here.db.scalar(select(Staff).where(Staff.login == name))
    if not _right(staff, password):
        _note_failure(name)
        sentence = _("用户名或密码不对，请重试。忘记密码请联系管理员。")
        return _page(request.form.get("next", "/"), name, {"password": sentence}), 401
    assert staff is not None
    secret = sessions.begin(here.db, staff, here.now, here.address, request.user_agent.string)
    record(here.db, "login", sessions.actor_of(staff, here.city), here.now, address=here.address)
    response = make_response(redirect(local_path(request.form.get("next", "/"))))
    sessions.set_cookie(response, secret)
    return response


def _page(target: str, name: str = "", problems: dict[str, str] | None = None) -> str:
    return render_template(
        "account/login.html",
        next=local_path(target),
        value={"login": name},
        problems=problems or {},
        demo=_demo_people(),
        demo_password=DEMO_PASSWORD if here.settings.demo else "",
    )


@pages.post("/logout")
@allow(EVERYBODY)
def logout() -> ResponseReturnValue:
    session = here.db.merge(g.session)
    session.ended_at = here.now
    record(here.db, "logout", here.me, here.now, address=here.address)
    response = make_response(redirect(url_for("login.form")))
    response.delete_cookie(sessions.COOKIE)
    return response


@pages.get("/account")
@allow(EVERYBODY)
def account() -> ResponseReturnValue:
    return render_template("account/account.html", must=g.must_change, problems={})


@pages.post("/account/password")
@allow(EVERYBODY)
@limiter.limit("10 per minute")
def change() -> ResponseReturnValue:
    staff = here.db.get(Staff, here.me.id)
    try:
        new = _checked_password(staff)
    except Refusal as refusal:
        return render_template("account/account.html", must=g.must_change, problems=refusal.problems), 400
    assert staff is not None
    staff.password_hash, staff.must_change = hasher.hash(new), False
    end_sessions(here.db, staff.id, here.now, except_id=g.session.id)
    record(here.db, "password_changed", here.me, here.now, address=here.address)
    return redirect("/")


@pages.post("/language")
@allow(PUBLIC)
def language() -> ResponseReturnValue:
    code = request.form.get("code", "zh")
    response = make_response(redirect(local_path(request.form.get("next") or request.headers.get("Referer", "/"))))
    response.set_cookie(
        sessions.LANGUAGE_COOKIE,
        code if code in LANGUAGES else "zh",
        max_age=365 * 86400,
        samesite="Lax",
        httponly=True,
        secure=here.settings.secure_cookies,
    )
    return response


def _right(staff: Staff | None, password: str) -> bool:
    try:
        hasher.verify(staff.password_hash if staff else _nobody(), password)
    except VerifyMismatchError:
        return False
    return staff is not None and staff.active


@cache
def _nobody() -> str:
    """A login that does not exist costs as much time as a wrong password."""
    return hasher.hash("nobody")


def _note_failure(name: str) -> None:
    """Kept although the request is refused: who tried which name, from where."""
    record(here.db, "login_failed", None, here.now, subject=name, address=here.address)
    here.db.commit()


def _checked_password(staff: Staff | None) -> str:
    old, new, again = (request.form.get(name, "")[:200] for name in ("old", "new", "again"))
    if not _right(staff, old):
        raise Refusal(_("原密码不对。"), field="old")
    if len(new) < SHORTEST or new in (old, DEMO_PASSWORD):
        raise Refusal(_("新密码至少 %(n)d 个字符，并且不能与原密码或演示密码相同。", n=SHORTEST), field="new")
    if new != again:
        raise Refusal(_("两次输入的新密码不一样。"), field="again")
    return new


def _demo_people() -> list[tuple[str, str, str]]:
    """In demo mode the login page offers one button per role, so that a newcomer sees every desk: (login, name, roles)."""
    if not here.settings.demo:
        return []
    people = here.db.scalars(select(Staff).where(Staff.login.like("demo-%"), Staff.active.is_(True)).order_by(Staff.id))
    return [(one.login, one.name, _("、").join(_(ROLE_NAMES[Role(role)]) for role in one.roles)) for one in people]
