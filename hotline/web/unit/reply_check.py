"""The check before submitting: the unit sees what a strict reviewer would say, while it writes. It only reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request

from hotline.review_advice.advise import Advice, advise
from hotline.tickets.privacy import visibility
from hotline.web.core.permission import UNITS, allow
from hotline.web.core.read_only import only_reading
from hotline.web.core.request_context import here
from models import Ticket

pages = Blueprint("checks", __name__)


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(reply_advice=reply_advice)


@pages.post("/tickets/<number>/check")
@allow(UNITS)
def reply(number: str) -> str:
    """What is typed so far, judged; nothing is stored and nothing is blocked."""
    only_reading()
    ticket = visibility.see(here.db, here.me, number)
    return render_template("ticket/_check.html", advice=reply_advice(ticket, request.form))


def reply_advice(ticket: Ticket, fields: Mapping[str, Any]) -> Advice | None:
    return advise(here.city, ticket, fields, here.installation.review_models.judge())
