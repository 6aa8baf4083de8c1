"""The check before submitting: the unit sees what a strict reviewer would say, while it writes. It only reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for

from hotline.i18n import _
from hotline.review_advice.advise import Advice, advise
from hotline.review_advice.promised import Promises, promised
from hotline.tickets.citizens.heard import others_heard
from hotline.tickets.deadlines import own_wait_ends
from hotline.tickets.privacy import redact, visibility
from hotline.web.core.limits.idempotency import keyless
from hotline.web.core.permission import UNITS, allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from models import Ticket

pages = Blueprint("checks", __name__)


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(
        reply_advice=reply_advice, reply_promises=reply_promises, reply_wait=wait_offered
    )


@pages.post("/tickets/<number>/check")
@allow(UNITS)
@keyless
def reply(number: str) -> str:
    """What is typed so far, judged; nothing is stored and nothing is blocked."""
    read_only()
    ticket = visibility.see(here.db, here.me, number)
    return render_template(
        "ticket/_check.html",
        advice=reply_advice(ticket, request.form),
        values_now=request.form,
        wait=wait_offered(ticket, request.form),
    )


def reply_advice(ticket: Ticket, fields: Mapping[str, Any]) -> Advice | None:
    on = here.city.calendar.day_of(here.now)
    judge, others = here.installation.review_models.judge(), others_heard(here.db, ticket)
    found = advise(here.city, ticket, fields, judge, on=on, others=others)
    return redact.starred_throughout(ticket, found)


def reply_promises(fields: Mapping[str, Any]) -> Promises:
    """What is promised in what is typed so far, as of today."""
    return promised(here.city, fields, here.city.calendar.day_of(here.now))


@dataclass(frozen=True)
class WaitOffered:
    """words: what it does. url: its form, with the promised day filled in."""

    words: str
    url: str


def wait_offered(ticket: Ticket, fields: Mapping[str, Any]) -> WaitOffered | None:
    """Waiting until the nearest promised day: by the unit itself, or asked for where it lies further off; None when there is none."""
    until = reply_promises(fields).nearest
    if until is None or ticket.state != "handling":
        return None
    day = until.isoformat()
    if until <= own_wait_ends(here.city, here.now):
        words = _("还没办完？约定 %(day)s 跟进，答复时限暂停", day=day)
        return WaitOffered(words, url_for("tickets.ask", number=ticket.number, action="wait", until=day))
    words = _("还没办完？申请长期跟进到 %(day)s，同意后答复时限暂停", day=day)
    return WaitOffered(words, url_for("tickets.ask_petition", number=ticket.number, kind="wait", until=day))
