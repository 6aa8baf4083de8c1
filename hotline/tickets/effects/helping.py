"""Assisting units: they take note, are reminded, may be called in later, and leave when the reply has passed."""

from __future__ import annotations

from hotline.tickets.context import ActionContext
from hotline.tickets.effects.assigning import active_assignments
from hotline.tickets.reply_rules.assisting import silent_helpers, unsigned_for
from models import Assignment


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
