"""The supervision desk: what is late or goes round and round, what waits for a decision, what leaders wrote, who carries how much."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import NotFound, Refusal
from hotline.i18n import N_, _
from hotline.tickets.act import act, lock
from hotline.tickets.lifecycle import Move, find_move
from hotline.tickets.lists import dispatch_queue, supervision_lists, ticket_list
from hotline.tickets.lists.paging import PAGE_SIZE, Page
from hotline.tickets.lists.supervision_lists import WATCHES, Watch
from hotline.tickets.lists.ticket_list import badge
from hotline.tickets.petitions import PETITIONS, PetitionKind, askable
from hotline.tickets.privacy.visibility import see
from hotline.tickets.roles import Role
from hotline.web.core import read_only
from hotline.web.core.formatting import TicketRow, row_of, ticket_row
from hotline.web.core.forms.idempotency import first_time
from hotline.web.core.forms.petition_decision import decide_as_typed, typed_decision
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_order, asked_page, named, sorted_page
from models import Petition, Ticket, TicketEvent

pages = Blueprint("supervision", __name__, url_prefix="/supervision")
WATCHERS = frozenset({Role.SUPERVISOR, Role.HEAD, Role.CITY_LEADER, Role.DISCIPLINE, Role.MEDIA, Role.LEAD_AGENT})
LEADERS = frozenset({Role.CITY_LEADER, Role.HEAD})
READERS = LEADERS | {Role.SUPERVISOR}
"""LEADERS write instructions on tickets, READERS have the list of them."""

TABS = {
    "late": N_("已超期"),
    "soon": N_("快到期"),
    "red": N_("红牌"),
    "rounds": N_("三轮以上"),
    "urged": N_("多次催办"),
    "dissatisfied": N_("不满意"),
    "supervised": N_("督办中"),
    "petitions": N_("待决定的申请"),
    "discipline": N_("纪检监察"),
    "media": N_("媒体"),
    "instructions": N_("领导批示"),
    "load": N_("各单位"),
}
NOTHING = {
    "late": N_("没有超期的工单，很好。"),
    "soon": N_("24 小时内没有到期的工单。"),
    "red": N_("没有红牌工单。"),
    "rounds": N_("没有办到第三轮的工单。"),
    "urged": N_("没有被多次催办的工单。"),
    "dissatisfied": N_("没有市民表示不满意的工单。"),
    "supervised": N_("没有正在督办的工单。"),
    "petitions": N_("没有等您决定的申请。"),
    "discipline": N_("没有移交纪检监察的工单。"),
    "media": N_("没有交给媒体跟进的工单。"),
    "instructions": N_("还没有领导批示。"),
    "load": N_("各单位都没有在办的工单。"),
}
ABOUT = {
    "late": N_("期限已过还没有办结"),
    "soon": N_("24 小时内到期，或已亮黄牌"),
    "red": N_("超期一个工作日以上"),
    "rounds": N_("退回重办到第三轮及以上"),
    "urged": N_("市民催了两次以上"),
    "dissatisfied": N_("市民不满意，等待重办或办结的判断"),
    "supervised": N_("已批准督办，盯到办结"),
}
MORE = {
    "discipline": "for_discipline",
    "media": "for_media",
    "supervised": "supervised",
    "dissatisfied": "dissatisfied",
}
"""Lists of open tickets whose ended ones may be shown too, and their fact."""

ORDERS = ("urgent", "due", "-due", "created", "-created")
LOAD_ORDERS = tuple(f"{down}{number}" for number in ("overdue", "open", "soon", "redo", "red") for down in ("-", ""))
"""The orders of the lists of open tickets, and of the units; without a choice each list has its own."""


@pages.get("/", strict_slashes=False)
@allow(WATCHERS)
def show() -> str:
    return _page(_tab())


@pages.post("/petitions/<int:petition_id>")
@allow(WATCHERS)
def decide(petition_id: int) -> ResponseReturnValue:
    """Grant or refuse a petition; a refusal needs words."""
    try:
        told = decide_as_typed(petition_id)
    except NotFound:
        raise
    except Refusal as refusal:
        read_only.read_only()
        return _page("petitions", problem=refusal.sentence, wrong=petition_id, typed=typed_decision()), refusal.status
    flash(told, "good")
    return redirect(url_for("supervision.show", tab="petitions"), 303)


@pages.post("/instruct")
@allow(LEADERS)
def instruct() -> ResponseReturnValue:
    """A leader's words on a ticket, by its number."""
    number, text = request.form.get("number", "").strip(), request.form.get("text", "")
    try:
        ticket = see(here.db, here.me, number)
        if first_time(here.db, here.now, ticket.id):
            act(here.db, here.city, lock(here.db, ticket.id), "instruct", here.me, here.now, {"text": text})
    except Refusal as refusal:
        read_only.read_only()
        problem = {"number" if isinstance(refusal, NotFound) else "text": refusal.sentence}
        return _page(
            "instructions", problems=problem, typed=text, number=number
        ), refusal.status if refusal.status != 404 else 400
    flash(_("批示已写入工单 %(number)s，主办单位和督办员会收到通知。", number=number), "good")
    return redirect(url_for("supervision.show", tab="instructions"), 303)


# --- the page --------------------------------------------------------------------------------------------------------


def _my_tabs() -> list[str]:
    """The tabs of this person's roles, in the order of TABS."""
    mine = {watch.name for watch in supervision_lists.watches_of(here.me)}
    if supervision_lists.decided_by(here.me):
        mine.add("petitions")
    if here.me.is_(*READERS):
        mine.add("instructions")
    if here.me.is_(*supervision_lists.LEADING):
        mine.add("load")
    return [name for name in TABS if name in mine]


def _tab() -> str:
    """The tab asked for if it is this person's, else their first one."""
    mine, asked = _my_tabs(), request.values.get("tab", "")
    first = "discipline" if here.me.is_(Role.DISCIPLINE) and "discipline" in mine else mine[0]
    return asked if asked in mine else first


def _page(tab: str, **more: Any) -> str:
    if tab not in _my_tabs():
        raise NotFound(_("没有这个页面。"))
    part = {"petitions": _petitions, "instructions": _instructions, "load": _load}.get(tab)
    shown = part() if part else _watch(WATCHES[tab])
    given: dict[str, Any] = {
        "problem": "",
        "problems": {},
        "wrong": 0,
        "typed": "",
        "number": "",
        "listed": None,
        **shown,
        **more,
    }
    return render_template(
        "supervision/show.html",
        tab=tab,
        tabs=_tabs(tab),
        title=_(TABS[tab]),
        nothing=_(NOTHING[tab]),
        about=_(ABOUT[tab]) if tab in ABOUT else "",
        page_size=PAGE_SIZE,
        **given,
    )


def _tabs(tab: str) -> list[tuple[str, str, bool, str | None]]:
    waiting = supervision_lists.counts(here.db, here.me, here.now)
    return [
        (_(TABS[name]), url_for("supervision.show", tab=name), name == tab, badge(waiting.get(name, 0)))
        for name in _my_tabs()
    ]


def _watch(watch: Watch) -> dict[str, Any]:
    every = watch.name in MORE and request.args.get("all") == "1"
    wanted = replace(watch.wanted(here.now), open=None) if every else watch.wanted(here.now)
    sort = asked_order(("-number", "number"), "-number") if every else asked_order(ORDERS, watch.sort)
    listed = ticket_list.find(here.db, here.me, wanted, sort=sort, **asked_page())
    return {
        "kind": "watch",
        "rows": _rows(watch, listed),
        "listed": listed,
        "every": every,
        "has_more": watch.name in MORE,
        "sort": sort,
    }


@dataclass(kw_only=True)
class WatchRow(TicketRow):
    """A ticket that is watched. said: what brought it here; asked: somebody has asked for supervision."""

    said: dict[str, Any] | None
    buttons: list[Move | PetitionKind]
    asked: bool


def _rows(watch: Watch, listed: Page) -> list[WatchRow]:
    ids = [one.id for one in listed.rows]
    said = dispatch_queue.last_events(here.db, ids, *watch.opening) if watch.opening else {}
    asked = supervision_lists.supervising(here.db, ids)
    return [
        row_of(WatchRow, one, said=_why(said.get(one.id)), buttons=_buttons(one), asked=one.id in asked)
        for one in listed.rows
    ]


def _why(event: TicketEvent | None) -> dict[str, Any] | None:
    """Who said what that brought the ticket here."""
    if event is None:
        return None
    data = event.data or {}
    words = data.get("note") or data.get("comment") or data.get("text") or ""
    reasons = _("、").join(here.city.reason_name(code) for code in data.get("reasons", ()))
    return {
        "action": event.action,
        "who": event.actor_name,
        "at": event.at,
        "text": _("：").join(p for p in (reasons, words) if p),
    }


def _buttons(ticket: Ticket) -> list[Move | PetitionKind]:
    """What a watcher does from the list: ask for supervision, write an instruction, send it back."""
    found: list[Move | PetitionKind] = []
    if not ticket.supervised:
        found += [kind for kind in askable(ticket, here.me) if kind.name == "supervision"]
    for action in ("redo", "close_judged", "instruct"):
        move = find_move(ticket.state, action)
        if move is not None and any(may(here.me, ticket) for may in move.roles):
            found.append(move)
    return found


def _petitions() -> dict[str, Any]:
    sort = asked_order(("asked", "-asked"), "asked")
    page = sorted_page(
        here.db,
        supervision_lists.petitions(here.me),
        Petition.asked_at,
        Petition.id,
        rising=sort == "asked",
        **asked_page(),
    )
    rows = [
        {
            "petition": petition,
            "row": ticket_row(one),
            "label": _(PETITIONS[petition.kind].label),
            "hint": _(PETITIONS[petition.kind].hint),
            "ticket": one,
            "mine": petition.asked_by_id == here.me.id,
        }
        for petition, one in page.rows
    ]
    return {"kind": "petitions", "rows": rows, "listed": page, "sort": sort, "orders": named(("asked", "-asked"))}


def _instructions() -> dict[str, Any]:
    sort = asked_order(("-written", "written"), "-written")
    page = sorted_page(
        here.db,
        supervision_lists.instructions(here.me),
        TicketEvent.at,
        TicketEvent.id,
        rising=sort == "written",
        **asked_page(),
    )
    rows = [{"event": event, "row": ticket_row(one)} for event, one in page.rows]
    return {"kind": "instructions", "rows": rows, "listed": page, "sort": sort, "may_write": here.me.is_(*LEADERS)}


def _load() -> dict[str, Any]:
    """The units' numbers, all summed at once, a page of them shown. start: how many rows stand before it."""
    sort, start = asked_order(LOAD_ORDERS, "-overdue"), max(request.args.get("start", 0, type=int), 0)
    rows = supervision_lists.loads(here.db, here.me, here.now, sort)
    return {"kind": "load", "rows": rows[start : start + PAGE_SIZE], "sort": sort, "start": start, "all": len(rows)}
