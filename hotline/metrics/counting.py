"""Counts by definition: one statement per source for all its figures, and the very rows behind any of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from hotline.i18n import _
from hotline.metrics.definitions import Definition, Source
from hotline.metrics.evidence import EVIDENCE
from hotline.metrics.moments import utc_hour
from hotline.metrics.quality import QUALITY
from hotline.metrics.question import Question, filters
from hotline.metrics.rates import Rate, interval
from hotline.metrics.timeliness import TIMELINESS
from models import Survey, Ticket

DEFINITIONS: dict[str, Definition] = {one.key: one for one in (*TIMELINESS, *QUALITY, *EVIDENCE)}
Counts = dict[str, int]


@dataclass
class Tally:
    """How many rows of each class, per definition."""

    classes: dict[str, Counts] = field(default_factory=dict)

    def add(self, key: str, name: str | None, rows: int) -> None:
        if name is not None:
            held = self.classes.setdefault(key, {})
            held[name] = held.get(name, 0) + rows

    def take(self, other: Tally) -> None:
        """Add another tally to this one, e.g. hours to a day."""
        for key, held in other.classes.items():
            for name, rows in held.items():
                self.add(key, name, rows)


def rates(db: Session, asked: Question, keys: Iterable[str] | None = None) -> dict[str, Rate]:
    """Every figure that can be asked of this part of the city; one statement per source."""
    wanted = [one for one in _defined(keys) if not (asked.filtered and not one.source.of_tickets)]
    tally = Tally()
    for source, definitions in _by_source(wanted).items():
        tally.take(grouped(db, asked, source, definitions).get(None, Tally()))
    return {one.key: rate(one, tally, asked) for one in wanted}


def rates_by(db: Session, asked: Question, dimension: str, keys: Iterable[str]) -> dict[Any, dict[str, Rate]]:
    """The same figures for each value of a dimension (unit, category, channel, area; hour: UTC text)."""
    wanted = _defined(keys)
    tallies: dict[Any, Tally] = {}
    for source, definitions in _by_source(wanted).items():
        for value, tally in grouped(db, asked, source, definitions, dimension).items():
            tallies.setdefault(value, Tally()).take(tally)
    return {value: {one.key: rate(one, tally, asked) for one in wanted} for value, tally in tallies.items()}


def rates_and_split(
    db: Session, asked: Question, keys: Iterable[str], dimension: str, columns: Iterable[str]
) -> tuple[dict[str, Rate], dict[Any, dict[str, Rate]]]:
    """`rates` of all keys and `rates_by` of the columns in one go: a source that is split anyway is not read twice."""
    wanted, split = (
        [one for one in _defined(keys) if not (asked.filtered and not one.source.of_tickets)],
        _defined(columns),
    )
    both = list(dict.fromkeys((*wanted, *split)))
    whole = Tally()
    tallies: dict[Any, Tally] = {}
    for source, definitions in _by_source(both).items():
        splits = any(one.source is source for one in split)
        for value, tally in grouped(db, asked, source, definitions, dimension if splits else "").items():
            whole.take(tally)
            if splits:
                tallies.setdefault(value, Tally()).take(tally)
    return (
        {one.key: rate(one, whole, asked) for one in wanted},
        {value: {one.key: rate(one, tally, asked) for one in split} for value, tally in tallies.items()},
    )


def knows_invalid(db: Session) -> bool:
    """Somebody has marked an answer as invalid or refused: until then their share is not a figure of its own."""
    marked = select(Survey.id).where(or_(Survey.valid.is_(False), Survey.outcome == "refused")).limit(1)
    return db.scalar(marked) is not None


def left_out_why(db: Session, asked: Question, key: str, ids: Collection[int]) -> dict[int, str]:
    """Of rows that a figure leaves out: for which reason."""
    one = DEFINITIONS[key]
    query = _rows(asked, one.source, one.source.id, one.classify(asked)).where(one.source.id.in_(ids))
    reasons = {f"x{n}": reason for n, (reason, _why) in enumerate(one.left_out)}
    return {row_id: _(reasons[name]) for row_id, name in db.execute(query) if name in reasons}


def tallies_by_hour(db: Session, asked: Question, keys: Iterable[str]) -> dict[str, Tally]:
    """UTC hour → what was counted in it; days and weeks are made of hours by the city's own zone."""
    found: dict[str, Tally] = {}
    for source, definitions in _by_source(_defined(keys)).items():
        for hour, tally in grouped(db, asked, source, definitions, "hour").items():
            found.setdefault(hour, Tally()).take(tally)
    return found


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


def grouped(
    db: Session, asked: Question, source: Source, definitions: list[Definition], dimension: str = ""
) -> dict[Any, Tally]:
    """One statement: the rows of the period, sorted by every definition at once, counted per value of the dimension."""
    columns = [one.classify(asked).label(f"c{n}") for n, one in enumerate(definitions)]
    value = [_dimension(asked, source, dimension).label("value")] if dimension else []
    inner = _rows(asked, source, *columns, *value).subquery()
    found: dict[Any, Tally] = {}
    for row in db.execute(select(*inner.c, func.count()).group_by(*inner.c)):
        tally = found.setdefault(row[-2] if dimension else None, Tally())
        for definition, name in zip(definitions, row, strict=False):
            tally.add(definition.key, name, row[-1])
    return found


def behind(asked: Question, key: str, part: str) -> Select[Any]:
    """The rows behind a part of a figure, as (row of the source, ticket); calls come alone. No order, no page yet."""
    one = DEFINITIONS[key]
    entities = [one.source.row] if one.source.row is Ticket or not one.source.of_tickets else [one.source.row, Ticket]
    return _rows(asked, one.source, *entities).where(condition(asked, key, part))


def condition(asked: Question, key: str, part: str) -> ColumnElement[bool]:
    """hit, partly, miss, of (everybody counted) or out (everybody left out), over the rows of the figure's source."""
    one = DEFINITIONS[key]
    classes = {"of": ["hit", "partly", "miss"], "out": [f"x{n}" for n in range(len(one.left_out))]}.get(part, [part])
    return one.classify(asked).in_(classes)


def _rows(asked: Question, source: Source, *entities: Any) -> Select[Any]:
    query = select(*entities).select_from(source.row)
    if source.join is not None:
        query = query.join(Ticket, Ticket.id == source.join)
    within = source.within or (lambda asked: and_(source.at >= asked.start, source.at < asked.end))
    query = query.where(within(asked))
    if source.where is not None:
        query = query.where(source.where(asked))
    return query.where(*_filters(asked, source)) if source.of_tickets else query


def _filters(asked: Question, source: Source) -> list[ColumnElement[bool]]:
    columns = {
        "units": source.unit(asked),
        "category": Ticket.category_code,
        "channel": Ticket.channel,
        "area": Ticket.area,
    }
    return filters(asked, columns)


def _dimension(asked: Question, source: Source, dimension: str) -> Any:
    if dimension == "hour":
        return utc_hour(source.at)
    if dimension == "category":
        return func.substr(Ticket.category_code, 1, 2)
    return {"unit": source.unit(asked), "channel": Ticket.channel, "area": Ticket.area}[dimension]


def _defined(keys: Iterable[str] | None) -> list[Definition]:
    return list(DEFINITIONS.values()) if keys is None else [DEFINITIONS[key] for key in keys]


def _by_source(definitions: Iterable[Definition]) -> Mapping[Source, list[Definition]]:
    found: dict[Source, list[Definition]] = {}
    for one in definitions:
        found.setdefault(one.source, []).append(one)
    return found


def _reaches(one: Definition, value: float | None) -> bool | None:
    """Whether the reference is reached; None when there is none or nothing was counted."""
    if value is None or one.target is None:
        return None
    return value <= one.target if one.lower else value >= one.target
