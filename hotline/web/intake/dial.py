"""Calling a citizen from their ticket: one button, no number in sight, and what came of it written down by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import Refusal
from hotline.i18n import N_, _
from hotline.telephony import calls, hang_up, outbound
from hotline.tickets.privacy import visibility
from hotline.tickets.privacy.reveal import may_reveal
from hotline.tickets.roles import Role
from hotline.web.core.permission import EVERYBODY, allow, local_path
from hotline.web.core.request_context import here
from hotline.web.intake import calls as desk_calls
from models import Staff, Ticket

pages = Blueprint("dial", __name__)
AGENTS = frozenset({Role.AGENT, Role.LEAD_AGENT})
HINTS = {
    "contact": N_("接通 10 秒以上自动登记为先行联系；没接通也会记下，先行联系时限照走。"),
    "follow_up": N_("没接通的自动记一次；接通后请照市民的话记下评价。"),
    "talk": N_("通话结果自动记入工单经过。"),
}


@pages.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {"dial_bar": bar}


@pages.get("/tickets/<number>/dial")
@allow(EVERYBODY)
def show(number: str) -> str:
    return _fragment(visibility.see(here.db, here.me, number))


@pages.post("/tickets/<number>/dial")
@allow(EVERYBODY)
def start(number: str) -> ResponseReturnValue:
    """My telephone rings, then the citizen's."""
    return _do(number, lambda ticket: outbound.ring_citizen(here.db, ticket, _me(), here.me, here.now))


@pages.post("/tickets/<number>/dial/end")
@allow(EVERYBODY)
def end(number: str) -> ResponseReturnValue:
    return _do(number, _hang_up)


def bar(ticket: Ticket) -> dict[str, Any] | None:
    """What the button beside a citizen's number shows: ready, or my call to them; None where it may not or need not be shown.

    Without a provider and without a screen phone people dial by hand and write the contact down themselves.
    """
    if not ticket.contact_phone or not desk_calls.by_network() or not may_reveal(here.me, ticket):
        return None
    mine = outbound.latest(here.db, ticket.id, here.me.id)
    running = mine is not None and mine.state in calls.ON_THE_LINE
    return {
        "call": desk_calls.row(mine) if mine is not None else None,
        "running": running,
        "number": ticket.number,
        "hint": _(HINTS[outbound.purpose_of(ticket, here.me)]),
        "line": _has_telephone(),
        "screen": _on_screen() if running else "",
    }


def _fragment(ticket: Ticket, problem: str = "") -> str:
    return render_template("intake/_dial.html", dial=bar(ticket), problem=problem)


def _do(number: str, do: Callable[[Ticket], object]) -> ResponseReturnValue:
    ticket, problem = visibility.see(here.db, here.me, number), ""
    try:
        do(ticket)
    except Refusal as refusal:
        problem = refusal.sentence
    here.db.flush()
    if here.htmx:
        return _fragment(ticket, problem)
    if problem:
        flash(problem, "warn")
    return redirect(local_path(request.form.get("next") or url_for("tickets.show", number=number)), 303)


def _hang_up(ticket: Ticket) -> None:
    call = outbound.latest(here.db, ticket.id, here.me.id)
    if call is not None:
        hang_up.hang_up(here.db, here.city, call, here.now)


def _has_telephone() -> bool:
    """Agents have the softphone of their desk; others need a number of their own. On the screen everybody has one."""
    me = _me()
    return not here.settings.twilio_account_sid or bool(me.extension or me.phone) or bool(here.me.roles & AGENTS)


def _on_screen() -> str:
    """Where the citizen's telephone rings when no network is there."""
    return "" if here.settings.twilio_account_sid else url_for("phone.show", _anchor="others")


def _me() -> Staff:
    return here.db.get_one(Staff, here.me.id)
