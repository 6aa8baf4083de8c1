"""How often what had been told at the opening came true, by top-level kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.metrics.rates import interval
from hotline.waiting_time.measured import waits
from hotline.waiting_time.ranges import Kind
from hotline.waiting_time.told import kinds_of
from models import WaitingCheck, WaitingTime

DAYS = 30
FAR = 0.05
"""A share that surely lies further than this from the one that was told is far from it."""


@dataclass(frozen=True)
class Coverage:
    """category: "" for all kinds. held of told; share is what came, stated what had been told.

    verdict: few, good, low (fewer came true than was told) or high (the ranges were wider than they had to be).
    """

    category: str
    told: int
    held: int
    share: float
    stated: float
    interval: tuple[float, float]
    verdict: str


def check(db: Session, city: City, now: datetime) -> None:
    """The last thirty days are counted anew, so that a missed night leaves no gap."""
    until = city.calendar.start_of_day(now)
    since = city.calendar.start_of_day(until - timedelta(days=DAYS) + timedelta(hours=12))
    history = _history(db, until)
    counted: dict[tuple[date, str], list[float]] = defaultdict(lambda: [0, 0, 0.0])
    for wait in waits(db, city, since, until):
        wanted = kinds_of(city.category_path(wait.category), wait.unit, wait.season)
        row = next((row for kind in wanted if (row := _in_force(history.get(kind, ()), wait.opened_at))), None)
        if row is not None:
            sums = counted[city.calendar.day_of(wait.closed_at), wait.top]
            sums[0] += 1
            sums[1] += row.low <= wait.days <= row.high
            sums[2] += row.share
    db.execute(delete(WaitingCheck).where(WaitingCheck.day >= city.calendar.day_of(since)))
    for (day, top), (told, held, stated) in counted.items():
        db.add(WaitingCheck(day=day, category_code=top, told=int(told), held=int(held), stated=stated))
    db.flush()


def _history(db: Session, until: datetime) -> dict[Kind, list[WaitingTime]]:
    found: dict[Kind, list[WaitingTime]] = defaultdict(list)
    for row in db.scalars(select(WaitingTime).where(WaitingTime.since < until)):
        found[Kind(row.category_code, row.unit_code, row.season)].append(row)
    return found


def _in_force(rows: Iterable[WaitingTime], at: datetime) -> WaitingTime | None:
    return next((row for row in rows if row.since <= at and (row.until is None or row.until > at)), None)


def coverage(db: Session, city: City, now: datetime) -> list[Coverage]:
    """All kinds first, then each by its code, over the last thirty days; nothing before the first night that found any."""
    table = WaitingCheck
    rows = db.execute(
        select(table.category_code, func.sum(table.told), func.sum(table.held), func.sum(table.stated))
        .where(table.day >= city.calendar.day_of(now) - timedelta(days=DAYS))
        .group_by(table.category_code)
        .order_by(table.category_code)
    ).all()
    kinds = [(code, int(told), int(held), float(stated)) for code, told, held, stated in rows]
    if not kinds:
        return []
    everything = ("", sum(k[1] for k in kinds), sum(k[2] for k in kinds), sum(k[3] for k in kinds))
    return [_judged(*one, few=city.policy.few_waits) for one in (everything, *kinds)]


def _judged(category: str, told: int, held: int, stated: float, *, few: int) -> Coverage:
    low, high = interval(held, told) or (0.0, 1.0)
    said = stated / told
    verdict = "few" if told < few else "low" if high < said - FAR else "high" if low > said + FAR else "good"
    return Coverage(category, told, held, held / told, said, (low, high), verdict)
