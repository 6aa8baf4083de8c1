"""How results go on, month by month, of every person and unit: shares with their intervals, in the order of names, never of shares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classifier.wilson import wilson
from hotline.city.schema import City
from hotline.quality import findings, listing
from hotline.tickets.roles import Actor
from models import QualityTask, RecordFinding, RecordLook

MONTHS = 6
BY: dict[str, Any] = {"person": QualityTask.scored_id, "unit": QualityTask.unit_code}


@dataclass(frozen=True)
class Share:
    """good of n results were good enough; low and high bound the share (Wilson, 95 %)."""

    good: int
    n: int

    @property
    def bounds(self) -> tuple[float, float]:
        return wilson(self.good, self.n)


NOTHING = Share(0, 0)


@dataclass(frozen=True)
class Trend:
    """One person or unit. months: in the order of `months_until`. held: of the tickets looked at, those with a fault that holds."""

    key: int | str
    name: str
    months: tuple[Share, ...]
    whole: Share
    held: Share


def months_until(city: City, now: datetime) -> list[date]:
    """The first days of the last months, the present one last."""
    today = city.calendar.day_of(now)
    counted = [today.year * 12 + today.month - 1 - back for back in range(MONTHS)]
    return [date(number // 12, number % 12 + 1, 1) for number in reversed(counted)]


def bounds_of(city: City, first: date) -> tuple[datetime, datetime]:
    """The first moment of a month, and of the next."""
    zone, following = ZoneInfo(city.timezone), date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return datetime.combine(first, time(), zone), datetime.combine(following, time(), zone)


def trends(
    db: Session, city: City, actor: Actor, by: str, sheet: str, names: dict[Any, str], now: datetime
) -> list[Trend]:
    """names: of every person or unit that may come, in the order in which they are listed."""
    months = months_until(city, now)
    wish = listing.Wish("told", sheet=sheet)
    parts = [_tally(db, actor, by, _within(wish, *bounds_of(city, first))) for first in months]
    since, until = bounds_of(city, months[0])[0], bounds_of(city, months[-1])[1]
    whole = _tally(db, actor, by, _within(wish, since, until))
    held = _held(db, actor, since) if by == "person" else {}
    return [
        Trend(key, name, tuple(part.get(key, NOTHING) for part in parts), whole[key], held.get(key, NOTHING))
        for key, name in names.items()
        if key in whole
    ]


def _within(wish: listing.Wish, since: datetime, until: datetime) -> listing.Wish:
    return replace(wish, since=since, until=until)


def _tally(db: Session, actor: Actor, by: str, wish: listing.Wish) -> dict[Any, Share]:
    column = BY[by]
    good = func.count().filter(QualityTask.coaching.is_(False)).label("good")
    query = listing.listed(actor, wish).with_only_columns(column.label("key"), good, func.count().label("n"))
    rows = db.execute(query.where(column.is_not(None)).group_by(column))
    return {row.key: Share(row.good, row.n) for row in rows}


def _held(db: Session, actor: Actor, since: datetime) -> dict[Any, Share]:
    wish = findings.Wish(state="holds", since=since)
    faults = findings.found(actor, wish).with_only_columns(
        RecordFinding.agent_id, func.count(RecordFinding.ticket_id.distinct()).label("n")
    )
    found = {row.agent_id: row.n for row in db.execute(faults.group_by(RecordFinding.agent_id))}
    looks = select(RecordLook.agent_id, func.count().label("n")).where(RecordLook.at >= since)
    return {
        row.agent_id: Share(min(found.get(row.agent_id, 0), row.n), row.n)
        for row in db.execute(looks.group_by(RecordLook.agent_id))
    }
