"""The green bar's way back: for some seconds what was just done is taken back with one key, one ticket or many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.tickets.act import act, lock
from hotline.tickets.effects.taking_back import undo_of
from hotline.tickets.names import ActionName as Do
from hotline.tickets.privacy import visibility
from hotline.tickets.roles import SYSTEM
from hotline.web.core.limits.edge import whole_numbers
from hotline.web.core.permission import EVERYBODY, allow, local_path
from hotline.web.core.request_context import here
from models import TakingBack, Ticket, TicketEvent

pages = Blueprint("undo", __name__)
BAR = "undo"
"""Under this name the cookie keeps whose bar it is, until when, its sentence, its acts and its page."""

CLOSED = "undo_closed"
"""The cookie in which a page keeps the first act of a bar that was closed by hand (undo.js writes it): it is not shown again."""

MOST = 500
"""Acts that go back in one go: a macro's steps on each ticket of a list."""


def flash_undoable(sentence: str, events: Sequence[TicketEvent], back: str) -> None:
    """The sentence of what was done, with the way back where there is one. back: the page on which it was done.

    The bar belongs to the person and the session, not to one page: it comes with every page until its seconds are over.
    """
    ways = [event for event in events if undo_of(event) is not None]
    seconds = here.city.policy.undo_seconds
    if not ways or not seconds:
        flash(sentence, "good")
        return
    numbers = ",".join(str(event.id) for event in ways)
    cookie[BAR] = [here.me.id, (here.now + timedelta(seconds=seconds)).timestamp(), sentence, numbers, back]


def undo_bar() -> list[tuple[str, str]]:
    """The bar of what this person did last, as a flash, with the seconds that are left; nothing when they are over or it was closed."""
    mine, until, sentence, numbers, back = cookie.get(BAR) or (None, 0.0, "", "", "")
    if here.me_or_none is None or mine != here.me.id:
        return []
    left = ceil(until - here.now.timestamp())
    if left <= 0 or request.cookies.get(CLOSED) == numbers.split(",")[0]:
        cookie.pop(BAR, None)
        return []
    return [(f"undo:{numbers}:{left}:{back}", sentence)]


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals["undo_bar"] = undo_bar


@pages.post("/undo")
@allow(EVERYBODY)
def undo() -> ResponseReturnValue:
    """events: the numbers of the acts. What can no longer be taken back says so, the others go back, the last first."""
    cookie.pop(BAR, None)
    numbers = sorted(whole_numbers(request.form.get("events", "").split(",")[:MOST]), reverse=True)
    done, refused = 0, ""
    for number in numbers:
        try:
            with here.db.begin_nested():
                _take_back(number)
            done += 1
        except Refusal as refusal:
            refused = refusal.sentence
    if done:
        flash(
            _("已撤销，一切恢复原样，没有发出任何通知。") if done == 1 else _("已撤销 %(n)d 件，恢复原样。", n=done),
            "good",
        )
    if refused:
        flash(refused, "warn")
    return redirect(local_path(request.form.get("back", "")) or url_for("home"), 303)


def _take_back(number: int) -> None:
    event = here.db.get(TicketEvent, number)
    wanted = undo_of(event) if event is not None else None
    if event is None or wanted is None:
        raise Refusal(_("没有可以撤销的。"))
    ticket = here.db.get_one(Ticket, event.ticket_id)
    visibility.see(here.db, here.me, ticket.number)
    held = lock(here.db, ticket.id)
    _stands_where_it_went(event, held)
    act(here.db, here.city, held, wanted, here.me, here.now)
    if wanted == Do.UNDO_SPLIT:
        part = lock(here.db, int(event.data["part_id"]))
        act(here.db, here.city, part, Do.VOID, SYSTEM, here.now, {"reason": _("撤销拆分")})


def _stands_where_it_went(event: TicketEvent, ticket: Ticket) -> None:
    """A second press, and an act that others have built upon, are told as what they are."""
    kept = here.db.get(TakingBack, event.id)
    if kept is not None and kept.undone_at is not None:
        raise Refusal(_("这一步已经撤销过了，一切已恢复原样。"))
    if event.action != Do.SPLIT and event.to_state != ticket.state:
        raise Refusal(_("这一步已经不能撤销：工单又往前走了。"))
