"""The supervision desk: what is late or goes round and round, what waits for a decision, what leaders wrote, who carries how much."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import NotFound, Refusal
from hotline.i18n import N_, _
from hotline.messages.values import clock_name
from hotline.tickets.act import act, lock, may_do
from hotline.tickets.directives import listing as directive_list
from hotline.tickets.directives import rules as directives
from hotline.tickets.directives.listing import under_way_of
from hotline.tickets.lifecycle import Move, find_move
from hotline.tickets.lists import dispatch_queue, supervision_lists, ticket_list
from hotline.tickets.lists.clocks import OF_WORK, running_of
from hotline.tickets.lists.paging import PAGE_SIZE, Page
from hotline.tickets.lists.supervision_lists import WATCHES, Watch
from hotline.tickets.lists.ticket_list import badge
from hotline.tickets.petitions import PETITIONS, PetitionKind, askable
from hotline.tickets.privacy import redact
from hotline.tickets.privacy.visibility import see
from hotline.tickets.roles import Role
from hotline.web.core import read_only
from hotline.web.core.formatting import TicketRow, row_of, ticket_row
from hotline.web.core.forms.petition_decision import decide_as_typed, typed_decision
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_order, asked_page, named, sorted_page
from hotline.web.intake import telephone_board
from models import Deadline, Directive, Petition, Ticket, TicketEvent

pages = Blueprint("supervision", __name__, url_prefix="/supervision")
WATCHERS = frozenset({Role.SUPERVISOR, Role.HEAD, Role.CITY_LEADER, Role.DISCIPLINE, Role.MEDIA, Role.LEAD_AGENT})
LEADERS = frozenset({Role.CITY_LEADER, Role.HEAD})
"""Those who write instructions on tickets."""

TIMED = ("late", "soon")
"""Lists about time: they can be asked by clock."""

TABS = {
    "late": N_("已超期"),
    "soon": N_("快到期"),
    "paused": N_("时限暂停"),
    "red": N_("红牌"),
    "rounds": N_("三轮以上"),
    "urged": N_("多次催办"),
    "dissatisfied": N_("不满意"),
    "orders": N_("督办与催办"),
    "petitions": N_("待决定的申请"),
    "discipline": N_("纪检监察"),
    "media": N_("媒体"),
    "instructions": N_("领导批示"),
    "explanations": N_("情况说明"),
    "load": N_("各单位"),
}
NOTHING = {
    "late": N_("没有超期的工单，很好。"),
    "soon": N_("没有快到期的工单。"),
    "paused": N_("没有暂停时限的工单。"),
    "red": N_("没有红牌工单。"),
    "rounds": N_("没有办到第三轮的工单。"),
    "urged": N_("没有被多次催办的工单。"),
    "dissatisfied": N_("没有市民表示不满意的工单。"),
    "orders": N_("没有未办结的督办和催办。"),
    "petitions": N_("没有等您决定的申请。"),
    "discipline": N_("没有移交纪检监察的工单。"),
    "media": N_("没有交给媒体跟进的工单。"),
    "instructions": N_("没有未办结的领导批示。"),
    "explanations": N_("没有未办结的情况说明。"),
    "load": N_("各单位都没有在办的工单。"),
}
ABOUT = {
    "late": N_("有一个时限已过；每行写明是哪一个、超了多久"),
    "soon": N_("有一个时限用了八成以上、还没有到期；每行写明是哪一个"),
    "paused": N_("约定跟进和等市民补充的，等得最久的在前；没有暂停的时限照走"),
    "red": N_("超期一个工作日以上"),
    "rounds": N_("退回重办到第三轮及以上"),
    "urged": N_("市民催了两次以上"),
    "dissatisfied": N_("市民不满意，等待重办或办结的判断"),
    "orders": N_("有编号、要求和期限；单位报送后由督办员办结，催办随单位下一步自动结束"),
    "instructions": N_("只有批示指定的人看得到；单位报送落实情况后办结"),
    "explanations": N_("纪检监察要求单位说明，结果记录在案"),
}
WORDS = ("note", "comment", "text", "reason", "question")
"""Under which of these a deed keeps what was said with it."""

MORE = {
    "discipline": "for_discipline",
    "media": "for_media",
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


@pages.get("/telephone")
@allow(telephone_board.WATCHERS)
def telephone() -> str:
    """The strip of the telephone alone, asked again on every change of a call."""
    return render_template("supervision/_telephone.html", telephone=telephone_board.board())


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
        act(here.db, here.city, lock(here.db, ticket.id), "instruct", here.me, here.now, {"text": text})
    except Refusal as refusal:
        read_only.read_only()
        problem = {"number" if isinstance(refusal, NotFound) else "text": refusal.sentence}
        return _page(
            "instructions", problems=problem, typed=text, number=number
        ), refusal.status if refusal.status != 404 else 400
    flash(_("批示已写入工单 %(number)s，指定的人会收到通知。", number=number), "good")
    return redirect(url_for("supervision.show", tab="instructions"), 303)


# --- the page --------------------------------------------------------------------------------------------------------


def _my_tabs() -> list[str]:
    """The tabs of this person's roles, in the order of TABS."""
    mine = {watch.name for watch in supervision_lists.watches_of(here.me)}
    if supervision_lists.decided_by(here.me):
        mine.add("petitions")
    mine.update(supervision_lists.directive_tabs(here.me))
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
    part = {"petitions": _petitions, "load": _load}.get(tab)
    shown = part() if part else _watch(WATCHES[tab]) if tab in WATCHES else _directives(tab)
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
        telephone=telephone_board.board() if here.me.is_(*telephone_board.WATCHERS) else None,
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
    clock = request.args.get("clock") if watch.name in TIMED else None
    wanted = replace(watch.wanted(here.now), open=None) if every else watch.wanted(here.now)
    if clock in OF_WORK:
        wanted = replace(wanted, clock=clock)
    sort = asked_order(("-number", "number"), "-number") if every else asked_order(ORDERS, watch.sort)
    listed = ticket_list.find(here.db, here.me, wanted, sort=sort, **asked_page())
    return {
        "kind": "watch",
        "rows": _rows(watch, listed),
        "listed": listed,
        "every": every,
        "has_more": watch.name in MORE,
        "sort": sort,
        "clock": clock,
        "clocks": [(name, clock_name(name)) for name in OF_WORK if name != "outer"] if watch.name in TIMED else [],
    }


@dataclass(kw_only=True)
class WatchRow(TicketRow):
    """A ticket that is watched. clocks: those the list is about, each with its name. said: what brought it here; asked:
    somebody has asked for supervision; demanded: urges and orders under way.
    """

    clocks: list[tuple[str, Deadline]]
    demanded: list[Directive]
    said: dict[str, Any] | None
    buttons: list[Move | PetitionKind]
    asked: bool


def _rows(watch: Watch, listed: Page) -> list[WatchRow]:
    ids = [one.id for one in listed.rows]
    said = dispatch_queue.last_events(here.db, ids, *watch.opening) if watch.opening else {}
    asked = supervision_lists.supervising(here.db, ids)
    running, demanded = running_of(here.db, ids), under_way_of(here.db, ids)
    return [
        row_of(
            WatchRow,
            one,
            clocks=[(clock_name(held.clock), held) for held in _told(watch, running.get(one.id, []))],
            demanded=demanded.get(one.id, []),
            said=_why(said.get(one.id)),
            buttons=_buttons(one),
            asked=one.id in asked,
        )
        for one in listed.rows
    ]


def _told(watch: Watch, running: list[Deadline]) -> list[Deadline]:
    """The clocks that brought the ticket into a list about time; elsewhere the one that ends first."""
    late = [held for held in running if held.due_at < here.now]
    soon = [held for held in running if held.due_at >= here.now and held.soon_at and held.soon_at <= here.now]
    return {"late": late, "soon": soon}.get(watch.name, running[:1])


def _why(event: TicketEvent | None) -> dict[str, Any] | None:
    """Who said what that brought the ticket here."""
    if event is None:
        return None
    data = event.data or {}
    words = next((data[name] for name in WORDS if data.get(name)), "")
    if event.action == "wait":
        words = _("跟进到 %(day)s：%(why)s", day=data["until"], why=words)
    reasons = _("、").join(here.city.reason_name(code) for code in data.get("reasons", ()))
    return {
        "action": event.action,
        "who": event.actor_name,
        "at": event.at,
        "text": _("：").join(p for p in (reasons, words) if p),
    }


def _buttons(ticket: Ticket) -> list[Move | PetitionKind]:
    """What a watcher does on the ticket's own page: ask for supervision, send it back, close it."""
    found: list[Move | PetitionKind] = []
    if not ticket.supervised:
        found += [kind for kind in askable(ticket, here.me) if kind.name == "supervision"]
    for action in ("redo", "close_judged"):
        move = find_move(ticket.state, action)
        if move is not None and may_do(ticket, here.me, move):
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


def _directives(tab: str) -> dict[str, Any]:
    """Demands from above that are under way, the nearest day first, or those that have ended."""
    ended = request.args.get("all") == "1"
    sort = asked_order(("due", "-due", "-written", "written"), "-written" if ended else "due")
    page = sorted_page(
        here.db,
        directive_list.directives(here.me, supervision_lists.directive_tabs(here.me)[tab], ended=ended),
        Directive.given_at if "written" in sort else Directive.due_at,
        Directive.id,
        rising=not sort.startswith("-"),
        **asked_page(),
    )
    rows = [
        {"directive": one, "row": ticket_row(ticket), "asked": redact.starred(ticket, one.asked), "ticket": ticket}
        for one, ticket in page.rows
    ]
    return {
        "kind": "directives",
        "rows": rows,
        "listed": page,
        "sort": sort,
        "every": ended,
        "may_write": tab == "instructions" and here.me.is_(*LEADERS),
        "kinds": directives.KINDS,
        "states": directives.STATES,
    }


def _load() -> dict[str, Any]:
    """The units' numbers, all summed at once, a page of them shown. start: how many rows stand before it."""
    sort, start = asked_order(LOAD_ORDERS, "-overdue"), max(request.args.get("start", 0, type=int), 0)
    rows = supervision_lists.loads(here.db, here.me, here.now, sort)
    return {"kind": "load", "rows": rows[start : start + PAGE_SIZE], "sort": sort, "start": start, "all": len(rows)}
