"""What a newcomer took in waits for a colleague's look before it is dispatched; danger never waits."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from hotline.i18n import _
from hotline.tickets.context import ActionContext
from hotline.tickets.states import ENDED, State
from models import Staff, Ticket

WAITS, PASSED, CORRECTED = "waits", "passed", "corrected"
AT_ONCE = ("urgent", "critical")
"""Urgencies that wait for nobody: the look is had afterwards."""

CORRECTIONS = ("title", "category", "request_type", "urgency", "area", "place", "privacy")


def learns(staff: Staff | None) -> bool:
    """Whether this person works with a second pair of eyes."""
    return staff is not None and staff.learns_from is not None and staff.released_at is None


def waits(ticket: Ticket) -> bool:
    """Whether it cannot be dispatched before a colleague has looked."""
    return ticket.second_look == WAITS and ticket.urgency not in AT_ONCE and not ticket.safety


def waiting() -> ColumnElement[bool]:
    """`waits` as a filter, of those that nobody has dispatched yet."""
    calm = and_(Ticket.urgency.not_in(AT_ONCE), Ticket.safety.is_(False))
    return and_(Ticket.second_look == WAITS, Ticket.state == State.TO_DISPATCH, calm)


def looked_at_afterwards() -> ColumnElement[bool]:
    """The others: what went at once."""
    gone = or_(Ticket.state != State.TO_DISPATCH, Ticket.urgency.in_(AT_ONCE), Ticket.safety.is_(True))
    return and_(Ticket.second_look == WAITS, gone)


# --- what stands in the way ----------------------------------------------------------------------------------------------


def colleague_has_not_looked(context: ActionContext) -> str | None:
    if waits(context.ticket):
        return _("这张工单由带教期的同事受理，先由另一位同事看过（练习室的“带教待看”）再派。")
    return None


def needs_no_look(context: ActionContext) -> str | None:
    return None if context.ticket.second_look == WAITS else _("这张工单不用看，或者已经有人看过。")


def looks_at_own(context: ActionContext) -> str | None:
    own = context.actor.kind == "staff" and context.actor.id == context.ticket.agent_id
    return _("自己受理的工单，请另一位同事看。") if own else None


def learns_oneself(context: ActionContext) -> str | None:
    looking = context.db.get(Staff, context.actor.id) if context.actor.id is not None else None
    return _("带教期的同事不能看别人受理的工单。") if learns(looking) else None


def corrects_without_note(context: ActionContext) -> str | None:
    corrected = context.answer("result") == CORRECTED or any(context.answer(name) for name in CORRECTIONS)
    if corrected and not (context.answer("note") or "").strip():
        return _("改了什么、为什么，请写一句给受理的同事。")
    return None


def ended_is_not_corrected(context: ActionContext) -> str | None:
    changed = any(context.answer(name) for name in CORRECTIONS)
    if changed and State(context.ticket.state) in ENDED:
        return _("已经办结的工单不再更正，请把意见写在说明里。")
    return None
