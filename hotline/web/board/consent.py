"""The citizen says on the own page, or on the telephone, whether the matter may be published, and takes it back with one press."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.i18n import _
from hotline.public_board import consent
from hotline.tickets.privacy import visibility
from hotline.tickets.roles import Role, a_citizen
from hotline.web.citizen.access import need
from hotline.web.core.limits.rate_limits import browser, limited, ticket_and_address
from hotline.web.core.permission import PUBLIC, allow, local_path
from hotline.web.core.request_context import here
from models import Publication, Ticket

pages = Blueprint("public_consent", __name__)
ON_THE_PHONE = frozenset({Role.AGENT, Role.LEAD_AGENT, Role.FOLLOW_UP})
"""Who speaks with citizens, and writes down what they say."""


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(publication_of=publication_of, may_be_public=consent.may_be_public)


def publication_of(ticket: Ticket) -> Publication | None:
    return consent.publication_of(here.db, ticket)


@pages.post("/p/<number>/public")
@allow(PUBLIC)
@limited(("20 per hour", ticket_and_address, None), ("60 per minute", browser, None))
def say(number: str) -> ResponseReturnValue:
    """answer: yes, or anything else to take it back."""
    own = need(number)
    if request.form.get("answer") == "yes":
        consent.give(here.db, own, a_citizen(own), here.now)
        flash(_("已记下您的同意。办结后由工作人员隐去个人信息、审读后才公开，您随时可以收回。"), "good")
    else:
        consent.take_back(here.db, own, a_citizen(own), here.now)
        flash(_("已收回同意，这件不再公开。"), "good")
    return redirect(url_for("citizen.progress.show", number=own.number), 303)


@pages.post("/tickets/<number>/public")
@allow(ON_THE_PHONE)
def told(number: str) -> ResponseReturnValue:
    """What the citizen said on the telephone, under the name of whoever wrote it down."""
    ticket = visibility.see(here.db, here.me, number)
    if request.form.get("answer") == "yes":
        consent.give(here.db, ticket, here.me, here.now)
        flash(_("已记下：市民在电话里同意公开，由您代录。审读后才公开。"), "good")
    else:
        consent.take_back(here.db, ticket, here.me, here.now)
        flash(_("已收回同意，这件不再公开。"), "good")
    back = request.form.get("next") or url_for("tickets.show", number=number)
    return redirect(local_path(back), 303)
