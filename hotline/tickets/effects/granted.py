"""What a granted petition changes on its ticket (the kinds stand in `petitions.PETITIONS`)."""

from __future__ import annotations

from hotline.tickets import deadlines
from hotline.tickets.context import ActionContext
from hotline.tickets.effects.clocks.nearest import show_nearest
from models import Petition
from routing.limits import Span


def give_more_time(context: ActionContext, petition: Petition) -> None:
    days = int(petition.data.get("days") or context.city.policy.extension_days)
    until = deadlines.extend(context, deadlines.WORK, Span(days, "wd"))
    context.ticket.extensions += 1
    context.ticket.card = None
    petition.data = {**petition.data, "until": until.isoformat() if until else None}
    show_nearest(context)


def exclude(context: ActionContext, petition: Petition) -> None:
    context.ticket.excluded = True


def supervise(context: ActionContext, petition: Petition) -> None:
    context.ticket.supervised = True


def interview(context: ActionContext, petition: Petition) -> None:
    context.ticket.for_media = True
