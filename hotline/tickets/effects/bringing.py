"""What is written of a matter that another system handled and ended before it came to us."""

from __future__ import annotations

from hotline.tickets.context import ActionContext


def take_over_history(context: ActionContext) -> None:
    """Unit and times as told. It was not dispatched by us, so that no figure of our own timeliness counts it.

    A matter of which no time is known counts in no figure at all.
    """
    ticket = context.ticket
    ticket.submitted_at = ticket.created_at
    ticket.unit_code = context.answer("unit")
    ticket.replied_at = context.answer("replied_at") or (context.now if context.answer("answer") else None)
    ticket.text.public_answer = context.answer("answer")
    ticket.close_kind = "brought"
    ticket.quiet = True
    ticket.excluded = bool(context.answer("undated"))
