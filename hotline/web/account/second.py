"""The second factor's page: set it up, show it at sign-in, renew its codes, switch it off.

Whoever has given the right password and nothing more is nobody on every other page.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import segno
from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import NotAllowed, Refusal, TooMany
from hotline.i18n import _
from hotline.staff.notices import tell_person
from hotline.staff.sign_in import second_factor, security_keys
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import actor_of
from hotline.web.account import guessing
from hotline.web.account.entering import begin_session
from hotline.web.core import sessions
from hotline.web.core.limits.idempotency import keyless
from hotline.web.core.permission import PUBLIC, allow, local_path
from hotline.web.core.request_context import here
from models import LoginSession, Staff

pages = Blueprint("second", __name__, url_prefix="/account/second")
FRESH = timedelta(minutes=10)


@pages.get("/", strict_slashes=False)
@allow(PUBLIC)
def show() -> ResponseReturnValue:
    staff = _whoever()
    return page_of(staff) if staff else redirect(url_for("login.form", next=_next()))


@pages.post("/begin")
@allow(PUBLIC)
def begin() -> ResponseReturnValue:
    staff = may_set_up()
    second_factor.begin(here.db, staff, here.settings, here.now)
    return redirect(url_for("second.show", next=_next()), 303)


@pages.post("/confirm")
@allow(PUBLIC)
def confirm() -> ResponseReturnValue:
    """The first digits: from now on they are asked for, and the recovery codes are on this answer and nowhere else."""
    staff = may_set_up()
    try:
        _slow_down(staff)
        codes = second_factor.confirm(here.db, staff, _typed(), here.settings, here.now)
    except Refusal as refusal:
        return page_of(staff, refusal)
    note("second_factor_on", staff)
    tell_person(here.db, staff.id, "second_factor_on", here.now)
    return through(codes_or_on(codes), staff)


@pages.post("/code")
@allow(PUBLIC)
@keyless
def enter() -> ResponseReturnValue:
    """The digits, a recovery code or a touched key, after the password; or once more by who is signed in."""
    staff = somebody()
    try:
        _slow_down(staff)
        way = _shown(staff)
        if way is None:
            raise _not_shown()
    except Refusal as refusal:
        note("second_factor_failed", staff)
        here.db.commit()
        return page_of(staff, refusal)
    if way == "recovery":
        note("recovery_used", staff)
        tell_person(here.db, staff.id, "recovery_used", here.now)
    return through(make_response(redirect(_next(), 303)), staff)


@pages.post("/recovery")
@allow(PUBLIC)
def renew() -> ResponseReturnValue:
    """New recovery codes, for who is signed in and shows the digits once more."""
    staff = _proved_again()
    note("recovery_renewed", staff)
    return _codes_page(second_factor.renew(here.db, staff.id))


@pages.post("/off")
@allow(PUBLIC)
def switch_off() -> ResponseReturnValue:
    staff = _proved_again()
    if second_factor.is_required(here.settings, staff.roles):
        raise NotAllowed(_("您的岗位必须使用验证码，不能关闭。"), code="second_is_required")
    second_factor.remove(here.db, staff)
    note("second_factor_off", staff)
    tell_person(here.db, staff.id, "second_factor_off", here.now)
    return redirect(url_for("login.account"), 303)


@pages.post("/leave")
@allow(PUBLIC)
def leave() -> ResponseReturnValue:
    """The right password of somebody who goes away again."""
    if "half" in g:
        here.db.get_one(LoginSession, g.half[0].id).ended_at = here.now
    response = make_response(redirect(url_for("login.form"), 303))
    response.delete_cookie(sessions.COOKIE)
    return response


def _whoever() -> Staff | None:
    """Who is signed in, or has given the right password and must go on here."""
    known: Staff | None = g.get("staff") or (g.half[1] if "half" in g else None)
    return here.db.get_one(Staff, known.id) if known else None


def somebody() -> Staff:
    staff = _whoever()
    if staff is None:
        raise NotAllowed(_("请先登录。"))
    return staff


def _proved_again() -> Staff:
    """Raises NotAllowed for who is not wholly signed in, Refusal for wrong digits."""
    if here.me_or_none is None:
        raise NotAllowed(_("请先登录。"))
    staff = somebody()
    _slow_down(staff)
    if _shown(staff) not in ("digits", "key"):
        raise _not_shown()
    guessing.digits_were_right(staff.id)
    return staff


def _shown(staff: Staff) -> str | None:
    """Which way the second factor was shown: key, digits, recovery, or None for neither."""
    if answer := request.form.get("answer", ""):
        return "key" if security_keys.shows(here.db, here.settings, staff, session_id(), answer, here.now) else None
    return second_factor.shows(here.db, staff, _typed(), here.settings, here.now)


def _not_shown() -> Refusal:
    if request.form.get("answer"):
        return Refusal(_("安全密钥没有通过，请再试一次。"), code="wrong_key", field="code")
    return Refusal(_("验证码不对，或者已经用过。"), code="wrong_digits", field="code")


def session_id() -> str:
    """The session that knows the password, or both."""
    return str(g.half[0].id if "half" in g else g.session.id)


def is_fresh() -> bool:
    """Whether a second factor was shown within minutes, or none is asked for yet: only then is another one taken or let go."""
    staff = somebody()
    if staff.second_at is None:
        return True
    shown = None if "half" in g else g.session.second_at
    return shown is not None and here.now - shown <= FRESH


def may_set_up() -> Staff:
    """A right password alone sets nothing up where a second factor counts already; nor does a session left open."""
    staff = somebody()
    if not is_fresh():
        raise NotAllowed(_("请先用现有的验证再确认一次。"), code="show_second_first")
    return staff


def _slow_down(staff: Staff) -> None:
    if not guessing.may_show_digits(staff.id):
        raise TooMany(_("试得太多了，请过一分钟再试。"), field="code")


def codes_or_on(codes: list[str]) -> Response:
    """The recovery codes, when there are new ones; else on to where the person wanted to go."""
    return make_response(_codes_page(codes)) if codes else make_response(redirect(_next(), 303))


def through(response: Response, staff: Staff) -> Response:
    """A session of its own from here on; the one that knew only the password ends."""
    guessing.digits_were_right(staff.id)
    if "half" not in g:
        here.db.get_one(LoginSession, g.session.id).second_at = here.now
        return response
    here.db.get_one(LoginSession, g.half[0].id).ended_at = here.now
    begin_session(response, staff, here.now, g.half[0].way, g.half[0].provider_session)
    note("login", staff)
    return response


def page_of(staff: Staff, refusal: Refusal | None = None) -> Any:
    secret = second_factor.waiting(here.db, staff.id, here.settings)
    page = render_template(
        "account/second.html",
        half="half" in g,
        confirmed=second_factor.has_digits(here.db, staff.id),
        asked=staff.second_at is not None,
        fresh=is_fresh(),
        keys=security_keys.keys_of(here.db, staff.id),
        keys_possible=bool(security_keys.site(here.settings)),
        required=second_factor.is_required(here.settings, staff.roles),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)) if secret else "",
        picture=_picture(secret, staff) if secret else "",
        next=_next(),
        problems=refusal.problems if refusal else {},
    )
    return page, refusal.status if refusal else 200


def _picture(secret: str, staff: Staff) -> str:
    told = second_factor.address(secret, staff.login, here.city.title)
    return segno.make(told, error="m").svg_data_uri(scale=5, border=2)


def _codes_page(codes: list[str]) -> str:
    return render_template("account/codes.html", codes=codes, next=_next())


def note(action: str, staff: Staff) -> None:
    record(here.db, action, actor_of(staff, here.city), here.now, subject=staff.login, address=here.address)


def _typed() -> str:
    return request.form.get("code", "")[:40].strip()


def _next() -> str:
    return local_path(request.values.get("next", "/"))
