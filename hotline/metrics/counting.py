"""Counts by definition: one statement per source for all its figures, and the very rows behind any of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from hotline.i18n import _
from hotline.metrics.days import history_counts, reading
from hotline.metrics.days.history_counts import Tally, rows
from hotline.metrics.days.sources import DEFINITIONS, by_source
from hotline.metrics.definitions import Definition
from hotline.metrics.moments import local_hour
from hotline.metrics.question import Question
from hotline.metrics.rates import Rate, interval
from models import Survey, Ticket
from models.tickets.survey import NOT_COUNTED


def rates(db: Session, asked: Question, keys: Iterable[str] | None = None) -> dict[str, Rate]:
    """Every figure that can be asked of this part of the city."""
    wanted = _asked(asked, keys)
    tally = tallies(db, asked, wanted).get(None, Tally())
    return {one.key: rate(one, tally, asked) for one in wanted}


def rates_by(db: Session, asked: Question, dimension: str, keys: Iterable[str]) -> dict[Any, dict[str, Rate]]:
    """The same figures for each value of a dimension (unit, category, channel, area)."""
    wanted = _defined(keys)
    found = tallies(db, asked, wanted, dimension)
    return {value: {one.key: rate(one, tally, asked) for one in wanted} for value, tally in found.items()}


def rates_and_split(
    db: Session, asked: Question, keys: Iterable[str], dimension: str, columns: Iterable[str]
) -> tuple[dict[str, Rate], dict[Any, dict[str, Rate]]]:
    """`rates` of all keys and `rates_by` of the columns in one go."""
    keys, columns = list(keys), list(columns)
    if reading.span_of(asked) is not None and reading.cut_of(asked, dimension) is not None:
        return rates(db, asked, keys), rates_by(db, asked, dimension, columns)
    wanted, split = _asked(asked, keys), _defined(columns)
    whole, found = _whole_and_split(db, asked, wanted, split, dimension)
    return (
        {one.key: rate(one, whole, asked) for one in wanted},
        {value: {one.key: rate(one, tally, asked) for one in split} for value, tally in found.items()},
    )


def tallies(db: Session, asked: Question, wanted: Iterable[Definition], dimension: str = "") -> dict[Any, Tally]:
    """From the days where they can say it, otherwise from the history: the definitions are the same, and so are the numbers."""
    wanted = list(wanted)
    found = reading.tallies(db, asked, wanted, dimension)
    return history_counts.tallies(db, asked, wanted, dimension) if found is None else found


def _whole_and_split(
    db: Session, asked: Question, wanted: list[Definition], split: list[Definition], dimension: str
) -> tuple[Tally, dict[Any, Tally]]:
    """From the history: a source that is split anyway is not read twice."""
    whole, found = Tally(), dict[Any, Tally]()
    for source, definitions in by_source(dict.fromkeys((*wanted, *split))).items():
        splits = any(one.source is source for one in split)
        for value, tally in history_counts.grouped(db, asked, source, definitions, dimension if splits else "").items():
            whole.take(tally)
            if splits:
                found.setdefault(value, Tally()).take(tally)
    return whole, found


def knows_invalid(db: Session) -> bool:
    """Somebody has marked an answer as invalid or refused: until then their share is not a figure of its own."""
    marked = select(Survey.id).where(NOT_COUNTED).limit(1)
    return db.scalar(marked) is not None


def left_out_why(db: Session, asked: Question, key: str, ids: Collection[int]) -> dict[int, str]:
    """Of rows that a figure leaves out: for which reason."""
    one = DEFINITIONS[key]
    query = rows(asked, one.source, one.source.id, one.classify(asked)).where(one.source.id.in_(ids))
    reasons = {f"x{n}": reason for n, (reason, _why) in enumerate(one.left_out)}
    return {row_id: _(reasons[name]) for row_id, name in db.execute(query) if name in reasons}


def tallies_by_day(db: Session, asked: Question, keys: Iterable[str]) -> dict[date, Tally]:
    """The city's day → what was counted on it."""
    wanted = _defined(keys)
    found = reading.tallies(db, asked, wanted, "day")
    if found is not None:
        return found
    days: dict[date, Tally] = {}
    for hour, tally in history_counts.tallies(db, asked, wanted, "hour").items():
        days.setdefault(local_hour(hour, asked.zone).date(), Tally()).take(tally)
    return days


def rate(one: Definition, tally: Tally, asked: Question) -> Rate:
    """The figure of one definition from its classes."""
    classes = tally.classes.get(one.key, {})
    parts = {name: classes.get(name, 0) for name in ("hit", "partly", "miss")}
    of = sum(parts.values())
    n = parts["hit"] + parts["partly"] * asked.partly
    why = tuple(
        (_(reason), classes.get(f"x{i}", 0)) for i, (reason, _c) in enumerate(one.left_out) if classes.get(f"x{i}")
    )
    value = n / of if of else None
    return Rate(
        key=one.key,
        name=_(one.name),
        value=value,
        n=n,
        of=of,
        excluded=sum(count for _why, count in why),
        why=why,
        interval=interval(n, of),
        too_few=of < asked.few,
        reference=_(one.reference),
        parts=parts,
        good=_reaches(one, value),
        version=one.version,
    )


def behind(asked: Question, key: str, part: str) -> Select[Any]:
    """The rows behind a part of a figure, as (row of the source, ticket); calls come alone. No order, no page yet."""
    one = DEFINITIONS[key]
    entities = [one.source.row] if one.source.row is Ticket or not one.source.of_tickets else [one.source.row, Ticket]
    return rows(asked, one.source, *entities).where(condition(asked, key, part))


def condition(asked: Question, key: str, part: str) -> ColumnElement[bool]:
    """hit, partly, miss, of (everybody counted) or out (everybody left out), over the rows of the figure's source."""
    one = DEFINITIONS[key]
    classes = {"of": ["hit", "partly", "miss"], "out": [f"x{n}" for n in range(len(one.left_out))]}.get(part, [part])
    return one.classify(asked).in_(classes)


def _asked(asked: Question, keys: Iterable[str] | None) -> list[Definition]:
    """Those that can be asked of this part of the city: calls have no unit and no category."""
    return [one for one in _defined(keys) if not (asked.filtered and not one.source.of_tickets)]


def _defined(keys: Iterable[str] | None) -> list[Definition]:
    return list(DEFINITIONS.values()) if keys is None else [DEFINITIONS[key] for key in keys]


def _reaches(one: Definition, value: float | None) -> bool | None:
    """Whether the reference is reached; None when there is none or nothing was counted."""
    if value is None or one.target is None:
        return None
    return value <= one.target if one.lower else value >= one.target
