"""The citizen says on the own page whether the matter may be published, and takes it back with one press."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.i18n import _
from hotline.public_board import consent
from hotline.tickets.roles import a_citizen
from hotline.web.citizen.access import need
from hotline.web.core.limits.rate_limits import browser, limited, ticket_and_address
from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.request_context import here

pages = Blueprint("public_consent", __name__)


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
