"""The unit's desk: what to sign and how long is left, redo rounds first with their reasons, what the citizen said last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import NotFound
from hotline.i18n import N_, _
from hotline.messages.values import clock_name
from hotline.tickets.act import act, attempt, lock, may_do, possible
from hotline.tickets.lifecycle import Move, find_move
from hotline.tickets.lists import colleagues, dispatch_queue, signing_list, unit_queue
from hotline.tickets.lists.paging import PAGE_SIZE, Page
from hotline.tickets.lists.ticket_list import badge
from hotline.tickets.petitions import PETITIONS, PetitionKind, askable
from hotline.tickets.privacy.visibility import see
from hotline.tickets.reply_rules.assisting import due_of, helpers_of, unsigned_for
from hotline.tickets.roles import Role
from hotline.web.core.formatting import TicketRow, canonical_url, row_of
from hotline.web.core.permission import UNITS, allow, local_path
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_order, asked_page, named
from models import Assignment, Deadline, Review, Ticket, TicketEvent

pages = Blueprint("unit", __name__, url_prefix="/unit")

TABS = {
    "sign": N_("待签收"),
    "handling": N_("办理中"),
    "waiting": N_("待跟进"),
    "objecting": N_("退单待裁"),
    "review": N_("审核与回访"),
    "helping": N_("协办"),
    "delegated": N_("已转下级"),
    "closed": N_("近期办结"),
}
NUMBERS = {"overdue": N_("已超期"), "today": N_("今天到期"), "redo": N_("被退回重办")}
NOTHING = {
    "sign": N_("没有等待签收的工单。"),
    "handling": N_("没有正在办理的工单。"),
    "waiting": N_("没有约定跟进的工单。"),
    "objecting": N_("没有等待裁决的退单。"),
    "review": N_("没有等待审核或回访的答复。"),
    "helping": N_("没有需要协办的工单。"),
    "delegated": N_("没有转给下级的工单。"),
    "closed": N_("近 30 天没有办结的工单。"),
    "overdue": N_("没有超期的工单，很好。"),
    "today": N_("今天没有到期的工单。"),
    "redo": N_("没有退回重办的工单。"),
}
SAYS = ("add", "urge", "note_dissatisfied", "merged_dissatisfied", "note_partly", "merged_partly")
BUTTONS = ("reply", "resume", "sign_help", "report", "contact", "interim", "object", "delegate", "take_back", "wait")
"""The moves that have a button in a row, the most wanted first; signing has a button of its own, the rest is on the ticket."""

CLOCKS = {
    "to_sign": ("sign", "objection", "redo", "reply"),
    "handling": ("contact", "feedback", "redo", "reply"),
    "waiting": ("redo", "reply"),
}
LOAD_ORDERS = tuple(
    f"{down}{number}" for number in ("overdue", "redo", "to_sign", "handling", "waiting") for down in ("-", "")
)
AUTO_SIGN_WARNING = timedelta(hours=6)


@pages.get("/")
@allow(UNITS)
def show() -> str:
    return _page()


@pages.post("/sign")
@allow(UNITS)
def sign() -> ResponseReturnValue:
    """Sign every picked ticket; those that cannot be signed are listed with the reason, the others are signed."""
    numbers = list(dict.fromkeys(request.form.getlist("ticket")))[: PAGE_SIZE * 2]
    refused = [(number, sentence) for number in numbers if (sentence := _sign(number)) is not None]
    signed = len(numbers) - len(refused)
    if not numbers:
        flash(_("请先勾选要签收的工单。"), "warn")
    elif signed:
        flash(_("已签收 %(n)s 张工单。", n=signed), "good")
    if refused:
        canonical_url("unit.show", tab="sign", unit=request.form.get("unit") or None)
        return _page(refused)
    return redirect(url_for("unit.show", tab="sign", unit=request.form.get("unit") or None), 303)


@pages.post("/take/<number>")
@allow(UNITS)
def take(number: str) -> ResponseReturnValue:
    """The ticket is mine from now on, or a colleague's."""
    ticket, staff = lock(here.db, see(here.db, here.me, number).id), request.form.get("staff", "")
    action, said = ("hand_to", {"staff": staff}) if staff else ("take_on", {})
    refused = attempt(here.db, lambda: act(here.db, here.city, ticket, action, here.me, here.now, said))
    flash(
        refused.sentence if refused else _("工单 %(number)s 的承办人已记下。", number=number),
        "warn" if refused else "good",
    )
    return redirect(local_path(request.form.get("next") or url_for("unit.show")), 303)


@pages.post("/away")
@allow(UNITS)
def away() -> ResponseReturnValue:
    """I am away for some days: colleagues see which tickets were mine."""
    days = min(max(request.form.get("days", 0, int), 0), 60)
    colleagues.set_away(here.db, here.me, days, here.now)
    flash(_("已标明您不在 %(n)s 天，同事会看到您手上的工单。", n=days) if days else _("已标明您回来了。"), "good")
    return redirect(url_for("unit.show"), 303)


def _sign(number: str) -> str | None:
    """Sign one; None, or the sentence that refused it."""
    refused = attempt(
        here.db,
        lambda: act(
            here.db,
            here.city,
            lock(here.db, see(here.db, here.me, number).id),
            "sign",
            here.me,
            here.now,
            seen=request.form.get(f"seen-{number}", type=int),
        ),
    )
    return refused.sentence if refused else None


# --- the page --------------------------------------------------------------------------------------------------------


def _page(refused: Sequence[tuple[str, str]] = ()) -> str:
    tab = request.values.get("tab", "sign")
    tab = tab if tab in TABS or tab in NUMBERS else "sign"
    units, chosen = _scope()
    ends = _today_ends()
    orders = unit_queue.orders(tab)
    sort = asked_order(orders, next(iter(orders)))
    who = request.values.get("who", "")
    who = who if who in colleagues.WHO else ""
    owned = colleagues.owned_by(who, here.me, here.now)
    listed = unit_queue.page(here.db, here.me, tab, units, here.now, ends, sort=sort, also=owned, **asked_page())
    waiting = unit_queue.counts(here.db, here.me, units, here.now, ends)
    leads, by = len(here.me.units) > 1, asked_order(LOAD_ORDERS, "-overdue", "by")
    return render_template(
        "unit/show.html",
        tab=tab,
        tabs=_tabs(tab, chosen, waiting),
        numbers=_numbers(tab, chosen, waiting),
        rows=_rows(listed),
        listed=listed,
        sort=sort,
        orders=named(orders),
        nothing=_(NOTHING[tab]),
        chosen=chosen,
        who=who,
        colleagues=colleagues.of_units(here.db, here.me.units, here.now),
        loads_by_person=colleagues.loads(here.db, here.me, here.now),
        i_am_away=colleagues.is_away(g.staff, here.now),
        refused=refused,
        leads=leads,
        loads=unit_queue.loads(here.db, here.me, here.now, by) if leads else [],
        by=by,
        desk_name=here.city.unit_name(here.me.unit_code),
        title=_(TABS.get(tab) or NUMBERS[tab]),
        leader=here.me.is_(Role.UNIT_LEADER),
    )


def _scope() -> tuple[frozenset[str], str]:
    """The units whose work is shown: all of this person's, or the one chosen. Raises NotFound for another unit's."""
    chosen = request.values.get("unit", "")
    if not chosen:
        return here.me.units, ""
    if chosen not in here.me.units:
        raise NotFound(_("没有这个下属单位。"))
    return frozenset({chosen}), chosen


def _today_ends() -> datetime:
    zone = ZoneInfo(here.city.timezone)
    return datetime.combine(here.now.astimezone(zone).date() + timedelta(days=1), time(0), zone)


def _tabs(tab: str, chosen: str, waiting: dict[str, int]) -> list[tuple[str, str, bool, str | None]]:
    """Closed tickets need no number, and tabs of rare work show only when there is some."""
    shown = [code for code in TABS if waiting[code] or code in ("sign", "handling", "review", "closed", tab)]
    unsigned = signing_list.count(here.db, here.me)
    signing = [(_("待签发"), url_for("signing.show"), False, badge(unsigned))] if unsigned or here.me.signs else []
    return signing + [
        (
            _(TABS[code]),
            url_for("unit.show", tab=code, unit=chosen or None),
            code == tab,
            badge(waiting[code]) if code != "closed" else None,
        )
        for code in shown
    ]


def _numbers(tab: str, chosen: str, waiting: dict[str, int]) -> list[dict[str, Any]]:
    tones = {"overdue": "bad", "today": "warn", "redo": "warn"}
    return [
        {
            "label": _(label),
            "value": badge(waiting[code]) or "0",
            "href": url_for("unit.show", tab=code, unit=chosen or None),
            "tone": tones[code] if waiting[code] else "plain",
            "active": code == tab,
        }
        for code, label in NUMBERS.items()
    ]


def _rows(listed: Page) -> list[WorkRow]:
    ids = [one.id for one in listed.rows]
    clocks, said = unit_queue.clocks(here.db, ids), dispatch_queue.last_events(here.db, ids, *SAYS)
    reviews = unit_queue.sent_back(here.db, [one.id for one in listed.rows if one.round > 1] or [0])
    asked = unit_queue.asked_for(here.db, ids)
    names = colleagues.named(here.db, (one.handler_id for one in listed.rows), here.now)
    return [
        _row(one, clocks.get(one.id, {}), said.get(one.id), reviews.get(one.id), asked.get(one.id, set()), names)
        for one in listed.rows
    ]


@dataclass(frozen=True)
class PartClock:
    """The time of an assisting unit, which is not the lead's."""

    started_at: datetime
    due_at: datetime


@dataclass(kw_only=True)
class WorkRow(TicketRow):
    """A ticket as a unit works on it. said: the citizen's last words not replied to yet; asked: petitions that wait; clocks: by name.
    part: what this unit helps with, where another leads."""

    turn: int
    signable: bool
    said: TicketEvent | None
    review: Review | None
    petitions: list[PetitionKind]
    asked: list[str]
    buttons: list[Move]
    clocks: list[tuple[str, Deadline | PartClock]]
    part: Assignment | None
    auto_sign: bool
    must_sign: bool
    binding: bool
    closed_at: datetime | None
    handler_id: int | None
    handler: str
    handler_away: bool
    may_take: bool
    desk_code: str | None
    unit_code: str | None
    delegated: bool
    lead: str
    close_kind: str | None
    wait_until: datetime | None


def _row(
    ticket: Ticket,
    clocks: dict[str, Deadline],
    said: TicketEvent | None,
    review: Review | None,
    asked: set[str],
    names: dict[int | None, colleagues.Colleague],
) -> WorkRow:
    ended = ticket.closed_at is not None
    part = _my_part(ticket)
    moves = [] if ended else possible(ticket, here.me)
    may_object = _may_object(ticket, clocks.get("objection"), moves)
    buttons = [move for move in moves if _has_button(move, ticket, clocks, may_object)]
    petitions = [] if ended else [kind for kind in askable(ticket, here.me) if kind.name not in asked]
    return row_of(
        WorkRow,
        ticket,
        turn=ticket.move_count,
        signable=any(move.action == "sign" for move in moves),
        said=said if _fresh(ticket, said) else None,
        review=review if review is not None and not ended else None,
        petitions=petitions,
        asked=[_(PETITIONS[kind].label) for kind in sorted(asked)],
        buttons=sorted(buttons, key=lambda move: BUTTONS.index(move.action)),
        clocks=_clocks(ticket, clocks, may_object) if part is None else _clock_of(part, clocks),
        part=part,
        auto_sign=_signs_itself(clocks.get("sign")),
        must_sign=ticket.must_sign,
        binding=ticket.binding,
        closed_at=ticket.closed_at,
        handler_id=ticket.handler_id,
        handler=names[ticket.handler_id].name if ticket.handler_id in names else "",
        handler_away=ticket.handler_id in names and names[ticket.handler_id].away,
        may_take=any(move.action == "take_on" for move in moves) or _may_take(ticket),
        desk_code=ticket.desk_code,
        unit_code=ticket.unit_code,
        delegated=ticket.desk_code != ticket.unit_code,
        lead=here.city.unit_name(ticket.unit_code),
        close_kind=ticket.close_kind,
        wait_until=ticket.wait_until,
    )


def _may_take(ticket: Ticket) -> bool:
    move = find_move(ticket.state, "take_on")
    return move is not None and may_do(ticket, here.me, move)


def _may_object(ticket: Ticket, window: Deadline | None, moves: list[Move]) -> bool:
    """Objecting is offered only while its window is open and nothing binds the unit."""
    free = not (ticket.must_sign or ticket.binding) and any(move.action == "object" for move in moves)
    return free and window is not None and here.now <= window.due_at


def _has_button(move: Move, ticket: Ticket, clocks: dict[str, Deadline], may_object: bool) -> bool:
    """Only what makes sense now; everything else is on the ticket's page."""
    delegated = ticket.desk_code != ticket.unit_code
    sensible = {
        "object": may_object,
        "contact": ticket.contacted_at is None,
        "interim": "feedback" in clocks,
        "delegate": not delegated and bool(here.city.children(ticket.unit_code or "")),
        "take_back": delegated,
        "report": ticket.unit_code not in here.me.units,
        "sign_help": bool(unsigned_for(here.me, ticket)),
        "wait": "contact" not in clocks,
    }
    return move.action in BUTTONS and sensible.get(move.action, True)


def _fresh(ticket: Ticket, said: TicketEvent | None) -> bool:
    """The citizen's last words are shown until the unit has replied to them."""
    return said is not None and (ticket.replied_at is None or said.at > ticket.replied_at)


def _clocks(ticket: Ticket, clocks: dict[str, Deadline], may_object: bool) -> list[tuple[str, Deadline | PartClock]]:
    """The clocks that ask something of the unit now, by name."""
    asked = [
        clock for clock in CLOCKS.get(ticket.state, ()) if clock in clocks and (clock != "objection" or may_object)
    ]
    return [(_("可退单") if clock == "objection" else clock_name(clock), clocks[clock]) for clock in asked]


def _my_part(ticket: Ticket) -> Assignment | None:
    """What this person's unit was called in for."""
    if ticket.unit_code in here.me.units or ticket.desk_code in here.me.units:
        return None
    return next((held for held in helpers_of(ticket) if held.unit_code in here.me.units), None)


def _clock_of(part: Assignment, clocks: dict[str, Deadline]) -> list[tuple[str, Deadline | PartClock]]:
    """The helper's own half, until it has reported."""
    due_at = None if part.reported_at else due_of(part, clocks.values())
    return [(_("协办"), PartClock(part.started_at, due_at))] if due_at else []


def _signs_itself(deadline: Deadline | None) -> bool:
    return deadline is not None and deadline.due_at - here.now <= AUTO_SIGN_WARNING
