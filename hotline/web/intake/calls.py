"""The telephone at the desk: who rings, who answers, who was missed, who is rung into the call, and whether I am on duty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.staff.duty import set_duty
from hotline.staff.openings import tell_used_up
from hotline.telephony import calls, hang_up, outbound, three_way, turns
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.reveal import check_measure, told_reason
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Role
from hotline.tickets.states import ENDED, State
from hotline.web.core.formatting import masked_phone
from hotline.web.core.permission import allow, local_path
from hotline.web.core.request_context import here
from hotline.web.intake.telephone_board import WATCHERS, missed_and_there, row, waiting
from hotline.web.nuisance.shown import notice_for
from models import Call, Citizen, Staff, Ticket

pages = Blueprint("calls", __name__)
AGENTS = frozenset({Role.AGENT, Role.LEAD_AGENT})


@pages.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {"call_bar": bar, "call_lines": lines}


def bar(problem: str = "") -> dict[str, Any]:
    """What the bar over every page shows: my call, or those that ring while I am on duty, and what went wrong.

    talking: others can be rung into my call now. turn: the call whose turn I am; the others ring for a colleague first.
    """
    on_duty = bool(g.staff.on_duty)
    mine = calls.talking(here.db, here.me.id, here.now)
    watches = on_duty or here.me.is_(*WATCHERS)  # whoever leads the shift sees who waits, and is rung on duty only
    dealt = turns.deal(here.db, here.city, here.now) if watches else []
    turn = next((one.call for one in dealt if one.rings(here.me.id)), None) if mine is None else None
    return {
        "on_duty": on_duty,
        "mine": {**row(mine), **caller(mine)} if mine else None,
        "problem": problem,
        "talking": mine is not None and mine.state == "answered",
        "ringing": waiting(dealt),
        "turn": {**row(turn), **caller(turn)} if turn else None,
        "place": g.staff.reach_by_phone,
    }


def board(problem: str = "") -> dict[str, Any]:
    """The strip over the desk: the bar, those who were missed, and who else takes calls."""
    return {**bar(problem), **missed_and_there()}


def caller(call: Call) -> dict[str, Any]:
    """Who rings, for whoever may answer: the name, how many of their matters are open, and the mark on the number."""
    citizen = here.db.get(Citizen, call.citizen_id) if call.citizen_id else None
    open_now = 0
    if call.from_phone:
        wanted = (
            select(func.count())
            .select_from(Ticket)
            .where(
                Ticket.contact_phone == call.from_phone, Ticket.state.not_in((*ENDED, State.DRAFT)), visible_to(here.me)
            )
        )
        open_now = here.db.scalar(wanted) or 0
    name = (citizen.name or "") if citizen else ""
    return {"name": name, "open": open_now, "marked": notice_for(call.from_phone)}


def lines() -> list[dict[str, str]]:
    """Whom one key rings into the call: the emergency numbers, then the city's partners."""
    codes = {number: f"alt+{n}" for n, number in enumerate(calls.EMERGENCY, 6)}
    codes |= {one.code: "" for one in three_way.partners(here.city)}
    return [{"code": code, "name": here.city.unit_name(code), "key": key} for code, key in codes.items()]


def by_network() -> bool:
    """Whether somebody dials for us: a provider, or in development the phone on the screen. Else people dial by hand."""
    return bool(here.settings.twilio_account_sid) or here.settings.demo


@pages.get("/desk/calls")
@allow(AGENTS)
def show() -> str:
    return _strip()


@pages.post("/desk/calls/<int:call_id>/answer")
@allow(AGENTS)
def answer(call_id: int) -> ResponseReturnValue:
    """The first agent has the call; everybody else is told so and stays where they are."""
    return _take(lambda: calls.answer(here.db, call_id, _me(), here.now))


@pages.post("/desk/calls/<int:call_id>/back")
@allow(AGENTS)
def back(call_id: int) -> ResponseReturnValue:
    """Call back a missed caller: my telephone rings first, then theirs; the form opens with the number."""
    call_back = outbound.return_missed if by_network() else calls.take_missed
    return _take(lambda: call_back(here.db, call_id, _me(), here.now))


@pages.post("/desk/calls/<int:call_id>/unreached")
@allow(AGENTS)
def unreached(call_id: int) -> ResponseReturnValue:
    """Dialled by hand and not reached: the missed call waits for its next try."""
    calls.put_back(here.db, calls.of_agent(here.db, call_id, here.me.id))
    flash(_("已放回未接来电，请稍后再拨。"), "info")
    return redirect(url_for("desk.show"), 303)


@pages.post("/desk/calls/<int:call_id>/end")
@allow(AGENTS)
def end(call_id: int) -> ResponseReturnValue:
    """After the call the form stays, for what is still to be written."""
    call = calls.of_agent(here.db, call_id, here.me.id)
    return _on_line(
        call_id,
        lambda: hang_up.hang_up(here.db, here.city, call, here.now),
        _("通话已结束，可以继续填写这次来电的内容。"),
    )


@pages.post("/desk/calls/bring")
@allow(AGENTS)
def bring() -> ResponseReturnValue:
    """One key: 110, 119, 120, 122 or a partner is rung into my call; what is being typed stays as it is."""
    to = request.form.get("to", "")
    call = calls.talking(here.db, here.me.id, here.now)
    return _on_line(
        call.id if call else None,
        lambda: three_way.bring_in(here.db, here.city, _me(), to, here.now),
        _("正在呼叫 %(to)s。", to=here.city.unit_name(to)),
    )


@pages.post("/desk/calls/legs/<int:leg_id>/drop")
@allow(AGENTS)
def drop(leg_id: int) -> ResponseReturnValue:
    leg = three_way.drop(here.db, leg_id, here.me.id, here.now)
    return _on_line(leg.call_id, lambda: None, _("已断开。"))


@pages.post("/desk/calls/<int:call_id>/reveal")
@allow(AGENTS)
def reveal(call_id: int) -> ResponseReturnValue:
    """The caller's whole number, for a reason, for a short time, on the record."""
    try:
        reason = told_reason(request.form.get("reason", ""))
        check_measure(here.db, here.me, "reveal", here.now)
    except Refusal as refusal:
        return jsonify(detail=refusal.sentence), refusal.status
    call = calls.of_agent(here.db, call_id, here.me.id)
    audit.record(
        here.db,
        "reveal",
        here.me,
        here.now,
        ticket_id=call.ticket_id,
        subject="phone",
        address=here.address,
        reason=reason,
        call_id=call.id,
    )
    tell_used_up(here.db, here.me, "reveal", here.now)
    return jsonify(value=call.from_phone, seconds=here.city.policy.reveal_seconds)


@pages.post("/duty")
@allow(AGENTS)
def duty() -> ResponseReturnValue:
    staff = _me()
    set_duty(here.db, staff, bool(request.form.get("on")), here.now)
    flash(_("已切换为在岗，可以接听来电。") if staff.on_duty else _("已切换为离岗，不会再接到来电。"), "info")
    return redirect(local_path(request.form.get("next") or url_for("desk.show")), 303)


@pages.post("/duty/here")
@allow(AGENTS)
def still_here() -> ResponseReturnValue:
    """A hand was moved on some page: the person is there."""
    return "", 204


@pages.post("/duty/phone")
@allow(AGENTS)
def by_phone() -> ResponseReturnValue:
    """While no page of mine is open, calls ring my own telephone, or nothing of mine."""
    staff = _me()
    staff.reach_by_phone = bool(request.form.get("on")) and bool(staff.phone)
    if staff.reach_by_phone:
        flash(_("不在电脑前时，来电会响您的电话 %(phone)s。", phone=masked_phone(staff.phone)), "good")
    else:
        flash(
            _("不在电脑前时不再响您的电话；页面全部关闭后会自动离岗。")
            if staff.phone
            else _("还没有登记您的电话，请管理员先填写。"),
            "info",
        )
    return redirect(local_path(request.form.get("next") or url_for("desk.show")), 303)


def _me() -> Staff:
    staff = here.db.get(Staff, here.me.id)
    assert staff is not None
    return staff


def _take(take: Callable[[], Call]) -> ResponseReturnValue:
    """Have a call, then the form for it; when it cannot be had, say so on the desk, where the next one may be ringing."""
    try:
        call = take()
    except Refusal as refusal:
        flash(refusal.sentence, "warn")
        return redirect(url_for("desk.show"), 303)
    return redirect(url_for("desk.show", call=call.id), 303)


def _on_line(call_id: int | None, do: Callable[[], object], done: str) -> ResponseReturnValue:
    """Do something to my running call. The strip alone is drawn again, so that nothing typed is touched."""
    problem = ""
    try:
        do()
    except Refusal as refusal:
        problem = refusal.sentence
    here.db.flush()
    if here.htmx:
        return _strip(problem)
    flash(problem or done, "warn" if problem else "info")
    return redirect(url_for("desk.show", call=call_id), 303)


def _strip(problem: str = "") -> str:
    """The desk's whole strip, or the bar of any other page."""
    if "bar" in request.args:
        return render_template("live/_call_bar.html", calls=bar(problem), lines=lines())
    return render_template("intake/_calls.html", calls=board(problem), lines=lines())
