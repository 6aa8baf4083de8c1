"""What a city tells of its days: totals of the whole city and nothing finer, so that no number is a person and no sealed matter shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.metrics.counting import DEFINITIONS, rates
from hotline.metrics.definitions import Definition
from hotline.metrics.demand import calls_by_hour, contacts_by_hour
from hotline.metrics.question import Question
from hotline.metrics.rates import Rate
from models import Ticket, ToldDay, UTCDateTime

Figures = dict[str, list[float]]
TAKEN, CALLS = "taken", "calls"
"""What is only counted: matters taken in, and calls."""

LOOKED_BACK = timedelta(days=62)
"""Answers and proofs come late: so long a day's figures may still change."""


def figure_name(one: Definition) -> str:
    """The name under which a figure is told: another rule is another figure, whichever release each city runs."""
    return one.key if one.version == "1" else f"{one.key}@{one.version}"


def day_figures(db: Session, city: City, day: date, now: datetime) -> Figures:
    """One day by the city's clock, as a report on that day says it: name → [hits, of, partly], or [n] for what is only counted."""
    asked = _question(city, day, now)
    counted = {TAKEN: contacts_by_hour(db, asked), CALLS: calls_by_hour(db, asked)}
    told = {name: [float(sum(hours.values()))] for name, hours in counted.items() if hours}
    return told | {figure_name(DEFINITIONS[key]): _told(one) for key, one in rates(db, asked).items() if one.of}


def bring_up_to_date(db: Session, city: City, first: date, now: datetime) -> None:
    """What differs from what was told last is told again, under the next revision. first: no day before is looked at."""
    zone = ZoneInfo(city.timezone)
    last, began = now.astimezone(zone).date(), db.scalar(select(func.min(Ticket.created_at, type_=UTCDateTime())))
    first = max(first, began.astimezone(zone).date() if began is not None else last)
    known = {one.day: one for one in db.scalars(select(ToldDay).where(ToldDay.day >= first))}
    for day in (first + timedelta(n) for n in range((last - first).days + 1)):
        told, figures = known.get(day), day_figures(db, city, day, now)
        if told is None and figures:
            db.add(ToldDay(day=day, revision=1, figures=figures, kept=0))
        elif told is not None and told.figures != figures:
            told.figures, told.revision = figures, told.revision + 1
    db.flush()


def confirm(db: Session, kept: Mapping[str, Any]) -> None:
    """What the province holds by now. It may hold more than we count: we were restored from a backup, and count on from there."""
    for day, revision in kept.items():
        told = db.get(ToldDay, date.fromisoformat(day))
        if told is None or not isinstance(revision, int):
            continue
        if revision > told.revision:
            told.revision = revision + 1
        told.kept = max(told.kept, revision)


def untold(db: Session, most: int) -> list[ToldDay]:
    """Days of which the province does not hold the newest, the newest first."""
    wanted = select(ToldDay).where(ToldDay.kept < ToldDay.revision).order_by(ToldDay.day.desc())
    return list(db.scalars(wanted.limit(most)))


def _told(one: Rate) -> list[float]:
    return [float(one.parts["hit"]), float(one.of), float(one.parts["partly"])]


def _question(city: City, day: date, now: datetime) -> Question:
    zone, policy = ZoneInfo(city.timezone), city.policy
    start, end = (datetime.combine(one, time.min, zone) for one in (day, day + timedelta(days=1)))
    few, partly, hours = policy.few_answers, policy.partly_weight, policy.answer_hours
    return Question(start, end, now, few=few, partly=partly, answer_hours=hours)
