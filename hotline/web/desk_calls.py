"""The telephone at the desk: who rings, who answers, who was missed, and whether I am on duty."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for

from hotline.errors import Refusal
from hotline.intake import calls
from hotline.language import _
from hotline.tickets import audit
from hotline.tickets.who import Role
from hotline.web.here import here
from hotline.web.labels import masked_phone
from hotline.web.permission import allow, local_path
from models import Call, Staff

pages = Blueprint("calls", __name__)
AGENTS = frozenset({Role.AGENT, Role.LEAD_AGENT})


def board() -> dict[str, Any]:
    """What the strip over the desk shows: my call, the ringing ones when I am on duty, the missed ones."""
    on_duty = bool(g.staff.on_duty)
    mine = calls.talking(here.db, here.me.id, here.now)
    return {"on_duty": on_duty, "mine": _row(mine) if mine else None,
            "ringing": [_row(one) for one in calls.ringing(here.db, here.now)] if on_duty else [],
            "missed": [_row(one) for one in calls.missed(here.db, here.now)]}


@pages.get("/desk/calls")
@allow(AGENTS)
def show() -> str:
    return render_template("desk/_calls.html", calls=board(), emergency=calls.EMERGENCY)


@pages.post("/desk/calls/<int:call_id>/answer")
@allow(AGENTS)
def answer(call_id: int) -> Any:
    """The first agent has the call; everybody else is told so and stays where they are."""
    try:
        call = calls.answer(here.db, call_id, _me(), here.now)
    except Refusal as refusal:
        return _back(refusal)
    return redirect(url_for("desk.show", call=call.id), 303)


@pages.post("/desk/calls/<int:call_id>/end")
@allow(AGENTS)
def end(call_id: int) -> Any:
    """After the call the form stays, for what is still to be written."""
    call = calls.hang_up(here.db, call_id, here.me.id, here.now)
    if here.htmx:
        here.db.flush()
        return show()
    flash(_("通话已结束，可以继续填写这次来电的内容。"), "info")
    return redirect(url_for("desk.show", call=call.id), 303)


@pages.post("/desk/calls/<int:call_id>/back")
@allow(AGENTS)
def back(call_id: int) -> Any:
    """Call back a missed caller; the form opens with the number."""
    try:
        call = calls.call_back(here.db, call_id, _me(), here.now)
    except Refusal as refusal:
        return _back(refusal)
    return redirect(url_for("desk.show", call=call.id), 303)


@pages.post("/desk/calls/<int:call_id>/reveal")
@allow(AGENTS)
def reveal(call_id: int) -> Any:
    """The caller's whole number, for a reason, for a short time, on the record."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        return jsonify(detail=_("请写明理由")), 400
    call = calls.of_agent(here.db, call_id, here.me.id)
    audit.note(here.db, "reveal", here.me, here.now, ticket_id=call.ticket_id, subject="phone", address=here.address,
               reason=reason[:200], call_id=call.id)
    return jsonify(value=call.from_phone, seconds=here.city.policy.reveal_seconds)


@pages.post("/duty")
@allow(AGENTS)
def duty() -> Any:
    staff = _me()
    staff.on_duty = bool(request.form.get("on"))
    flash(_("已切换为在岗，可以接听来电。") if staff.on_duty else _("已切换为离岗，不会再接到来电。"), "info")
    return redirect(local_path(request.form.get("next") or url_for("desk.show")), 303)


def _me() -> Staff:
    staff = here.db.get(Staff, here.me.id)
    assert staff is not None
    return staff


def _back(refusal: Refusal) -> Any:
    """Nothing was written: say it on the desk, where the next call may be ringing."""
    flash(refusal.sentence, "warn")
    return redirect(url_for("desk.show"), 303)


def _row(call: Call) -> dict[str, Any]:
    phone = masked_phone(call.from_phone) or _("隐藏号码")
    return {"id": call.id, "phone": phone, "at": call.answered_at or call.started_at, "started_at": call.started_at,
            "known": bool(call.from_phone)}
