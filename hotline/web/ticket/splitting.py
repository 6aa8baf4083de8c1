"""Splitting by looking first: the new matter's words on the left, both tickets as they would be on the right, then the yes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.city.schema import worded
from hotline.errors import NotAllowed, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.tickets.act import act, lock, may_do
from hotline.tickets.fields import clean
from hotline.tickets.lifecycle import ACTIONS, find_move
from hotline.tickets.privacy import redact, visibility
from hotline.tickets.states import STATES, State
from hotline.triage.propose import Given, consider
from hotline.web.core.formatting import TicketRow, row_of
from hotline.web.core.forms.categories import category_of, category_options
from hotline.web.core.permission import CENTRE, allow, local_path
from hotline.web.core.request_context import here
from hotline.web.ticket.undo import flash_undoable
from models import Ticket

pages = Blueprint("splitting", __name__)
NAMES = ("title", "body", "category")


@pages.get("/tickets/<number>/split")
@allow(CENTRE)
def show(number: str) -> ResponseReturnValue:
    ticket = visibility.see(here.db, here.me, number)
    _check(ticket)
    return _page(ticket, {name: request.args.get(name, "") for name in NAMES})


@pages.post("/tickets/<number>/split")
@allow(CENTRE)
def split(number: str) -> ResponseReturnValue:
    """then: look (both as they would be) or split. For some seconds the green bar takes it back."""
    ticket = visibility.see(here.db, here.me, number)
    _check(ticket)
    typed = {name: request.form.get(name, "").strip() for name in NAMES}
    try:
        told = clean(
            ACTIONS["split"].fields, {**typed, "category": category_of(typed["category"], here.city)}, here.city
        )
        if request.form.get("then") != "split":
            return _page(ticket, typed, part=_part(ticket, told))
        event = act(
            here.db, here.city, lock(here.db, ticket.id), "split", here.me, here.now, told, seen=_seen(), hold=True
        )
    except Refusal as refusal:
        here.db.rollback()
        again = visibility.see(here.db, here.me, number)
        return _page(again, typed, refusal.problems or {"": refusal.sentence}), refusal.status
    here.db.flush()
    back = local_path(request.form.get("next") or url_for("tickets.show", number=number))
    flash_undoable(_("已拆出工单 %(number)s。", number=event.data["part_number"]), [event], back)
    return redirect(back, 303)


def _seen() -> int | None:
    return request.form.get("seen", type=int)


def _check(ticket: Ticket) -> None:
    move = find_move(ticket.state, "split")
    if move is None:
        raise OutOfTurn(_("工单现在是“%(state)s”，不能拆分。", state=_(STATES[State(ticket.state)].name)))
    if not may_do(ticket, here.me, move):
        raise NotAllowed(_("您没有权限拆分这张工单。"))


def _page(
    ticket: Ticket,
    typed: dict[str, str],
    problems: dict[str, str] | None = None,
    part: dict[str, Any] | None = None,
) -> str:
    return render_template(
        "ticket/split.html",
        ticket=ticket,
        row=row_of(TicketRow, ticket),
        words=redact.words_for(here.me, ticket),
        typed=typed,
        problems=problems or {},
        part=part,
        categories=category_options(),
        next=request.values.get("next", ""),
    )


def _part(ticket: Ticket, told: dict[str, Any]) -> dict[str, Any]:
    """The new ticket as it would be: where it would be proposed to go, and how urgent its own words make it."""
    given = Given(category=told.get("category"), area=ticket.area)
    found = consider(here.city, here.installation.classifier, told["body"], given)
    by_person = ticket.urgency if ticket.urgency_by == "person" else None
    return {
        "title": told["title"],
        "body": told["body"],
        "category": here.city.category_name(told.get("category") or found.category),
        "unit": here.city.unit_name(found.unit) or _("由派单员选择"),
        "why": worded(found.decision.reasons[0]) if found.decision and found.decision.reasons else "",
        "urgency": by_person or found.urgency,
    }
