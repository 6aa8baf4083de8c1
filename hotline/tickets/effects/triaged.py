"""What triage found in the words of a ticket: only what nobody has stated yet, and never less than was known."""

from __future__ import annotations

from hotline.tickets.context import ActionContext


def take_place(context: ActionContext) -> None:
    """The district and street of the text, where the ticket has none."""
    ticket = context.ticket
    ticket.area = ticket.area or context.answer("area")
    ticket.street = ticket.street or context.answer("street")


def mark_safety(context: ActionContext) -> None:
    """From now on a person must look: what may endanger anybody is never dispatched by the clock."""
    context.ticket.safety = True
