"""The check before submitting: the unit sees what a strict reviewer would say, while it writes. It only reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for

from hotline.review_advice.advise import Advice, advise
from hotline.review_advice.promised import Promises, promised
from hotline.tickets.privacy import visibility
from hotline.web.core.permission import UNITS, allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from models import Ticket

pages = Blueprint("checks", __name__)


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(
        reply_advice=reply_advice, reply_promises=reply_promises, reply_wait_url=wait_url
    )


@pages.post("/tickets/<number>/check")
@allow(UNITS)
def reply(number: str) -> str:
    """What is typed so far, judged; nothing is stored and nothing is blocked."""
    read_only()
    ticket = visibility.see(here.db, here.me, number)
    return render_template(
        "ticket/_check.html",
        advice=reply_advice(ticket, request.form),
        values_now=request.form,
        wait_url=wait_url(ticket, request.form),
    )


def reply_advice(ticket: Ticket, fields: Mapping[str, Any]) -> Advice | None:
    on = here.city.calendar.day_of(here.now)
    return advise(here.city, ticket, fields, here.installation.review_models.judge(), on=on)


def reply_promises(fields: Mapping[str, Any]) -> Promises:
    """What is promised in what is typed so far, as of today."""
    return promised(here.city, fields, here.city.calendar.day_of(here.now))


def wait_url(ticket: Ticket, fields: Mapping[str, Any]) -> str:
    """The form for waiting with the nearest promised day filled in; "" when none is still to come."""
    found = reply_promises(fields)
    if found.nearest is None or ticket.state != "handling":
        return ""
    return url_for("tickets.ask", number=ticket.number, action="wait", until=found.nearest.isoformat())
