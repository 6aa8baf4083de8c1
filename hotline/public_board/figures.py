"""Open figures of whole months: counted by the city's own definitions, small numbers withheld so that nobody is found in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import _
from hotline.metrics import counting, demand
from hotline.metrics.days.frame import frame_of
from hotline.metrics.days.reading import folded_until
from hotline.metrics.question import Question
from hotline.metrics.rates import Rate
from hotline.tickets.vocabulary import CHANNELS
from models import Ticket

LEAST = 5
"""Fewer than this are not told, nor what would give them away by subtraction."""

RATES = ("direct_close", "on_time", "solve", "satisfied")
MOST_MONTHS = 24
Line = tuple[str, int | None]
"""A name and how many; None: too few to be told."""


@dataclass(frozen=True)
class OpenFigures:
    """One month. rates: without a value when fewer were asked than the city judges anybody by."""

    month: date
    total: int | None
    kinds: list[Line]
    areas: list[Line]
    channels: list[Line]
    rates: list[Rate]


def months(db: Session, city: City, now: datetime) -> list[date]:
    """The whole months there is something of, the newest first. Not the running one: two looks would tell of the days between."""
    first = db.scalar(select(func.min(Ticket.created_at)))
    zone = ZoneInfo(city.timezone)
    found: list[date] = []
    month = _before(now.astimezone(zone).date().replace(day=1))
    while first is not None and month >= first.astimezone(zone).date().replace(day=1) and len(found) < MOST_MONTHS:
        found.append(month)
        month = _before(month)
    return found


def figures(db: Session, city: City, month: date, now: datetime) -> OpenFigures:
    asked = _question(db, city, month, now)
    kinds = _folded(demand.contacts_by(db, asked, "category"), lambda code: _above(city, code))
    total = sum(kinds.values())
    split = ((kinds, city.category_name), (_by(db, asked, "area"), city.area_name))
    by_kind, by_area = (_lines(counts, name) for counts, name in split)
    return OpenFigures(
        month=month,
        total=total if total >= LEAST else None,
        kinds=by_kind,
        areas=by_area,
        channels=_lines(_by(db, asked, "channel"), _channel),
        rates=[one for one in counting.rates(db, asked, RATES).values() if not one.too_few],
    )


def withheld(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Small numbers are None, and with them so many of the next smallest that no difference to the sum tells a small one."""
    rising = sorted(counts.items(), key=lambda one: one[1])
    hidden = [many for _code, many in rising if many < LEAST]
    while hidden and (len(hidden) < 2 or sum(hidden) < LEAST) and len(hidden) < len(rising):
        hidden.append(rising[len(hidden)][1])
    return {name: None if n < len(hidden) else many for n, (name, many) in enumerate(rising)}


def _lines(counts: Mapping[str, int], name: Callable[[str], str]) -> list[Line]:
    """The most first, those withheld last."""
    told = withheld(counts)
    return sorted(((name(code), many) for code, many in told.items()), key=lambda one: (-(one[1] or 0), one[0]))


def _by(db: Session, asked: Question, dimension: str) -> dict[str, int]:
    return _folded(demand.contacts_by(db, asked, dimension), lambda code: code)


def _folded(counts: Mapping[str | None, int], into: Callable[[str], str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, many in counts.items():
        found[into(code or "")] = found.get(into(code or ""), 0) + many
    return found


def _above(city: City, code: str) -> str:
    path = city.category_path(code)
    return path[0] if path else ""


def _channel(code: str) -> str:
    return _(CHANNELS.get(code, code))


def _question(db: Session, city: City, month: date, now: datetime) -> Question:
    zone = ZoneInfo(city.timezone)
    start = datetime(month.year, month.month, 1, tzinfo=zone)
    end = (start + timedelta(days=32)).replace(day=1)
    policy = city.policy
    few, partly, hours = policy.few_answers, policy.partly_weight, policy.answer_hours
    folded = folded_until(db, frame_of(city))
    return Question(
        start, end, now, few=few, partly=partly, answer_hours=hours, zone=city.timezone, folded_until=folded
    )


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
