"""The follow-up desk: judge the dissatisfied, phone whom no text reaches, and write down what citizens say in their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from classifier.answers.belonging import tells_a_matter
from classifier.answers.read import written
from hotline.errors import OutOfTurn, Refusal
from hotline.followup import desk, doubts
from hotline.followup.phoned import take_phoned
from hotline.i18n import N_, _
from hotline.intake.by_text import open_by_text
from hotline.tickets.act import act, lock
from hotline.tickets.effects.taking_back import last_move
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.lists import ticket_list
from hotline.tickets.privacy import visibility
from hotline.tickets.roles import Role
from hotline.tickets.vocabulary import MEANINGS
from hotline.web.core.formatting import TicketRow, row_of, ticket_row
from hotline.web.core.forms.action_forms import typed_answers
from hotline.web.core.forms.draft_store import find, forget
from hotline.web.core.limits.edge import whole_number
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_order, asked_page, sorted_page
from hotline.web.followup.call_sheet import read_call
from hotline.web.review.reasons import reason_rows
from hotline.web.ticket.undo import flash_undoable
from models import Message, Survey, Ticket

pages = Blueprint("followup", __name__, url_prefix="/followup")
LABELS = {
    "judge": N_("待判断"),
    "read": N_("待读短信"),
    "phone": N_("待电话"),
    "waiting": N_("等市民回答"),
    "answered": N_("最近回答"),
}
NONE = {
    "judge": N_("没有不满意或部分解决、等着判断的。"),
    "read": N_("没有机器看不准、等人读的短信。"),
    "phone": N_("没有要打的电话。"),
    "waiting": N_("没有在等回答的。"),
}
ACTIONS_OF_THE_DESK = {
    "redo": N_("工单 %(number)s 已退回重办。"),
    "close_judged": N_("工单 %(number)s 已办结，市民的评价照原样保留。"),
    "call_attempt": N_("已记下一次未接通。"),
}


@pages.get("/", strict_slashes=False)
@allow(Role.FOLLOW_UP, Role.SUPERVISOR)
def show() -> ResponseReturnValue:
    """The tab asked for; without one, the first that has work."""
    counts = desk.counts(here.db, here.me, here.city.policy)
    tab = request.args.get("tab", "")
    if tab not in LABELS:
        tab = next((name for name in desk.TABS if counts[name]), "judge")
    parts = [
        (_(label), url_for("followup.show", tab=name), name == tab, _shown(counts.get(name)))
        for name, label in LABELS.items()
    ]
    if tab == "answered":
        return _answered(parts)
    sort = request.args.get("sort", "due")
    page = ticket_list.find(
        here.db,
        here.me,
        desk.wanted(tab, here.city.policy),
        sort=sort,
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    known = desk.facts(here.db, page.rows, here.city.policy)
    return render_template(
        "followup/queue.html",
        parts=parts,
        tab=tab,
        page=page,
        sort=sort,
        civil=_civil(),
        nothing=_(NONE[tab]),
        why=desk.WHY,
        rows=[_row(ticket, known[ticket.id]) for ticket in page.rows],
        count=_shown(counts[tab]),
    )


@pages.get("/<number>")
@allow(Role.FOLLOW_UP, Role.SUPERVISOR)
def call(number: str) -> str:
    return _call(visibility.see(here.db, here.me, number))


@pages.post("/<number>/answer")
@allow(Role.FOLLOW_UP)
def answer(number: str) -> ResponseReturnValue:
    """What the citizen said on the telephone; a dissatisfied answer stays on the desk for the judgement."""
    ticket = visibility.see(here.db, here.me, number)
    given = typed_answers(ACTIONS["record"].fields, request.form)
    of = _merged(ticket, request.form.get("own", ""))
    following = _next(ticket)
    try:
        outcome = take_phoned(here.db, here.city, ticket, given, here.me, here.now, of=of, seen=_seen(), hold=True)
    except OutOfTurn:
        raise
    except Refusal as refusal:
        return _again(number, refusal, "answer")
    _forget(number)
    if outcome != "satisfied":
        flash(
            _("已记下市民的不满意，请判断：退回重办，还是办结并说明。")
            if outcome == "dissatisfied"
            else _("已记下“部分解决”，请判断：退回重办，还是办结并说明。"),
            "warn",
        )
        return redirect(url_for("followup.call", number=number), 303)
    moved = last_move(here.db, ticket) if ticket.state == "closed" else None
    told, back = _("工单 %(number)s 的回答已记下。", number=number), url_for("followup.call", number=number)
    flash_undoable(told, [moved] if moved else [], back)
    still_open = of is not None
    return redirect(url_for("followup.call", number=number) if still_open else _onward(following), 303)


@pages.post("/<number>/read")
@allow(Role.FOLLOW_UP, Role.SUPERVISOR)
def read(number: str) -> ResponseReturnValue:
    """A person has read the words that the machine may not count, and says what they mean."""
    ticket = visibility.see(here.db, here.me, number)
    survey = doubts.in_doubt(here.db, ticket, request.form.get("survey", ""))
    following = _next(ticket)
    means = request.form.get("means", "")
    try:
        doubts.read_doubt(here.db, here.city, survey, means, here.me, here.now, seen=_seen())
        opened = _open_what_is_new(survey) if means == "none" else ""
    except OutOfTurn:
        raise
    except Refusal as refusal:
        return _again(number, refusal, "read")
    flash(_("工单 %(number)s 的短信已按您的判断记下。", number=number), "good")
    if opened:
        flash(_("原话说的是另一件事，已立为工单 %(number)s，由派单员处理。", number=opened), "good")
    return redirect(_onward(following) if means == "yes" else url_for("followup.call", number=number), 303)


@pages.post("/<number>/<deed>")
@allow(Role.FOLLOW_UP, Role.SUPERVISOR)
def do(number: str, deed: str) -> ResponseReturnValue:
    """redo, close_judged or call_attempt."""
    if deed not in ACTIONS_OF_THE_DESK:
        raise Refusal(_("没有“%(action)s”这个操作。", action=deed))
    ticket = visibility.see(here.db, here.me, number)
    following = _next(ticket)
    try:
        event = act(
            here.db,
            here.city,
            lock(here.db, ticket.id),
            deed,
            here.me,
            here.now,
            typed_answers(ACTIONS[deed].fields, request.form),
            seen=_seen(),
            hold=True,
        )
    except OutOfTurn:
        raise
    except Refusal as refusal:
        return _again(number, refusal, deed)
    flash_undoable(_(ACTIONS_OF_THE_DESK[deed], number=number), [event], url_for("followup.call", number=number))
    if deed == "call_attempt":
        return redirect(url_for("followup.call", number=number), 303)
    _forget(number)
    return redirect(_onward(following), 303)


def _open_what_is_new(survey: Survey) -> str:
    """Words that are no answer and tell a matter are not lost with it. Returns the number of the ticket made of them."""
    if not tells_a_matter(written(survey.words or "")):
        return ""
    heard = here.db.scalar(
        select(Message)
        .where(Message.citizen_id == survey.citizen_id, Message.direction == "in", Message.ticket_id == survey.own_id)
        .order_by(Message.id.desc())
        .limit(1)
    )
    return open_by_text(here.db, here.city, heard, survey.words or "", here.now).number if heard is not None else ""


def _again(number: str, refusal: Refusal, which: str) -> ResponseReturnValue:
    """The call screen with what was typed and why it was refused."""
    read_only()
    typed = {
        name: values if len(values := request.form.getlist(name)) > 1 or name == "reasons" else values[0]
        for name in request.form
    }
    return _call(
        visibility.see(here.db, here.me, number), typed, refusal.problems or {"": refusal.sentence}, which
    ), refusal.status


def _call(
    ticket: Ticket, typed: Mapping[str, Any] | None = None, problems: Mapping[str, str] | None = None, which: str = ""
) -> str:
    read = read_call(here.db, here.me, ticket)
    suggested = ["R03", "R11"] if read.false_contact else []
    return render_template(
        "followup/call.html",
        ticket=ticket,
        call=read,
        typed=typed or {"reasons": suggested},
        problems=problems or {},
        which=which,
        reasons=reason_rows(here.city),
        civil=_civil(),
        following=_next(ticket),
        meanings=[(code, _(label)) for code, label in MEANINGS.items()],
        saved=None if typed else find(here.db, _my_id(), f"followup:{ticket.number}"),
    )


def _answered(parts: list[Any]) -> str:
    sort = asked_order(("answered", "-answered"), "-answered")
    page = sorted_page(
        here.db,
        desk.answered_lately(here.me, here.now),
        Survey.answered_at,
        Survey.id,
        rising=sort == "answered",
        **asked_page(),
    )
    return render_template(
        "followup/answered.html",
        parts=parts,
        page=page,
        sort=sort,
        rows=[(survey, ticket_row(ticket)) for survey, ticket in page.rows],
    )


@dataclass(kw_only=True)
class CallRow(TicketRow):
    """A ticket whose citizen is to be asked. known: why, how often, what was said."""

    known: desk.Facts


def _row(ticket: Ticket, known: desk.Facts) -> CallRow:
    return row_of(
        CallRow,
        ticket,
        url=url_for("followup.call", number=ticket.number),
        known=known,
        dissatisfied=False,
        started_at=known.asked_at or ticket.moved_at,
    )


def _next(ticket: Ticket) -> str | None:
    """The next ticket in the tab this one stands in; after the last comes the first again."""
    known = desk.facts(here.db, [ticket], here.city.policy)[ticket.id]
    half = known.answer is not None and known.answer.outcome == "partly"
    tab = "judge" if ticket.dissatisfied or half else "read" if known.unread else "phone"
    wanted = desk.wanted(tab, here.city.policy)
    query = select(Ticket.number).where(*ticket_list.conditions(here.db, here.me, wanted), Ticket.id != ticket.id)
    return here.db.scalar(query.order_by(Ticket.due_at, Ticket.id).limit(1))


def _onward(following: str | None) -> str:
    return url_for("followup.call", number=following) if following else url_for("followup.show")


def _merged(ticket: Ticket, number: str) -> Ticket | None:
    if not number or number == ticket.number:
        return None
    return here.db.scalar(
        select(Ticket).where(Ticket.number == number, Ticket.merged_into_id == ticket.id, Ticket.state == "merged")
    )


def _civil() -> bool:
    """Whether this is an hour at which one may phone a citizen."""
    return here.city.calendar.next_civil(here.now, *here.city.policy.civil_hours) <= here.now


def _shown(n: int | None) -> str | None:
    return None if n is None else ticket_list.counted(n)


def _forget(number: str) -> None:
    forget(here.db, _my_id(), f"followup:{number}")


def _seen() -> int | None:
    return whole_number(request.form.get("seen"))


def _my_id() -> int:
    assert here.me.id is not None
    return here.me.id
