"""Each night the days of the last weeks are counted from the history once more; whatever differs is named, and nothing smoothed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.figures.folding import fold, hold_mark
from hotline.metrics.days import history_counts, reading
from hotline.metrics.days.frame import ONE, Frame, frame_of
from hotline.metrics.days.history_counts import Tally
from hotline.metrics.days.reading import DIMENSIONS
from hotline.metrics.days.sources import SOURCES
from hotline.metrics.definitions import CALLS
from hotline.metrics.question import Question
from models import FigureDifference, FigureMark
from models.store.db import without_time_limit

LATELY = 35
"""Days. Each is counted whole, and told apart by one thing, another each night."""

WEEK = 7
KEPT = timedelta(days=90)
MOST = 500


@dataclass(frozen=True)
class Difference:
    """Of the days from `day` to `last`. part: a class of the measure (hit, partly, miss, x0 …)."""

    day: date
    last: date
    cut: str
    value: str
    measure: str
    part: str
    folded: int
    counted: int


def audit(db: Session, city: City, now: datetime, days: int = LATELY) -> list[FigureDifference]:
    """Compare, and write down what differs. A difference counts when it is still there after another fold. Commits nothing."""
    without_time_limit(db)
    mark = hold_mark(db)
    _fold_all(db, city, now)
    if mark.built_id is not None:
        return []
    found = set(differences(db, city, now, days))
    if found:
        _fold_all(db, city, now)
        found &= set(differences(db, city, now, days))
    db.execute(delete(FigureDifference).where(FigureDifference.found_at < now - KEPT))
    rows = [FigureDifference(found_at=now, **vars(one)) for one in sorted(found, key=_order)[:MOST]]
    db.add_all(rows)
    mark.audited_at = now
    db.flush()
    return rows


def differences(db: Session, city: City, now: datetime, days: int = LATELY) -> Iterator[Difference]:
    """Every one of the last whole days, and the last week in one, as pages ask for it."""
    frame = frame_of(city)
    yesterday = frame.day_of(now) - ONE
    for ago in range(days):
        day = yesterday - ago * ONE
        turn = DIMENSIONS[(yesterday.toordinal() + ago) % len(DIMENSIONS)]
        for dimension in ("", turn):
            yield from _compared(db, frame, day, day, dimension, now)
    for dimension in ("", "unit"):
        yield from _compared(db, frame, yesterday - (WEEK - 1) * ONE, yesterday, dimension, now)
    yield from _compared(db, frame, yesterday - (WEEK - 1) * ONE, yesterday, "unit", now, with_sealed=False)


def last_found(db: Session) -> list[FigureDifference]:
    """What the last audit found, the newest day first."""
    mark = db.get(FigureMark, reading.DAYS)
    if mark is None or mark.audited_at is None:
        return []
    wanted = select(FigureDifference).where(FigureDifference.found_at == mark.audited_at)
    return list(db.scalars(wanted.order_by(FigureDifference.day.desc(), FigureDifference.id)))


def _fold_all(db: Session, city: City, now: datetime) -> None:
    while fold(db, city, now):
        pass


def _order(one: Difference) -> tuple[date, str, str, str, str]:
    return one.day, one.cut, one.value, one.measure, one.part


def _compared(
    db: Session, frame: Frame, first: date, last: date, dimension: str, now: datetime, with_sealed: bool = True
) -> Iterator[Difference]:
    asked = Question(
        frame.start_of(first),
        frame.end_of(last),
        now,
        answer_hours=frame.answer_hours,
        zone=frame.zone,
        folded_until=now,
        with_sealed=with_sealed,
    )
    wanted = [one for held in SOURCES.values() for one in held if not (dimension and one.source is CALLS)]
    folded = _flat(reading.tallies(db, asked, wanted, dimension) or {})
    counted = _flat(history_counts.tallies(db, replace(asked, folded_until=None), wanted, dimension))
    for key in folded.keys() | counted.keys():
        if folded.get(key, 0) != counted.get(key, 0):
            yield Difference(first, last, dimension, *key, folded.get(key, 0), counted.get(key, 0))


def _flat(tallies: dict[Any, Tally]) -> dict[tuple[str, str, str], int]:
    """(value, measure, part) → how many."""
    return {
        (value or "", measure, part): n
        for value, tally in tallies.items()
        for measure, parts in tally.classes.items()
        for part, n in parts.items()
        if n
    }
