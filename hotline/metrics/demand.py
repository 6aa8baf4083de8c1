"""What people ask for: how much, when, about what, from where, and what grows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from hotline.metrics.moments import utc_hour
from hotline.metrics.question import Question, filters
from models import Call, Ticket
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
    return _by_hour(db, Ticket.created_at, asked, *accepted(), *parts(asked))


def calls_by_hour(db: Session, asked: Question) -> dict[str, int]:
    return _by_hour(db, Call.started_at, asked, Call.direction == "in")


def contacts_by(db: Session, asked: Question, column: Any) -> dict[str | None, int]:
    """Tickets taken in, for each value of one of the ticket's columns."""
    rows = select(column, func.count()).where(*_within(Ticket.created_at, asked), *accepted(), *parts(asked))
    return {value: many for value, many in db.execute(rows.group_by(column))}  # noqa: C416


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

    z compares two Poisson counts: (a − b) / √(a + b).
    """
    start = asked.start - asked.length
    fresh = func.sum(case((Ticket.created_at >= asked.start, 1), else_=0))
    rows = db.execute(
        select(Ticket.category_code, fresh, func.count())
        .where(
            Ticket.created_at >= start,
            Ticket.created_at < asked.end,
            Ticket.category_code.is_not(None),
            *accepted(),
            *parts(asked),
        )
        .group_by(Ticket.category_code)
    )
    found = [
        Growth(code, int(now), total - int(now), (2 * int(now) - total) / math.sqrt(total)) for code, now, total in rows
    ]
    return sorted((one for one in found if one.now >= LEAST_GROWTH and one.z > 1), key=lambda one: -one.z)[:most]


def accepted() -> tuple[ColumnElement[bool], ...]:
    return (Ticket.state.not_in(("draft", "void")),)


def parts(asked: Question) -> list[ColumnElement[bool]]:
    """The filters on the ticket's own columns."""
    return filters(
        asked,
        {"units": Ticket.unit_code, "category": Ticket.category_code, "channel": Ticket.channel, "area": Ticket.area},
    )


def into_days(
    hours: dict[str, Any], zone: str, make: Callable[[], Any], add: Callable[[Any, Any], Any]
) -> dict[date, Any]:
    """Hours of UTC gathered into days of the city. Zones must lie whole hours from UTC."""
    days: dict[date, Any] = {}
    for hour, value in hours.items():
        day = local_hour(hour, zone).date()
        days[day] = add(days.get(day, make()), value)
    return days


@lru_cache(maxsize=20_000)
def local_hour(hour: str, zone: str) -> datetime:
    """ "2026-03-04T02" in UTC → that hour in the city; a page asks for the same two years of hours again and again."""
    return datetime.fromisoformat(f"{hour}:00+00:00").astimezone(ZoneInfo(zone))


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
