"""The question behind the link in the text: one tap is an answer, everything else may follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import Refusal
from hotline.followup.answers import TAPS, answer, by_token
from hotline.followup.direct import answered_directly
from hotline.followup.more import may_say_more, say_more
from hotline.followup.own_people import tell_of
from hotline.i18n import _
from hotline.tickets.fields import clean
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.privacy.redact import ANSWER, starred
from hotline.tickets.vocabulary import SCALE, SOLVED
from hotline.web.citizen.access import public_page
from hotline.web.core.limits.rate_limits import address, limited, network_of, survey
from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sessions import COOKIE
from models import LoginSession, Survey, Ticket

pages = Blueprint("survey", __name__, url_prefix="/s")
STAFF_NETWORK = timedelta(days=7)
"""Where somebody was signed in so lately is a network that staff work from."""


@pages.get("/<token>", strict_slashes=False)
@allow(PUBLIC)
@limited(("60 per minute", survey, None), ("600 per minute", address, None))
def show(token: str) -> str:
    """Looking changes nothing: telephones fetch links ahead of their owners."""
    return _page(token)


@pages.get("/<token>/<path:glued>")
@allow(PUBLIC)
@limited(("60 per minute", survey, None), ("600 per minute", address, None))
def glued(token: str, glued: str) -> ResponseReturnValue:
    """A phone took the words behind the link for a part of it, and there is a slash among them."""
    return redirect(url_for(".show", token=token))


@pages.post("/<token>")
@allow(PUBLIC)
@limited(("10 per minute", survey, None), ("600 per minute", address, None))
def rate(token: str) -> ResponseReturnValue:
    """tap: 1, 2 or 3 as in the text message; or the long form's own answers."""
    survey = by_token(here.db, token)
    given = dict(TAPS.get(request.form.get("tap", ""), {})) or _given()
    try:
        clean(ACTIONS["record"].fields, given, here.city)
        flagged = looks_like_staff()
        answer(here.db, here.city, survey, given, here.now, by="page", flagged=flagged)
        if flagged:
            tell_of(here.db, survey, flagged, here.now, who=here.me_or_none, address=here.address)
    except Refusal as refusal:
        read_only()
        return _page(token, request.form, refusal.problems or {"": refusal.sentence}), refusal.status
    return redirect(url_for("citizen.survey.show", token=token), 303)


@pages.post("/<token>/more")
@allow(PUBLIC)
@limited(("10 per minute", survey, None), ("600 per minute", address, None))
def more(token: str) -> ResponseReturnValue:
    survey = by_token(here.db, token)
    try:
        say_more(here.city, survey, _given(), here.now)
    except Refusal as refusal:
        read_only()
        return _page(token, request.form, refusal.problems or {"": refusal.sentence}), refusal.status
    flash(_("已记下，谢谢您。"), "good")
    return redirect(url_for("citizen.survey.show", token=token), 303)


def looks_like_staff() -> str | None:
    """Why this answer may be a colleague's: the browser is signed in here, or has been ("session"), or its network is one
    that staff work from ("address"). This very machine is nobody's network."""
    if here.me_or_none is not None or COOKIE in request.cookies:
        return "session"
    network = address()
    if network.startswith(("127.", "::1/", "::/")):
        return None
    lately = LoginSession.seen_at > here.now - STAFF_NETWORK
    worked = here.db.scalars(select(LoginSession.address).where(lately).distinct()).all()
    return "address" if network in {network_of(one) for one in worked if one} else None


def _given() -> dict[str, str]:
    names = ("solved", "result", "attitude", "contacted", "comment")
    return {name: request.form[name] for name in names if request.form.get(name, "").strip()}


def _page(token: str, value: Mapping[str, Any] | None = None, problems: Mapping[str, str] | None = None) -> str:
    survey = by_token(here.db, token)
    ticket = here.db.get_one(Ticket, survey.ticket_id)
    asked = survey.answered_at is None and survey.outcome in ("asked", "in_doubt")
    takes_answers = ticket.state == "to_follow_up" or answered_directly(ticket)
    open_now = asked and takes_answers and ticket.round == survey.round
    standing = "open" if open_now else "answered" if survey.answered_at else "over"
    scale = {str(code): _(word) for code, word in (survey.scale or SCALE).items()}
    return public_page(
        "citizen/survey.html",
        survey=survey,
        token=token,
        standing=standing,
        number=_own_number(ticket, survey),
        unit=here.city.unit_name(survey.unit_code) if survey.unit_code else _("热线中心"),
        direct=survey.unit_code is None,
        answer=starred(ticket, ticket.text.public_answer, ANSWER),
        scale=scale,
        solved={code: _(word) for code, word in SOLVED.items()},
        more=may_say_more(survey, here.now),
        value=value or {},
        problems=problems or {},
    )


def _own_number(ticket: Ticket, survey: Survey) -> str:
    """The number this citizen knows: their own, when their ticket was merged."""
    return ticket.number if survey.own_id == ticket.id else here.db.get_one(Ticket, survey.own_id).number
