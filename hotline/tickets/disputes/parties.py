"""Who is heard before a dispute is ruled: each unit that was asked has one working day to say its view, and is waited for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import _
from hotline.tickets.context import ActionContext
from hotline.tickets.names import ActionName as Do
from hotline.tickets.roles import Role
from models import Assignment, Ticket, TicketEvent
from routing.limits import due
from routing.spans import Span

WITHIN = Span(1, "wd")
PART = "heard"
"""The part of an assignment that only lets a unit read the dispute and say its view."""


def heard_units(ticket: Ticket) -> list[Assignment]:
    return [held for held in ticket.assignments if held.part == PART and held.ended_at is None]


def silent_units(ticket: Ticket) -> list[Assignment]:
    return [held for held in heard_units(ticket) if held.reported_at is None]


def due_of(city: City, held: Assignment) -> datetime:
    return due(city.calendar, held.started_at, WITHIN)


def said_in(db: Session, ticket_id: int) -> Sequence[TicketEvent]:
    """The views and the minutes of this ticket's dispute, oldest first."""
    wanted = (Do.STATE_VIEW, Do.KEEP_MINUTES)
    return db.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket_id, TicketEvent.action.in_(wanted))
        .order_by(TicketEvent.id)
    ).all()


# --- guards ------------------------------------------------------------------------------------------------------------


def nobody_new_to_hear(context: ActionContext) -> str | None:
    """Each is a unit that handles and was not asked yet."""
    asked = {held.unit_code for held in heard_units(context.ticket)}
    for code in context.answer("units") or ():
        unit = context.city.units.get(code)
        if unit is None or not unit.handles:
            return _("“%(unit)s”不是承办单位，请从单位列表中选择。", unit=code)
        if code in asked:
            return _("已经请“%(unit)s”陈述意见。", unit=context.city.unit_name(code))
    return None


def units_are_unheard(context: ActionContext) -> str | None:
    """A dispatcher waits for who was asked; nobody waits where it is urgent, nor who leads the meeting."""
    if context.ticket.urgency != "normal" or context.actor.is_(Role.SUPERVISOR, Role.HEAD):
        return None
    waiting = [held for held in silent_units(context.ticket) if due_of(context.city, held) > context.now]
    if not waiting:
        return None
    names = "、".join(context.city.unit_name(held.unit_code) for held in waiting)
    return _("%(names)s 还在陈述期内。请等其陈述意见，或请督办员、热线领导裁定。", names=names)
