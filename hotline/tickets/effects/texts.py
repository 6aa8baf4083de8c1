"""Staff switch a citizen's texts off and on again, because the citizen asked for it; it stands in the story and in the book."""

from __future__ import annotations

from hotline.tickets.citizens import opting
from hotline.tickets.context import ActionContext


def stop_texts(context: ActionContext) -> None:
    if context.ticket.citizen is not None:
        opting.stop_texts(context.db, context.ticket.citizen, context.actor, context.now, context.ticket)


def end_codes(context: ActionContext) -> None:
    """From now on no code that was given out opens the ticket; the text that follows brings the next one."""
    context.ticket.code_generation += 1
    context.ticket.former_code = ""


def resume_texts(context: ActionContext) -> None:
    if context.ticket.citizen is not None:
        opting.resume_texts(context.db, context.ticket.citizen, context.actor, context.now, context.ticket)
