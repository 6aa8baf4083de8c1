"""What people ask for: how much, when, about what, from where, and what grows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hotline.metrics.days import reading
from hotline.metrics.definitions import CALLS, CONTACTS, accepted
from hotline.metrics.moments import local_hour, utc_hour
from hotline.metrics.question import Question, filters
from models import Call, Ticket, TicketPoint
from models.tickets.ticket import OPEN_WORK

LEAST_GROWTH = 5


@dataclass(frozen=True)
class Growth:
    """now and before: contacts in this period and in the one just before. z: how many standard errors apart."""

    code: str
    now: int
    before: int
    z: float


def contacts_by_hour(db: Session, asked: Question) -> dict[str, int]:
    """UTC hour → tickets taken in; drafts and void ones are none."""
    return _by_hour(db, Ticket.created_at, asked, accepted(), *parts(asked))


def calls_by_hour(db: Session, asked: Question) -> dict[str, int]:
    return _by_hour(db, Call.started_at, asked, Call.direction == "in")


def contacts_by_day(db: Session, asked: Question) -> dict[date, int]:
    """The city's day → tickets taken in."""
    found = reading.volumes(db, asked, CONTACTS.source, "day")
    return into_days(contacts_by_hour(db, asked), asked.zone) if found is None else found


def calls_by_day(db: Session, asked: Question) -> dict[date, int]:
    found = reading.volumes(db, asked, CALLS, "day")
    return into_days(calls_by_hour(db, asked), asked.zone) if found is None else found


def contacts_by(db: Session, asked: Question, dimension: str) -> dict[str | None, int]:
    """Tickets taken in, for each category (its whole code), channel or area."""
    found = reading.volumes(db, asked, CONTACTS.source, dimension)
    if found is not None:
        return found
    column = {"category": Ticket.category_code, "channel": Ticket.channel, "area": Ticket.area}[dimension]
    rows = select(column, func.count()).where(*_within(Ticket.created_at, asked), accepted(), *parts(asked))
    return {value: many for value, many in db.execute(rows.group_by(column))}  # noqa: C416


def points_by_square(db: Session, asked: Question, most: int) -> dict[tuple[int, int], int]:
    """Of tickets taken in with a point: how many lie in each square (its row and column), the fullest squares first."""
    square = (TicketPoint.cell_lat, TicketPoint.cell_lon)
    rows = select(*square, func.count().label("many")).join(Ticket, Ticket.id == TicketPoint.ticket_id)
    rows = rows.where(*_within(Ticket.created_at, asked), accepted(), *parts(asked)).group_by(*square)
    rows = rows.order_by(func.count().desc(), *square).limit(most)
    return {(row, column): many for row, column, many in db.execute(rows)}


def open_by_state(db: Session, asked: Question) -> dict[str, int]:
    """What is open now, whenever it came in; an index holds the open tickets alone."""
    rows = db.execute(
        select(Ticket.state, func.count())
        .where(OPEN_WORK, Ticket.state != "draft", *parts(asked))
        .group_by(Ticket.state)
    )
    return {state: count for state, count in rows}  # noqa: C416


def growing(db: Session, asked: Question, most: int = 8) -> list[Growth]:
    """Second-level categories with more contacts than in the period before, the least likely to be chance first.

    z compares two Poisson counts a and b, of which b took 1/r of the time of a: (a − r·b) / √(a + r²·b).
    """
    earlier = asked.before()
    now, before = (contacts_by(db, one, "category") for one in (asked, earlier))
    share = asked.length / earlier.length
    found = [
        Growth(code, many, before.get(code, 0), _apart(many, before.get(code, 0), share))
        for code, many in now.items()
        if code
    ]
    return sorted((one for one in found if one.now >= LEAST_GROWTH and one.z > 1), key=lambda one: -one.z)[:most]


def _apart(now: int, before: int, share: float) -> float:
    return (now - share * before) / math.sqrt(now + share * share * before)


def parts(asked: Question) -> list[ColumnElement[bool]]:
    """The filters on the ticket's own columns."""
    return filters(
        asked,
        {"units": Ticket.unit_code, "category": Ticket.category_code, "channel": Ticket.channel, "area": Ticket.area},
    )


def into_days(hours: dict[str, int], zone: str) -> dict[date, int]:
    """Hours of UTC gathered into days of the city. Zones must lie whole hours from UTC."""
    days: dict[date, int] = {}
    for hour, many in hours.items():
        day = local_hour(hour, zone).date()
        days[day] = days.get(day, 0) + many
    return days


def hours_of(asked: Question) -> list[str]:
    """Every hour of the period as utc_hour writes it, with those in which nothing happened."""
    hour = asked.start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    found = []
    while hour < asked.end:
        found.append(hour.strftime("%Y-%m-%dT%H"))
        hour += timedelta(hours=1)
    return found


def _by_hour(db: Session, at: Any, asked: Question, *also: ColumnElement[bool]) -> dict[str, int]:
    inner = select(utc_hour(at).label("hour")).where(*_within(at, asked), *also).subquery()
    return {hour: count for hour, count in db.execute(select(inner.c.hour, func.count()).group_by(inner.c.hour))}  # noqa: C416


def _within(at: Any, asked: Question) -> tuple[ColumnElement[bool], ...]:
    return (at >= asked.start, at < asked.end)
