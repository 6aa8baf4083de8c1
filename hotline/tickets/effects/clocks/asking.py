"""Asking the citizen for more: the clock of whoever asked stands still until words come, or until the city has waited long enough."""

from __future__ import annotations

from datetime import timedelta

from hotline.tickets import deadlines
from hotline.tickets.context import ActionContext
from hotline.tickets.effects.clocks.nearest import show_nearest
from hotline.tickets.names import ClockName as Clock

PAUSED = (Clock.DISPATCH, *deadlines.WORK)
"""Whoever asks, the dispatcher or the unit: it is their own clock that stands still."""


def start_asking(context: ActionContext) -> None:
    """The clock pauses; after the city's days the matter goes on with what is known."""
    context.ticket.asking_more = True
    context.ticket.wait_until = context.now + timedelta(days=context.city.policy.ask_more_days)
    deadlines.pause(context, PAUSED, "ask_more")


def hear_citizen(context: ActionContext) -> None:
    """Words have come: what was asked is answered, and a matter that was imported in silence is alive."""
    if context.actor.kind != "system":
        context.ticket.quiet = False
    stop_asking(context)


def stop_asking(context: ActionContext) -> None:
    """The hands move again, from where they stood."""
    if not context.ticket.asking_more:
        return
    context.ticket.asking_more = False
    context.ticket.wait_until = None
    deadlines.stop(context, (Clock.WAIT,))
    deadlines.resume(context, PAUSED)
    show_nearest(context)
