"""Security keys on the page of the second factor: their questions, a new one, its name, and its end."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from hotline.errors import NotAllowed, Refusal
from hotline.i18n import _
from hotline.staff.notices import tell_person
from hotline.staff.sign_in import security_keys
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import actor_of
from hotline.web.account import second
from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.request_context import here
from models import SecurityKey, Staff

pages = Blueprint("security_keys", __name__, url_prefix="/account/second/keys")


@pages.post("/question")
@allow(PUBLIC)
def question() -> ResponseReturnValue:
    """What the browser asks the person's own keys."""
    return _json(security_keys.question(here.db, here.settings, second.somebody(), second.session_id(), here.now))


@pages.post("/question/new")
@allow(PUBLIC)
def question_for_new() -> ResponseReturnValue:
    staff = second.may_set_up()
    return _json(
        security_keys.question_for_new(here.db, here.city, here.settings, staff, second.session_id(), here.now)
    )


@pages.post("/")
@allow(PUBLIC)
def register() -> ResponseReturnValue:
    """A key that was touched is a second factor shown: whoever had none goes on signed in."""
    staff = second.may_set_up()
    name, answer = request.form.get("name", ""), request.form.get("answer", "")
    try:
        codes = security_keys.register(here.db, here.settings, staff, second.session_id(), name, answer, here.now)
    except Refusal as refusal:
        here.db.rollback()
        return second.page_of(staff, refusal)
    newest = security_keys.keys_of(here.db, staff.id)[-1]
    _told("security_key_added", staff, newest)
    return second.through(second.codes_or_on(codes), staff)


@pages.post("/<int:key_id>/rename")
@allow(PUBLIC)
def rename(key_id: int) -> ResponseReturnValue:
    staff = _signed_in()
    held = security_keys.rename(here.db, staff.id, key_id, request.form.get(f"name-{key_id}", ""))
    second.note("security_key_renamed", staff)
    return redirect(url_for("second.show", next="/account", _anchor=f"key-{held.id}"), 303)


@pages.post("/<int:key_id>/remove")
@allow(PUBLIC)
def remove(key_id: int) -> ResponseReturnValue:
    staff = _signed_in()
    held = security_keys.remove(here.db, here.settings, staff, key_id)
    _told("security_key_removed", staff, held)
    return redirect(url_for("second.show", next="/account"), 303)


def _signed_in() -> Staff:
    """Wholly, and with a second factor shown within minutes."""
    if here.me_or_none is None:
        raise NotAllowed(_("请先登录。"))
    return second.may_set_up()


def _told(action: str, staff: Staff, held: SecurityKey) -> None:
    """The book and the owner learn of it by the key's name."""
    actor = actor_of(staff, here.city)
    record(here.db, action, actor, here.now, subject=staff.login, address=here.address, key=held.id)
    tell_person(here.db, staff.id, action, here.now, name=held.name)


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")
