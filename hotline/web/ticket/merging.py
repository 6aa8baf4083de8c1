"""Merging by picking: who may be the same matter, or a search; then both side by side before the yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import NotAllowed, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.intake.duplicates import duplicates_of
from hotline.tickets.act import act, lock, may_do
from hotline.tickets.context import ActionContext
from hotline.tickets.lifecycle import find_move
from hotline.tickets.lists.ticket_list import Wanted, find
from hotline.tickets.privacy import redact, visibility
from hotline.tickets.states import STATES, State
from hotline.web.core.formatting import TicketRow, masked_name, masked_phone, row_of
from hotline.web.core.permission import CENTRE, allow, local_path
from hotline.web.core.request_context import here
from hotline.web.ticket.undo import flash_undoable
from models import Ticket

pages = Blueprint("merging", __name__)
SHOWN = 8


@dataclass(kw_only=True)
class Candidate(TicketRow):
    """A ticket into which this one may go. why: what speaks for it."""

    why: str


@pages.get("/tickets/<number>/merge")
@allow(CENTRE)
def show(number: str) -> ResponseReturnValue:
    ticket = visibility.see(here.db, here.me, number)
    _check(ticket)
    return _page(ticket)


@pages.post("/tickets/<number>/merge")
@allow(CENTRE)
def merge(number: str) -> ResponseReturnValue:
    """Put it into the one that was looked at; for some seconds the green bar takes it back."""
    ticket = lock(here.db, visibility.see(here.db, here.me, number).id)
    master = request.form.get("master", "")
    try:
        event = act(
            here.db,
            here.city,
            ticket,
            "merge",
            here.me,
            here.now,
            {"master": master, "note": request.form.get("note", "")},
            seen=request.form.get("seen", type=int),
            hold=True,
        )
    except Refusal as refusal:
        here.db.rollback()
        return _page(visibility.see(here.db, here.me, number), refusal.sentence), refusal.status
    here.db.flush()
    back = local_path(request.form.get("next") or url_for("tickets.show", number=number))
    flash_undoable(_("工单 %(number)s 已并入 %(master)s。", number=number, master=master), [event], back)
    return redirect(url_for("tickets.show", number=master), 303)


def _problem(ticket: Ticket, master: Ticket | None, chosen: str) -> str:
    """Said before the yes, not after it."""
    if master is not None:
        return _stands_in_the_way(ticket, master)
    return _("没有找到工单 %(number)s。", number=chosen[:24]) if chosen else ""


def _stands_in_the_way(ticket: Ticket, master: Ticket) -> str:
    move = find_move(ticket.state, "merge")
    context = ActionContext(here.db, here.city, ticket, "merge", here.me, here.now, {"master": master.number})
    return next((said for guard in (move.unless if move else ()) if (said := guard(context))), "")


def _ends_sooner(ticket: Ticket, master: Ticket) -> bool:
    """The clock of what is merged ends with it: whoever merges an older matter into a younger one is told."""
    return ticket.due_at is not None and (master.due_at is None or ticket.due_at < master.due_at)


def _may_merge(ticket: Ticket) -> bool:
    move = find_move(ticket.state, "merge")
    return move is not None and may_do(ticket, here.me, move)


def _check(ticket: Ticket) -> None:
    move = find_move(ticket.state, "merge")
    if move is None:
        raise OutOfTurn(_("工单现在是“%(state)s”，不能合并。", state=_(STATES[State(ticket.state)].name)))
    if not may_do(ticket, here.me, move):
        raise NotAllowed(_("您没有权限合并这张工单。"))


def _page(ticket: Ticket, problem: str = "") -> str:
    words, chosen = request.values.get("q", "").strip(), request.values.get("master", "").strip()
    master = here.db.scalar(
        select(Ticket).where(Ticket.number == chosen, Ticket.id != ticket.id, visibility.visible_to(here.me))
    )
    return render_template(
        "ticket/merge.html",
        ticket=ticket,
        words=words,
        problem=problem or _problem(ticket, master, chosen),
        refused=master is not None and bool(_stands_in_the_way(ticket, master)),
        found=_found(ticket, words),
        pair=[_side(ticket, False), _side(master, True)] if master is not None else [],
        master=master,
        sooner=master is not None and _ends_sooner(ticket, master),
        turns=master is not None and _may_merge(master),
        next=request.values.get("next", ""),
    )


def _found(ticket: Ticket, words: str) -> list[Candidate]:
    """What was searched for; without words those that look like the same matter."""
    if words:
        wanted = Wanted(number=words) if words.isdecimal() and len(words) >= 8 else Wanted(words=words, open=True)
        rows = find(here.db, here.me, wanted, sort="-created", size=SHOWN + 1).rows
        return [row_of(Candidate, one, why="") for one in rows if one.id != ticket.id][:SHOWN]
    likely = duplicates_of(here.db, here.city, here.me, ticket, ticket.category_code, here.now, most=SHOWN)
    return [row_of(Candidate, one.ticket, why="，".join(one.reasons)) for one in likely]


def _side(ticket: Ticket, leads: bool) -> dict[str, Any]:
    """One of the two, as they are compared."""
    readable = redact.may_read(here.me, ticket)
    return {
        "row": row_of(TicketRow, ticket),
        "leads": leads,
        "words": redact.starred(ticket, ticket.text.body) if readable else "",
        "place": " ".join(
            one
            for one in (
                here.city.area_name(ticket.area),
                ticket.street,
                redact.starred(ticket, ticket.text.place) if readable else "",
            )
            if one
        ),
        "caller": f"{masked_name(ticket.contact_name)} {masked_phone(ticket.contact_phone)}".strip(),
        "category": here.city.category_name(ticket.category_code),
        "created_at": ticket.created_at,
        "due_at": ticket.due_at,
    }
