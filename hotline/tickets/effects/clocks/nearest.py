"""The deadline on the ticket's own row, by which lists sort and page."""

from __future__ import annotations

from hotline.tickets import deadlines
from hotline.tickets.context import ActionContext


def show_nearest(context: ActionContext) -> None:
    """Keep the earliest of its clocks. A ticket without a running clock keeps its last one: the column is never empty again."""
    context.ticket.due_at = deadlines.nearest(context) or context.ticket.due_at or context.now
