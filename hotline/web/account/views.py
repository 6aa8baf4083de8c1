"""Signing in and out, changing one's password, language and appearance."""

from __future__ import annotations

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import Refusal
from hotline.i18n import LANGUAGES, _
from hotline.staff.accounts import about_person, end_sessions
from hotline.staff.notices import tell_person
from hotline.staff.sign_in.passwords import DEMO_PASSWORD, LONGEST, check_strength, hasher, is_right, nobodys_hash
from hotline.staff.sign_in.second_factor import is_required
from hotline.staff.single_sign_on import BY_PROVIDER
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import ROLE_NAMES, Role
from hotline.web.account import guessing, own_sessions, single_sign_on
from hotline.web.account.entering import asks_second, begin_session, tell_of_new_device
from hotline.web.admin.words import browser_words
from hotline.web.core import appearance, sessions
from hotline.web.core.limits.idempotency import keyless
from hotline.web.core.limits.rate_limits import limiter
from hotline.web.core.limits.unnamed import unnamed
from hotline.web.core.permission import EVERYBODY, PUBLIC, allow, local_path
from hotline.web.core.request_context import here
from models import Staff

pages = Blueprint("login", __name__)


@pages.get("/login")
@allow(PUBLIC)
def form() -> ResponseReturnValue:
    if here.me_or_none is not None:
        return redirect(local_path(request.args.get("next", "/")))
    if "half" in g:
        return redirect(url_for("second.show", next=local_path(request.args.get("next", "/"))))
    return _page(request.args.get("next", "/"))


@pages.post("/login")
@allow(PUBLIC)
@keyless
def enter() -> ResponseReturnValue:
    """The password is checked while no transaction is open: it takes long on purpose, and nobody else waits for it."""
    name, password = request.form.get("login", "").strip()[:48], request.form.get("password", "")[:LONGEST]
    tries = guessing.tries_at(name)
    if not tries.may_try():
        return _too_often(name)
    with here.installation.readings() as db:
        known = db.scalar(select(Staff).where(Staff.login == name))
    staff = _unchanged(known) if _may_enter(known, password) else None
    if staff is None:
        _note_failure(name, known, tries)
        sentence = _("用户名或密码不对，请重试。忘记密码请联系管理员。")
        return _page(request.form.get("next", "/"), name, {"password": sentence}), 401
    tries.succeeded()
    if staff.last_login_at is not None and not tries.known:
        tell_of_new_device(staff)
    target = local_path(request.form.get("next", "/"))
    half = asks_second(staff)
    response = make_response(redirect(url_for("second.show", next=target) if half else target))
    begin_session(response, staff)
    done = "login_password" if half else "login"
    record(here.db, done, sessions.actor_of(staff, here.city), here.now, address=here.address)
    return response


def _too_often(name: str) -> ResponseReturnValue:
    sentence = _("试得太多了，请过一分钟再试。忘记密码请联系管理员。")
    response = make_response(_page(request.form.get("next", "/"), name, {"password": sentence}), 429)
    response.headers["Retry-After"] = str(guessing.A_MINUTE)
    return response


def _page(target: str, name: str = "", problems: dict[str, str] | None = None) -> str:
    return render_template(
        "account/login.html",
        next=local_path(target),
        value={"login": name},
        problems=problems or {},
        demo=_demo_people(),
        sign_on=single_sign_on.sign_on_title(),
        demo_password=DEMO_PASSWORD if here.settings.demo else "",
    )


@pages.post("/logout")
@allow(EVERYBODY)
def logout() -> ResponseReturnValue:
    session = here.db.merge(g.session)
    session.ended_at = here.now
    record(here.db, "logout", here.me, here.now, address=here.address)
    by_provider = session.way == BY_PROVIDER and here.settings.oidc is not None
    response = make_response(redirect(url_for("sign_on.left" if by_provider else "login.form")))
    response.delete_cookie(sessions.COOKIE)
    return response


@pages.get("/account")
@allow(EVERYBODY)
def account() -> ResponseReturnValue:
    return _account({})


@pages.post("/account/password")
@allow(EVERYBODY)
@keyless
@limiter.limit("10 per minute", key_func=lambda: f"password:{here.me.id}")
def change() -> ResponseReturnValue:
    """A new password ends every session, this one too: it goes on under a new secret."""
    with here.installation.readings() as db:
        known = db.get_one(Staff, here.me.id)
    try:
        new = _checked_password(known)
    except Refusal as refusal:
        return _account(refusal.problems), 400
    hashed = hasher.hash(new)
    if (staff := _unchanged(known)) is None:
        return _account({"old": _("原密码不对。")}), 400
    staff.password_hash, staff.must_change = hashed, False
    end_sessions(here.db, staff.id, here.now)
    record(here.db, "password_changed", here.me, here.now, address=here.address)
    response = make_response(redirect("/"))
    begin_session(response, staff, g.session.second_at, g.session.way, g.session.provider_session)
    return response


def _account(problems: dict[str, str]) -> str:
    return render_template(
        "account/account.html",
        must=g.must_change,
        problems=problems,
        second_at=g.staff.second_at,
        second_required=is_required(here.settings, g.staff.roles),
        held=own_sessions.living(g.staff.id),
        mine=g.session.id,
        browser_words=browser_words,
    )


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


@pages.post("/appearance")
@allow(PUBLIC)
def dress() -> ResponseReturnValue:
    """Light, dark or as the system: kept with the person, and in this browser for the pages before signing in."""
    code = appearance.checked(request.form.get("code", ""))
    if here.me_or_none is not None:
        here.db.get_one(Staff, here.me.id).appearance = code
    response = make_response(redirect(local_path(request.form.get("next") or request.headers.get("Referer", "/"))))
    appearance.keep_in_browser(response, code)
    return response


def _unchanged(known: Staff | None) -> Staff | None:
    """The person, held, if password and account are still what they were when the password was checked; else nobody."""
    if known is None:
        return None
    staff = here.db.get_one(Staff, known.id, populate_existing=True, with_for_update=True)
    return staff if staff.active and staff.password_hash == known.password_hash else None


def _may_enter(staff: Staff | None, password: str) -> bool:
    """The demo's people, and the password the whole world knows, only while the demo is on."""
    right = is_right(staff.password_hash if staff else nobodys_hash(), password)
    if staff is None or not right or not staff.active:
        return False
    return here.settings.demo or not (staff.demo or password == DEMO_PASSWORD)


def _note_failure(name: str, staff: Staff | None, tries: guessing.Tries) -> None:
    """Kept although the request is refused: who was tried, from where. What names nobody here may be a password or a phone
    typed into the wrong field, and is kept as a digest that nobody computes without the key."""
    subject = staff.login if staff else f"#{unnamed('login', name)[:12]}"
    record(here.db, "login_failed", None, here.now, subject=subject, address=here.address)
    if staff is not None and tries.alarming():
        tell_person(here.db, staff.id, "sign_in_tried", here.now)
        record(here.db, "login_slowed", None, here.now, subject=staff.login, address=here.address)
    here.db.commit()


def _checked_password(staff: Staff) -> str:
    old, new, again = (request.form.get(name, "")[:LONGEST] for name in ("old", "new", "again"))
    if not is_right(staff.password_hash, old):
        raise Refusal(_("原密码不对。"), field="old")
    if new == old:
        raise Refusal(_("新密码不能与原密码相同。"), field="new")
    check_strength(new, about_person(here.city, staff))
    if new != again:
        raise Refusal(_("两次输入的新密码不一样。"), field="again")
    return new


def _demo_people() -> list[tuple[str, str, str]]:
    """In demo mode the login page offers one button per role, so that a newcomer sees every desk: (login, name, roles)."""
    if not here.settings.demo:
        return []
    shown = (Staff.demo.is_(True), Staff.login.like("demo-%"), Staff.active.is_(True))
    people = here.db.scalars(select(Staff).where(*shown).order_by(Staff.id))
    return [(one.login, one.name, _("、").join(_(ROLE_NAMES[Role(role)]) for role in one.roles)) for one in people]
