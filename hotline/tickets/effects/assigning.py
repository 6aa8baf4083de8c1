"""Which units have the ticket: who leads, who helps, to whom it was passed on, and who has left it."""

from __future__ import annotations

from classifier.text.title import title
from hotline.tickets.context import ActionContext
from hotline.tickets.effects import Effect
from hotline.tickets.effects.clocks.asking import stop_asking
from hotline.tickets.effects.facts import take_facts
from hotline.tickets.names import ActionName as Do
from models import Assignment


def assign_units(context: ActionContext) -> None:
    """Put the lead unit and its helpers in charge; facts the dispatcher changed go onto the ticket."""
    ticket, lead = context.ticket, context.answers["unit"]
    stop_asking(context)
    _end_former(context, lead)
    ticket.unit_code = ticket.desk_code = lead
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
        ticket.unit_code = ticket.desk_code = None
        ticket.signed_at = None
        ticket.must_sign = ticket.binding = ticket.auto_signed = False

    return release


def _end_former(context: ActionContext, lead: str) -> None:
    """Units that are replaced; the one whose dispute was ruled in its favour was wrongly sent, and that is kept."""
    for held in active_assignments(context):
        wrongly = held.part == "lead" and held.unit_code != lead and context.action == Do.RULE
        held.ended_at, held.end_reason = context.now, "ruled_away" if wrongly else "replaced"


def delegate_to(context: ActionContext) -> None:
    _end_sub_units(context, "replaced")
    context.ticket.desk_code = context.answers["unit"]
    _add_assignment(context, context.answers["unit"], "sub")


def take_back(context: ActionContext) -> None:
    _end_sub_units(context, "taken_back")
    context.ticket.desk_code = context.ticket.unit_code


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
