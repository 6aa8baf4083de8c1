"""The dispatch desk: the oldest matter first, the proposal at a glance, one key to accept it and go on to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import N_, _, language
from hotline.messages.values import clock_name
from hotline.tickets.act import act, attempt, lock
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.lists import dispatch_queue, paging
from hotline.tickets.lists.paging import PAGE_SIZE, Page, both_ways
from hotline.tickets.lists.ticket_list import badge
from hotline.tickets.petitions import PETITIONS
from hotline.tickets.privacy.visibility import see
from hotline.tickets.roles import Role
from hotline.tickets.vocabulary import REQUEST_TYPES, URGENCIES
from hotline.triage.candidates import asks_place, candidates
from hotline.triage.reasons import reasons_of
from hotline.triage.unit_confidence import SURE_FROM
from hotline.web.core import read_only
from hotline.web.core.formatting import TicketRow, canonical_url, row_of, ticket_row
from hotline.web.core.forms import draft_store
from hotline.web.core.forms.action_forms import unit_choices
from hotline.web.core.forms.categories import category_options
from hotline.web.core.forms.petition_decision import decide_as_typed, typed_decision
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_order, asked_page, named
from hotline.web.dispatch import form
from hotline.web.dispatch.form import DESK_ACTIONS, Typed
from hotline.web.dispatch.panel import Panel, chosen_way, glimpse, open_panel, tab_of
from hotline.web.ticket.undo import flash_undoable
from models import Petition, Proposal, Ticket, TicketEvent

pages = Blueprint("dispatch", __name__, url_prefix="/dispatch")

TABS = {
    "todo": N_("待派单"),
    "objection": N_("退单审核"),
    "dispute": N_("疑难会商"),
    "asking": N_("等市民补充"),
    "petitions": N_("延期申请"),
}
NOTHING = {
    "todo": N_("没有待派的工单，全部派完了。"),
    "objection": N_("没有等待裁决的退单。"),
    "dispute": N_("没有疑难会商的工单。"),
    "asking": N_("没有在等市民补充的工单。"),
    "petitions": N_("没有等待决定的申请。"),
}
PETITION_ORDERS = both_ways({"asked": Petition.asked_at}, Petition.id)
DONE = {
    "dispatch": N_("%(number)s 已派给%(unit)s。"),
    "uphold": N_("%(number)s 同意退单，请重新派单。"),
    "overrule": N_("%(number)s 不同意退单，%(unit)s必须签收。"),
    "mark_hard": N_("%(number)s 已转疑难会商。"),
    "rule": N_("%(number)s 已裁定由%(unit)s承办，并存为先例。"),
    "merge": N_("%(number)s 已并入 %(master)s，每位市民仍各自收到通知。"),
}


@pages.get("/")
@allow(Role.DISPATCHER)
def show() -> str:
    """The queue; on a desk screen with its first ticket already open."""
    tab = _tab()
    if tab == "petitions":
        return _petitions()
    listed = _listed(tab)
    first = listed.rows[0] if listed.rows else None
    return _page(tab, listed, open_panel(first) if first else None, opened=False)


@pages.get("/<number>")
@allow(Role.DISPATCHER)
def ticket(number: str) -> str:
    """One ticket opened beside its queue; on a phone a page of its own."""
    found = see(here.db, here.me, number)
    tab = _tab(tab_of(found) or "todo")
    return _page(tab, _listed(tab), open_panel(found), opened=True)


@pages.get("/<number>/routing")
@allow(Role.DISPATCHER)
def routing(number: str) -> str:
    """The part of the form that follows from the category, type and urgency just chosen."""
    found = see(here.db, here.me, number)
    typed = form.typed(request.args, here.city)
    proposal = dispatch_queue.newest_proposals(here.db, [found.id]).get(found.id)
    way = chosen_way(found, proposal, candidates(here.city, found, proposal), typed)
    value = form.rerouted(here.city, typed, way, request.args)
    returned = {event.unit_code for event in dispatch_queue.returned_by(here.db, found.id)}
    return render_template("dispatch/_routing.html", value=value, way=way, returned=returned, problems={}, **_words())


@pages.get("/<number>/moved")
@allow(Role.DISPATCHER)
def moved(number: str) -> str:
    """Whether somebody else has moved this ticket since the page was opened (asked by the live stream)."""
    found = see(here.db, here.me, number)
    return render_template("dispatch/_moved.html", panel=glimpse(found), seen=request.args.get("seen", type=int))


@pages.post("/<number>/<action>")
@allow(Role.DISPATCHER)
def do(number: str, action: str) -> ResponseReturnValue:
    """Dispatch, merge, rule, or judge an objection; then the next ticket of the same queue."""
    if action == "decide":
        action = request.form.get("action", "")
    if action not in (*DESK_ACTIONS, "merge"):
        raise NotFound(_("派单台没有这个操作。"))
    found = see(here.db, here.me, number)
    tab, typed = _tab(tab_of(found) or "todo"), form.typed(request.form, here.city)
    following, master = (
        dispatch_queue.next_number(here.db, here.me, tab, found, _sort()),
        request.form.get("master", ""),
    )
    try:
        event = act(
            here.db,
            here.city,
            lock(here.db, found.id),
            action,
            here.me,
            here.now,
            {**typed.answers(), "master": master},
            seen=request.form.get("seen", type=int),
            hold=True,
        )
    except Refusal as refusal:
        return _refused(number, tab, typed, refusal)
    draft_store.forget(here.db, here.me.id or 0, f"dispatch:{number}")
    told = _(DONE[action], number=number, unit=here.city.unit_name(found.unit_code), master=master)
    flash_undoable(told, [event], url_for("dispatch.ticket", number=number, tab=tab, sort=_kept_sort()))
    if action == "uphold":
        return redirect(url_for("dispatch.ticket", number=number, tab="todo", sort=_kept_sort()), 303)
    if following:
        return redirect(url_for("dispatch.ticket", number=following, tab=tab, sort=_kept_sort()), 303)
    return redirect(url_for("dispatch.show", tab=tab, sort=_kept_sort()), 303)


@pages.post("/bulk")
@allow(Role.DISPATCHER)
def bulk() -> ResponseReturnValue:
    """Send the picked tickets where their proposals say: first a page to look over, then each through `act`."""
    numbers = list(dict.fromkeys(request.form.getlist("ticket")))[: PAGE_SIZE * 2]
    if not numbers:
        flash(_("请先勾选要派的工单。"), "warn")
        return redirect(url_for("dispatch.show", tab="todo"), 303)
    rows = _bulk_rows(numbers)
    if request.form.get("sure") != "yes":
        return render_template("dispatch/bulk.html", rows=rows, done=None)
    sent: list[TicketEvent] = []
    for row in rows:
        row.refused = _send(row, request.form.get(f"seen-{row.number}", type=int), sent)
    if sent:
        flash_undoable(_("已派出 %(n)d 张。", n=len(sent)), sent, url_for("dispatch.show", tab="todo"))
    return render_template("dispatch/bulk.html", rows=rows, done=sum(row.refused is None for row in rows))


@pages.post("/petitions/<int:petition_id>")
@allow(Role.DISPATCHER)
def decide(petition_id: int) -> ResponseReturnValue:
    """Grant or refuse a petition that is a dispatcher's to decide."""
    try:
        told = decide_as_typed(petition_id)
    except Refusal as refusal:
        read_only.read_only()
        canonical_url("dispatch.show", tab="petitions")
        return _petitions({"decision": refusal.sentence}, petition_id, typed_decision()), refusal.status
    flash(told, "good")
    return redirect(url_for("dispatch.show", tab="petitions"), 303)


# --- the page --------------------------------------------------------------------------------------------------------


def _tab(otherwise: str = "todo") -> str:
    asked = request.values.get("tab", "")
    return asked if asked in TABS else otherwise


def _sort() -> str:
    return asked_order(dispatch_queue.ORDERS, "urgent")


def _kept_sort() -> str | None:
    """The order for addresses; the desk's own needs no word."""
    return None if _sort() == "urgent" else _sort()


def _listed(tab: str) -> Page:
    sure = tab == "todo" and bool(request.args.get("sure"))
    if tab == "petitions":
        tab = "todo"
    asked = asked_page()
    return dispatch_queue.page(here.db, here.me, tab, sort=_sort(), sure=sure, ahead=dispatch_queue.STORM, **asked)


def _page(tab: str, listed: Any, panel: Panel | None, *, opened: bool, typed: Typed | None = None) -> str:
    following = (
        dispatch_queue.next_number(here.db, here.me, tab, panel.ticket, _sort())
        if panel and tab in dispatch_queue.QUEUES
        else None
    )
    return render_template(
        "dispatch/show.html",
        tab=tab,
        tabs=_tabs(tab),
        rows=_rows(tab, listed.rows),
        listed=listed,
        panel=panel,
        opened=opened,
        typed=typed,
        following=following,
        sure=bool(request.args.get("sure")),
        nothing=_(NOTHING[tab]),
        sort=_sort(),
        kept_sort=_kept_sort(),
        orders=named(dispatch_queue.ORDERS),
        sure_percent=round(here.city.policy.auto_dispatch * 100),
        units=unit_choices(here.city),
        categories=category_options(),
        **_words(),
    )


def _words() -> dict[str, Any]:
    """The short lists and names that the form's parts are drawn from."""
    return {
        "actions": ACTIONS,
        "clock_name": clock_name,
        "urgencies": [(c, _(w)) for c, w in URGENCIES.items()],
        "request_types": [(c, _(w)) for c, w in REQUEST_TYPES.items()],
    }


def _tabs(tab: str) -> list[tuple[str, str, bool, str | None]]:
    waiting = dispatch_queue.counts(here.db, here.me)
    return [
        (_(label), url_for("dispatch.show", tab=code), code == tab, badge(waiting[code]))
        for code, label in TABS.items()
    ]


@dataclass(kw_only=True)
class QueueRow(TicketRow):
    """A row of the desk's queue. proposal: in one line; said: why it stands here; pickable: may go out in bulk."""

    sealed: bool
    proposal: dict[str, Any] | None
    said: TicketEvent | None
    pickable: bool


@dataclass(kw_only=True)
class BulkRow(TicketRow):
    """A ticket about to be sent as proposed; refused: the sentence why it was not."""

    row: Ticket
    proposal: Proposal | None
    glance: dict[str, Any] | None
    pickable: bool
    turn: int
    refused: str | None = None


def _rows(tab: str, tickets: list[Ticket]) -> list[QueueRow]:
    ids = [one.id for one in tickets]
    proposals = dispatch_queue.newest_proposals(here.db, ids)
    said = dispatch_queue.last_events(here.db, ids, dispatch_queue.OPENING[tab]) if tab != "todo" else {}
    keep: dict[str, Any] = {name: request.args.get(name) for name in ("after", "before", "sure")}
    keep["sort"] = _kept_sort()
    return [
        row_of(
            QueueRow,
            one,
            url=url_for("dispatch.ticket", number=one.number, tab=tab, **keep),
            sealed=one.privacy == "sealed",
            proposal=_glance(one, proposals.get(one.id)),
            said=said.get(one.id),
            pickable=_pickable(one, proposals.get(one.id)),
        )
        for one in tickets
    ]


def _how_sure(ticket: Ticket, proposal: Proposal) -> str:
    if proposal.confidence >= SURE_FROM:
        return f"{round(proposal.confidence * 100)}%"
    return _("区县未定") if asks_place(here.city, ticket, proposal) else _("拿不准")


def _glance(ticket: Ticket, proposal: Proposal | None) -> dict[str, Any] | None:
    """The proposal in one line: where to, how sure, why."""
    if proposal is None:
        return None
    return {
        "unit": here.city.unit_name(proposal.unit_code),
        "category": here.city.category_name(proposal.category_code),
        "percent": _how_sure(ticket, proposal),
        "why": _why(proposal),
        "sure": proposal.sure and proposal.unit_code is not None,
    }


def _why(proposal: Proposal) -> str:
    """The rule's reason in the reader's language; without a rule the last of the reasons kept with the proposal."""
    rule = next((one for one in here.city.rules if one.id == proposal.rule_id), None)
    if rule is not None:
        return rule.reason_en if language() == "en" else rule.reason
    return reasons_of(proposal)[-1] if proposal.reasons else ""


def _pickable(one: Ticket, proposal: Proposal | None) -> bool:
    """Bulk dispatch is for matters of no danger whose proposal reached the threshold when it was made."""
    sure = proposal is not None and proposal.sure and proposal.unit_code is not None
    return sure and not one.safety and one.state == "to_dispatch"


def _refused(number: str, tab: str, typed: Typed, refusal: Refusal) -> ResponseReturnValue:
    """The same page with everything typed; when the ticket has moved on, with what it is now and the text to copy."""
    read_only.read_only()
    canonical_url("dispatch.ticket", number=number, tab=tab, sort=_kept_sort())
    found = see(here.db, here.me, number)
    problems = refusal.problems or {"": refusal.sentence}
    if "helpers" in problems:
        problems = {**problems, "helper_more": problems["helpers"]}
    panel = open_panel(found, value=typed, problems=problems)
    kept = typed if isinstance(refusal, OutOfTurn) else None
    return _page(tab, _listed(tab), panel, opened=True, typed=kept), refusal.status


# --- petitions and bulk ----------------------------------------------------------------------------------------------


def _petitions(problems: dict[str, str] | None = None, wrong: int = 0, decision: str = "") -> str:
    sort = asked_order(PETITION_ORDERS, "asked")
    listed = paging.paginate(here.db, dispatch_queue.petitions(here.me), PETITION_ORDERS[sort], **asked_page())
    rows = [
        {
            "petition": petition,
            "row": ticket_row(one),
            "label": _(PETITIONS[petition.kind].label),
            "ticket": one,
            "mine": petition.asked_by_id == here.me.id,
        }
        for petition, one in listed.rows
    ]
    return render_template(
        "dispatch/petitions.html",
        tab="petitions",
        tabs=_tabs("petitions"),
        rows=rows,
        nothing=_(NOTHING["petitions"]),
        problems=problems or {},
        wrong=wrong,
        decision=decision,
        listed=listed,
        sort=sort,
        orders=named(PETITION_ORDERS),
    )


def _bulk_rows(numbers: list[str]) -> list[BulkRow]:
    found = dispatch_queue.by_numbers(here.db, here.me, numbers)
    proposals = dispatch_queue.newest_proposals(here.db, [one.id for one in found])
    return [
        row_of(
            BulkRow,
            one,
            row=one,
            proposal=proposals.get(one.id),
            glance=_glance(one, proposals.get(one.id)),
            pickable=_pickable(one, proposals.get(one.id)),
            turn=one.move_count,
        )
        for one in found
    ]


def _send(row: BulkRow, seen: int | None, sent: list[TicketEvent]) -> str | None:
    """Dispatch one ticket as proposed and add it to `sent`; or the sentence that refused it. The others go on."""
    proposal = row.proposal
    if proposal is None or not row.pickable:
        return _("建议不够有把握，或已不在待派单，请单独处理。")
    answers = form.as_proposed(row.row, proposal).answers()

    def dispatch() -> None:
        held = lock(here.db, row.id)
        sent.append(act(here.db, here.city, held, "dispatch", here.me, here.now, answers, seen=seen, hold=True))

    refused = attempt(here.db, dispatch)
    return refused.sentence if refused else None
