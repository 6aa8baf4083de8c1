"""The deadline on the ticket's own row, by which lists sort and page."""

from __future__ import annotations

from hotline.tickets import deadlines
from hotline.tickets.context import ActionContext


def show_nearest(context: ActionContext) -> None:
    """Keep the earliest of its clocks. A ticket without a running clock keeps its last one: the column is never empty again."""
    ticket, found = context.ticket, deadlines.nearest(context)
    if found is not None and found[0] is not None:
        ticket.due_at, ticket.due_clock, ticket.due_from = found
    elif ticket.due_at is None:
        ticket.due_at, ticket.due_clock, ticket.due_from = context.now, None, None
