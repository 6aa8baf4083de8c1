"""What a city tells of its days: totals of the whole city and nothing finer, without sealed matters, so that no number is a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.metrics.days import reading
from hotline.metrics.days.frame import frame_of
from hotline.metrics.demand import calls_by_day, contacts_by_day
from hotline.metrics.question import Question
from models import Ticket, ToldDay, UTCDateTime

Figures = dict[str, list[float]]
TAKEN, CALLS = "taken", "calls"
"""What is only counted: matters taken in, and calls."""

LOOKED_BACK = timedelta(days=62)
"""Answers and proofs come late: so long a day's figures may still change."""


def figure_name(measure: str, version: str) -> str:
    """The name under which a figure is told: another rule is another figure, whichever release each city runs."""
    return measure if version == "1" else f"{measure}@{version}"


def day_figures(db: Session, city: City, first: date, last: date, now: datetime, folded: bool) -> dict[date, Figures]:
    """Each day by the city's clock: name → [hits, of, partly], or [n] for what is only counted.

    What is only counted is told as it is now; rates are read from the days that are folded (`hotline/metrics/days`), at most a
    minute old. folded: they are; while they are made anew, there are no rates.
    """
    frame = frame_of(city)
    asked = Question(frame.start_of(first), frame.end_of(last), now, zone=city.timezone)
    days: dict[date, Figures] = {first + timedelta(n): {} for n in range((last - first).days + 1)}
    for name, counted in ((TAKEN, contacts_by_day(db, asked)), (CALLS, calls_by_day(db, asked))):
        for day, many in counted.items():
            days[day][name] = [float(many)]
    for row in reading.days(db, first, last) if folded else ():
        if of := row.hit + row.partly + row.miss:
            days[row.day][figure_name(row.measure, row.version)] = [float(row.hit), float(of), float(row.partly)]
    return days


def bring_up_to_date(db: Session, city: City, first: date, now: datetime) -> None:
    """What differs from what was told last is told again, under the next revision. first: no day before is looked at."""
    frame, began = frame_of(city), db.scalar(select(func.min(Ticket.created_at, type_=UTCDateTime())))
    last = frame.day_of(now)
    first = max(first, frame.day_of(began) if began is not None else last)
    known = {one.day: one for one in db.scalars(select(ToldDay).where(ToldDay.day >= first))}
    folded = reading.folded_until(db, frame) is not None
    for day, figures in day_figures(db, city, first, last, now, folded).items():
        told = known.get(day)
        if told is None and figures:
            db.add(ToldDay(day=day, revision=1, figures=figures, kept=0))
        elif told is not None and told.figures != (newest := figures if folded else told.figures | figures):
            told.figures, told.revision = newest, told.revision + 1
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
