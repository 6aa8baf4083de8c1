"""The same counts read from the days: sums over a few rows a day, however many tickets stand behind them.

A question is answered from here when it begins at a midnight of the city, ends at one or reaches the moment up to which the
days are told, and asks for a cut that is kept. Everything else is counted from the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from hotline.metrics.days.frame import ONE, Frame, month_of
from hotline.metrics.days.history_counts import Tally
from hotline.metrics.days.sources import BY_NAME, SOURCES, read
from hotline.metrics.definitions import Definition, Source
from hotline.metrics.question import NONE, Question
from models import FigureDay, FigureMark

DIMENSIONS = ("unit", "category", "channel", "area")
CUTS: tuple[tuple[str, ...], ...] = (
    (),
    *((one,) for one in DIMENSIONS),
    ("unit", "category"),
    ("unit", "channel"),
    ("unit", "area"),
    ("category", "area"),
)
"""What is kept apart. With a second thing only the top level of the category is."""

SEALED = "sealed"
"""The first word of the cuts in which sealed tickets are counted once more, so that they can be left out of any sum."""

DAYS = "days"
TOP = 2
"""Signs of the top level of a category's code."""


@dataclass(frozen=True)
class Span:
    """The days of a question. last: the day with which it ends."""

    first: date
    last: date


def folded_until(db: Session, frame: Frame) -> datetime | None:
    """Up to when the days are told; None while they are made for the first time, or anew by other definitions."""
    mark = db.get(FigureMark, DAYS)
    return mark.until if mark is not None and mark.built_id is None and mark.release == frame.release else None


def tallies(db: Session, asked: Question, wanted: Iterable[Definition], dimension: str = "") -> dict[Any, Tally] | None:
    """Per value of the dimension (as `history_counts.tallies`; day: a date); None when the days cannot say."""
    span, cut = span_of(asked), cut_of(asked, dimension)
    if span is None or cut is None:
        return None
    keys, found = {one.key for one in wanted}, {} if dimension else {None: Tally()}
    sources = {one.source.name for one in wanted}
    for source, value, classes, n in db.execute(_sums(asked, span, cut, sources, _value(cut, dimension))):
        tally = found.setdefault(value or None, Tally())
        for key, name in read(BY_NAME[source], classes):
            if key in keys:
                tally.add(key, name, int(n))
    return found


def volumes(db: Session, asked: Question, source: Source, dimension: str) -> dict[Any, int] | None:
    """How many rows of a source, per day or per value of a dimension (a category by its whole code); None as `tallies`."""
    span, cut = span_of(asked), cut_of(asked, dimension)
    if span is None or cut is None or (dimension == "category" and len(cut) > 1):
        return None
    sums = _sums(asked, span, cut, {source.name}, _column(cut, dimension))
    found: dict[Any, int] = {}
    for _source, value, _classes, n in db.execute(sums):
        found[value or None] = found.get(value or None, 0) + int(n)
    return found


def span_of(asked: Question) -> Span | None:
    """The days that tell exactly this period; None when they cannot."""
    until = asked.folded_until
    if until is None or not asked.starts_day or asked.tickets is not None:
        return None
    frame = Frame(asked.zone, asked.answer_hours)
    if frame.starts_day(asked.end) and asked.end <= until:
        return Span(frame.day_of(asked.start), frame.day_of(asked.end) - ONE)
    if until <= asked.end <= asked.now and asked.start <= until:
        return Span(frame.day_of(asked.start), frame.day_of(until))
    return None


def cut_of(asked: Question, dimension: str) -> tuple[str, ...] | None:
    """The cut in which filters and dimension are told apart; None when it is not kept."""
    held = {name for name, value in _filters(asked) if value}
    held |= {dimension} & set(DIMENSIONS)
    cut = tuple(name for name in DIMENSIONS if name in held)
    if len(cut) > 1 and asked.category and len(asked.category) > TOP:
        return None
    return cut if cut in CUTS else None


def name_of(cut: tuple[str, ...]) -> str:
    return "+".join(cut)


class DayRow(NamedTuple):
    """A measure of one day. by: "", unit, category, channel or area, of which `value` is a code ("" for none).

    hit, partly, miss: rows of each class, which together are the denominator. out: left out.
    """

    day: date
    by: str
    value: str
    measure: str
    version: str
    hit: int
    partly: int
    miss: int
    out: int


def days(db: Session, first: date, last: date, by: str = "") -> Iterator[DayRow]:
    """Every measure of each day, the last one included, as it stood at the end of that day, told apart by one thing or nothing.
    Sealed tickets are not counted.

    What stands open at the end of a day (open_late, and questions that may still be answered) is in the row of that day.
    """
    day = first
    while day <= last:
        yield from _day(db, day, by)
        day += ONE


def _day(db: Session, day: date, by: str) -> Iterator[DayRow]:
    sums: dict[tuple[str, str], dict[str, int]] = {}
    cut = (by,) if by else ()
    for source, value, classes, n in db.execute(_sums(None, Span(day, day), cut, set(BY_NAME), _value(cut, by))):
        for key, name in read(BY_NAME[source], classes):
            held = sums.setdefault((value or "", key), {})
            held[name] = held.get(name, 0) + int(n)
    versions = {one.key: one.version for held in SOURCES.values() for one in held}
    for (value, key), held in sorted(sums.items()):
        out = sum(n for name, n in held.items() if name.startswith("x"))
        parts = (held.get("hit", 0), held.get("partly", 0), held.get("miss", 0))
        yield DayRow(day, by, value, key, versions[key], *parts, out)


def _sums(asked: Question | None, span: Span, cut: tuple[str, ...], sources: set[str], value: Any) -> Any:
    """(source, value, classes, how many) of a span; without the sealed ones unless they are asked for."""
    every, sealed = name_of(cut), name_of((SEALED, *cut))
    with_sealed = asked is not None and asked.with_sealed
    n = FigureDay.n if with_sealed else case((FigureDay.cut == sealed, -FigureDay.n), else_=FigureDay.n)
    return (
        select(FigureDay.source, value, FigureDay.classes, func.sum(n))
        .where(
            FigureDay.cut.in_((every,) if with_sealed else (every, sealed)),
            FigureDay.source.in_(sorted(sources)),
            _within(span),
            *(_conditions(asked, cut) if asked else ()),
        )
        .group_by(FigureDay.source, value, FigureDay.classes)
        .having(func.sum(n) != 0)
    )


def _within(span: Span) -> ColumnElement[bool]:
    """What counts on the days, as it stood at their end; and what stands there."""
    counts = and_(
        FigureDay.standing.is_(False),
        FigureDay.day.between(span.first, span.last),
        FigureDay.since <= span.last,
    )
    stands = and_(FigureDay.standing.is_(True), FigureDay.day == month_of(span.last), FigureDay.since <= span.last)
    return or_(counts, stands)


def _value(cut: tuple[str, ...], dimension: str) -> Any:
    """What the days tell apart; of categories the top level."""
    column = _column(cut, dimension)
    return func.substr(column, 1, TOP) if dimension == "category" else column


def _column(cut: tuple[str, ...], dimension: str) -> Any:
    if dimension == "day":
        return FigureDay.day
    if not dimension:
        return literal("")
    return FigureDay.one if cut[0] == dimension else FigureDay.two


def _conditions(asked: Question, cut: tuple[str, ...]) -> list[ColumnElement[bool]]:
    columns = dict(zip(cut, (FigureDay.one, FigureDay.two), strict=False))
    found: list[ColumnElement[bool]] = []
    for name, values in _filters(asked):
        if not values:
            continue
        if name == "category" and values != ("",):
            found.append(columns[name].startswith(values[0], autoescape=True))
        else:
            found.append(columns[name].in_(values))
    return found


def _filters(asked: Question) -> list[tuple[str, tuple[str, ...]]]:
    """Each filter with its values, as the days write them."""
    told = {
        "unit": asked.units,
        "category": (asked.category,) if asked.category else None,
        "channel": (asked.channel,) if asked.channel else None,
        "area": (asked.area,) if asked.area else None,
    }
    return [(name, tuple("" if one == NONE else one for one in values or ())) for name, values in told.items()]
