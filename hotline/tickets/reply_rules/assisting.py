"""What is expected of assisting units, and by when: half of the time that the lead has, counted from the day they were called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.errors import About
from hotline.i18n import _
from hotline.tickets.context import ActionContext
from hotline.tickets.names import ClockName as Clock
from hotline.tickets.roles import Actor
from hotline.tickets.states import WITH_UNIT
from models import Assignment, Deadline, Ticket

WORK = (Clock.REPLY, Clock.REDO)
MOST = 500


def helpers_of(ticket: Ticket) -> list[Assignment]:
    return [held for held in ticket.assignments if held.part == "helper" and held.ended_at is None]


def silent_helpers(ticket: Ticket) -> list[Assignment]:
    return [held for held in helpers_of(ticket) if held.reported_at is None]


def unsigned_for(actor: Actor, ticket: Ticket) -> list[Assignment]:
    """What this person's unit has not taken note of yet."""
    return [held for held in helpers_of(ticket) if held.signed_at is None and held.unit_code in actor.units]


def due_of(held: Assignment, clocks: Iterable[Deadline]) -> datetime | None:
    """When an assisting unit should have reported; None while no clock of the lead runs."""
    ends = min((one.due_at for one in clocks if one.clock in WORK and one.stopped_at is None), default=None)
    return None if ends is None or ends <= held.started_at else held.started_at + (ends - held.started_at) / 2


def late_helpers(db: Session, now: datetime) -> list[Assignment]:
    """Those whose half is over without a report and without a reminder."""
    rows = db.execute(
        select(Assignment, Deadline)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Deadline, Deadline.ticket_id == Ticket.id)
        .where(
            Assignment.part == "helper",
            Assignment.ended_at.is_(None),
            Assignment.reported_at.is_(None),
            Assignment.warned_at.is_(None),
            Ticket.state.in_(WITH_UNIT),
            Deadline.clock.in_(WORK),
            Deadline.stopped_at.is_(None),
        )
        .order_by(Assignment.id)
        .limit(MOST)
    ).all()
    found = {}
    for held, clock in rows:
        due = due_of(held, (clock,))
        if due is not None and due <= now:
            found[held.id] = held
    return list(found.values())


# --- guards ------------------------------------------------------------------------------------------------------------


def helpers_are_unheard(context: ActionContext) -> str | None:
    """The lead says what came of each assisting unit before it answers for all."""
    silent = silent_helpers(context.ticket)
    if not silent or context.answer("helpers_note"):
        return None
    names = "、".join(context.city.unit_name(one.unit_code) for one in silent)
    said = _("协办单位 %(names)s 还没有反馈。请先催办，或在“协办情况”里写明没有反馈的部分怎样处理。", names=names)
    return About("helpers_note", said)


def nothing_to_take_note_of(context: ActionContext) -> str | None:
    return None if unsigned_for(context.actor, context.ticket) else _("没有等本单位签收的协办。")


def no_new_helper(context: ActionContext) -> str | None:
    """Each is a unit that handles, other than the lead and those who help already."""
    there = {context.ticket.unit_code, *(one.unit_code for one in helpers_of(context.ticket))}
    for code in context.answer("helpers") or ():
        unit = context.city.units.get(code)
        if unit is None or not unit.handles:
            return _("“%(unit)s”不是承办单位，请从单位列表中选择。", unit=code)
        if code in there:
            return _("“%(unit)s”已经在办这张工单。", unit=context.city.unit_name(code))
    return None


def nobody_is_silent(context: ActionContext) -> str | None:
    return None if silent_helpers(context.ticket) else _("没有还没反馈的协办单位。")
