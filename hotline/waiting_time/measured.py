"""Which matters count, and how many of the city's working days passed from their opening to the first time they were closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from hotline.city.schema import City
from hotline.metrics.history import CLOSINGS
from models import Ticket, TicketEvent
from models.tickets.taking_back import stands
from models.tickets.ticket import CLOSED_STATES, FINISHED_STATES

DONE = tuple(action for action in CLOSINGS if action != "withdraw")
"""Whoever took the matter back was not waited for to the end."""
NEVER_HANDLED = tuple(state for state in CLOSED_STATES if state not in FINISHED_STATES)
WARM, COLD = "warm", "cold"
WARM_MONTHS = range(4, 10)
"""April to September; the other half holds the months of heating."""

_earlier = aliased(TicketEvent)


@dataclass(frozen=True)
class Wait:
    """One matter. top: the top-level kind of its category. unit: whoever had it when it was closed. days: at least 1."""

    category: str
    top: str
    unit: str
    opened_at: datetime
    closed_at: datetime
    season: str
    days: int


def waits(db: Session, city: City, since: datetime, until: datetime) -> Iterator[Wait]:
    """Matters closed for the first time in [since, until).

    Left out: what was excluded from statistics, merged, void, declined or transferred, answered at once, withdrawn, or
    brought from another system; and what has no kind.
    """
    before = exists().where(
        _earlier.ticket_id == TicketEvent.ticket_id,
        _earlier.id < TicketEvent.id,
        _earlier.to_state == "closed",
        stands(_earlier),
    )
    rows = db.execute(
        select(
            Ticket.category_code,
            TicketEvent.unit_code,
            func.coalesce(Ticket.submitted_at, Ticket.created_at, type_=Ticket.created_at.type).label("opened_at"),
            TicketEvent.at,
        )
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(
            TicketEvent.action.in_(DONE),
            TicketEvent.at >= since,
            TicketEvent.at < until,
            TicketEvent.to_state == "closed",
            TicketEvent.from_state != "closed",
            TicketEvent.unit_code.is_not(None),
            stands(),
            ~before,
            Ticket.excluded.is_(False),
            Ticket.state.not_in(NEVER_HANDLED),
            Ticket.category_code.is_not(None),
        )
        .execution_options(yield_per=5000)
    )
    for category, unit, opened_at, closed_at in rows:
        path = city.category_path(category)
        if path and category and unit:
            days = working_days(city, opened_at, closed_at)
            yield Wait(category, path[0], unit, opened_at, closed_at, season_of(city, opened_at), days)


def working_days(city: City, opened_at: datetime, closed_at: datetime) -> int:
    """Begun working days of working time: what is closed within one day's working time took 1."""
    worked = city.calendar.working_time_between(opened_at, closed_at)
    return max(1, -(-worked // city.calendar.day_length))


def season_of(city: City, moment: datetime) -> str:
    return WARM if city.calendar.day_of(moment).month in WARM_MONTHS else COLD
