"""The deadline on the ticket's own row, by which lists sort and page."""

from __future__ import annotations

from hotline.tickets import deadlines
from hotline.tickets.context import ActionContext


def show_nearest(context: ActionContext) -> None:
    """Keep the earliest of its clocks. A ticket without a running clock keeps the moment, by which it goes on being sorted, and
    no clock: what was left of one that has ended is nobody's time.
    """
    ticket, found = context.ticket, deadlines.nearest(context)
    if found is not None and found[0] is not None:
        ticket.due_at, ticket.due_clock, ticket.due_from = found
    else:
        ticket.due_at, ticket.due_clock, ticket.due_from = ticket.due_at or context.now, None, None
