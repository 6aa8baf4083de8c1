"""What a granted petition changes on its ticket (the kinds stand in `petitions.PETITIONS`)."""

from __future__ import annotations

from hotline.tickets import deadlines
from hotline.tickets.context import ActionContext
from hotline.tickets.effects.clocks.nearest import show_nearest
from hotline.tickets.effects.demands.directing import open_case
from models import Petition
from routing.limits import Span


def give_more_time(context: ActionContext, petition: Petition) -> None:
    days = int(petition.data.get("days") or context.city.policy.extension_days)
    until = deadlines.extend(context, deadlines.WORK, Span(days, "wd"))
    context.ticket.extensions += 1
    context.ticket.card = None
    petition.data = {**petition.data, "days": str(days), "until": until.isoformat() if until else None}
    show_nearest(context)


def exclude(context: ActionContext, petition: Petition) -> None:
    context.ticket.excluded = True


def supervise(context: ActionContext, petition: Petition) -> None:
    """The case gets its order: what was asked for is what is demanded, within the city's days."""
    made = open_case(context, petition.reason, context.actor.id, context.actor.name)
    petition.data = {**petition.data, "order": made.number, "text": made.asked, "until": made.due_at.isoformat()}


def interview(context: ActionContext, petition: Petition) -> None:
    context.ticket.for_media = True
