"""Days folded until nothing waits, and every period of whole days asked both ways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.figures.folding import fold
from hotline.metrics.days import history_counts, reading
from hotline.metrics.days.frame import frame_of
from hotline.metrics.days.history_counts import Tally
from hotline.metrics.days.reading import DIMENSIONS
from hotline.metrics.days.sources import SOURCES
from hotline.metrics.definitions import CALLS
from hotline.metrics.question import Question
from models import FigureDay
from tests.support.life import Life

Counted = dict[Any, dict[str, dict[str, int]]]
EVERYTHING = [one for held in SOURCES.values() for one in held]


def fold_all(db: Session, city: City, now: datetime) -> None:
    while fold(db, city, now):
        pass
    db.flush()
    assert reading.folded_until(db, frame_of(city)) == now


def question(city: City, first: date, last: date, now: datetime, **more: Any) -> Question:
    """The days from the first to the last; when the last is today, up to now."""
    frame = frame_of(city)
    end = min(frame.end_of(last), now)
    held = {"zone": city.timezone, "answer_hours": city.policy.answer_hours, "folded_until": now}
    return Question(frame.start_of(first), end, now, **{**held, **more})


def told_apart(db: Session, whole: Question, dimensions: Iterable[str] = ("", *DIMENSIONS)) -> list[str]:
    """Where the days and the history say something else, sealed matters counted or not: nothing, if all is well."""
    found = []
    for dimension, asked in product(dimensions, (whole, replace(whole, with_sealed=True))):
        wanted = [one for one in EVERYTHING if not (one.source is CALLS and (dimension or asked.filtered))]
        folded = reading.tallies(db, asked, wanted, dimension)
        assert folded is not None, (asked, dimension)
        counted = history_counts.tallies(db, asked, wanted, dimension)
        found += _differences(dimension, _plain(folded), _plain(counted), asked)
    return found


def _plain(tallies: dict[Any, Tally]) -> Counted:
    held = {
        value: {key: {name: n for name, n in classes.items() if n} for key, classes in tally.classes.items()}
        for value, tally in tallies.items()
    }
    held = {value: {key: classes for key, classes in keys.items() if classes} for value, keys in held.items()}
    return {value: keys for value, keys in held.items() if keys}


def _differences(dimension: str, folded: Counted, counted: Counted, asked: Question) -> list[str]:
    return [
        f"{asked.start:%m-%d}–{asked.end:%m-%d %H:%M} {dimension}={value} {key}: "
        f"{folded.get(value, {}).get(key)} folded, {counted.get(value, {}).get(key)} counted"
        for value in sorted({*folded, *counted}, key=str)
        for key in sorted({*folded.get(value, {}), *counted.get(value, {})})
        if folded.get(value, {}).get(key) != counted.get(value, {}).get(key)
    ]


def all_rows(db: Session) -> dict[tuple[Any, ...], int]:
    """Everything that the days hold."""
    rows = db.query(FigureDay).populate_existing().all()
    return {(r.cut, r.standing, r.day, r.since, r.source, r.one, r.two, r.classes): r.n for r in rows if r.n}


def days_between(first: date, last: date, step: int = 1) -> list[date]:
    return [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]


def some_days(life: Life) -> None:
    for _n in range(3):
        life.to("closed")
    life.to("handling")
    life.clock.forward(days=3)
    life.db.flush()
    fold_all(life.db, life.city, life.now)


def spoil(life: Life) -> FigureDay:
    """One number of the whole city is three too high."""
    row = life.db.scalars(
        select(FigureDay).where(FigureDay.cut == "", FigureDay.source == "accepted", FigureDay.n > 0)
    ).first()
    assert row is not None
    row.n += 3
    life.db.flush()
    return row
