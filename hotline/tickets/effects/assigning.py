"""Which units have the ticket: who leads, who helps, to whom it was passed on, and who has left it."""

from __future__ import annotations

from sqlalchemy import select

from classifier.text.title import title
from hotline.city.schema import City
from hotline.i18n import _
from hotline.tickets import roles
from hotline.tickets.context import ActionContext
from hotline.tickets.disputes.parties import PART, heard_units
from hotline.tickets.effects import Effect
from hotline.tickets.effects.clocks.asking import stop_asking
from hotline.tickets.effects.demands.noticed import end_notices, petition_key
from hotline.tickets.effects.facts import take_facts
from hotline.tickets.names import ActionName as Do
from hotline.tickets.reply_rules.assisting import silent_helpers, unsigned_for
from hotline.tickets.reply_rules.signers import SIGN_OFF
from hotline.tickets.roles import UNIT_ROLES, actor_of
from models import Assignment, Petition, Staff, Ticket


def assign_units(context: ActionContext) -> None:
    """Put the lead unit and its helpers in charge; facts the dispatcher changed go onto the ticket."""
    ticket, lead = context.ticket, context.answers["unit"]
    stop_asking(context)
    _end_former(context, lead)
    ticket.unit_code = ticket.desk_code = lead
    ticket.handler_id = None
    ticket.dispatched_at = ticket.dispatched_at or context.now
    ticket.signed_at = None
    ticket.must_sign = ticket.auto_signed = False
    ticket.auto_dispatched = context.actor.kind == "clock"
    take_facts(context)
    _keep_unit_words(context)
    _add_assignment(context, lead, "lead")
    for unit in context.answer("helpers") or ():
        _add_assignment(context, unit, "helper")


def _keep_unit_words(context: ActionContext) -> None:
    """What the unit will read of a sealed ticket, with a title made of it."""
    if context.ticket.privacy == "sealed" and (words := context.answer("unit_words")):
        context.ticket.text.unit_words, context.ticket.text.unit_title = words, title(words)


def release_units(reason: str) -> Effect:
    """The units leave the ticket: it was recalled, or their objection was upheld."""

    def release(context: ActionContext) -> None:
        end_assignments(context, reason)
        ticket = context.ticket
        stop_asking(context)
        ticket.unit_code = ticket.desk_code = ticket.handler_id = None
        ticket.signed_at = None
        ticket.must_sign = ticket.binding = ticket.auto_signed = False

    return release


def leave_to_master(context: ActionContext) -> None:
    """What a unit had in hand is now the master's."""
    end_assignments(context, "merged")
    stop_asking(context)
    context.ticket.handler_id = None


def _end_former(context: ActionContext, lead: str) -> None:
    """Units that are replaced; the one whose dispute was ruled in its favour was wrongly sent, and that is kept."""
    for held in active_assignments(context):
        if held.part == PART:
            continue
        wrongly = held.part == "lead" and held.unit_code != lead and context.action == Do.RULE
        held.ended_at, held.end_reason = context.now, "ruled_away" if wrongly else "replaced"


def delegate_to(context: ActionContext) -> None:
    _end_sub_units(context, "replaced")
    context.ticket.desk_code, context.ticket.handler_id = context.answers["unit"], None
    _add_assignment(context, context.answers["unit"], "sub")


def take_back(context: ActionContext) -> None:
    _end_sub_units(context, "taken_back")
    context.ticket.desk_code = context.ticket.unit_code


def take_on(context: ActionContext) -> None:
    """One person of the unit has it from now on."""
    context.ticket.handler_id = context.actor.id
    context.notes["name"] = context.actor.name


def hand_to(context: ActionContext) -> None:
    colleague = colleague_of(context)
    assert colleague is not None, "the guard has asked"
    context.ticket.handler_id = colleague.id
    context.notes["name"] = colleague.name


def return_to_unit(context: ActionContext) -> None:
    """The person named is gone: what they had is nobody's, and what they sent to be signed is the unit's to send again."""
    gone = _named(context)
    context.notes["name"] = gone.name if gone else ""
    if gone is None:
        return
    if context.ticket.handler_id == gone.id:
        context.ticket.handler_id = None
    _withdraw_unsigned(context, gone)


def leave_no_stranger(context: ActionContext) -> None:
    """The ticket comes back to its unit; whoever had it then may have left meanwhile."""
    ticket = context.ticket
    held = context.db.get(Staff, ticket.handler_id) if ticket.handler_id else None
    if held is not None and not works_on(context.city, held, ticket):
        ticket.handler_id = None


def works_on(city: City, staff: Staff, ticket: Ticket) -> bool:
    """Whether this person still belongs to those who handle this ticket."""
    return staff.active and roles.unit(actor_of(staff, city), ticket)


def _withdraw_unsigned(context: ActionContext, gone: Staff) -> None:
    """A reply goes on in its author's name; of somebody who has left nobody can sign it."""
    asked = select(Petition).where(
        Petition.ticket_id == context.ticket.id,
        Petition.kind == SIGN_OFF,
        Petition.state == "asked",
        Petition.asked_by_id == gone.id,
    )
    for one in context.db.scalars(asked):
        one.state, one.decided_by_name, one.decided_at = "withdrawn", "系统", context.now
        one.decision = _("经办人已不在本单位，答复由同事重新提交")
        end_notices(context.db, context.ticket.id, [petition_key(one.id)], context.now)


def _named(context: ActionContext) -> Staff | None:
    who = str(context.answer("staff") or "")
    return context.db.get(Staff, int(who)) if who.isdecimal() else None


def colleague_of(context: ActionContext) -> Staff | None:
    """The person named, if they work where this ticket lies."""
    staff = _named(context)
    here = {context.ticket.unit_code, context.ticket.desk_code}
    at_work = staff is not None and staff.active and staff.unit_code in here and bool(UNIT_ROLES & set(staff.roles))
    return staff if at_work else None


def active_assignments(context: ActionContext) -> list[Assignment]:
    return [held for held in context.ticket.assignments if held.ended_at is None]


def end_assignments(context: ActionContext, reason: str) -> None:
    for held in active_assignments(context):
        held.ended_at, held.end_reason = context.now, reason


def _end_sub_units(context: ActionContext, reason: str) -> None:
    for held in active_assignments(context):
        if held.part == "sub":
            held.ended_at, held.end_reason = context.now, reason


def _add_assignment(context: ActionContext, unit: str, part: str) -> None:
    context.ticket.assignments.append(
        Assignment(
            unit_code=unit, part=part, round=context.ticket.round, started_at=context.now, note=context.answer("note")
        )
    )


# --- assisting units: they take note, are reminded, may be called in later, and leave when the reply has passed ---------


def sign_as_helper(context: ActionContext) -> None:
    for held in unsigned_for(context.actor, context.ticket):
        held.signed_at = context.now


def call_in(context: ActionContext) -> None:
    """The lead needs one more unit: it helps from now on, with what it is asked for."""
    for unit in context.answers["helpers"]:
        context.ticket.assignments.append(
            Assignment(
                unit_code=unit,
                part="helper",
                round=context.ticket.round,
                started_at=context.now,
                note=context.answer("note"),
            )
        )


def remind(context: ActionContext) -> None:
    held = silent_helpers(context.ticket)
    context.notes["units"] = [one.unit_code for one in held]
    for one in held:
        one.warned_at = context.now


def let_helpers_go(context: ActionContext) -> None:
    """The reply has passed: nothing is expected of those who helped."""
    for held in active_assignments(context):
        if held.part == "helper":
            held.ended_at, held.end_reason = context.now, "done"


# --- a dispute: units are heard, and read on until the one that was ruled to handle it has signed ------------------------


def ask_for_views(context: ActionContext) -> None:
    for unit in context.answers["units"]:
        _add_assignment(context, unit, PART)


def note_view(context: ActionContext) -> None:
    """A unit has said its view; the words stand in the story."""
    for held in heard_units(context.ticket):
        if held.unit_code in context.actor.units:
            held.reported_at = context.now


def let_heard_go(context: ActionContext) -> None:
    for held in heard_units(context.ticket):
        held.ended_at, held.end_reason = context.now, "heard"
