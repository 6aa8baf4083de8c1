"""Counting from the history itself: one statement per source, its rows sorted by every definition at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from hotline.metrics.days.sources import by_source
from hotline.metrics.definitions import Definition, Source
from hotline.metrics.moments import utc_hour
from hotline.metrics.question import Question, filters
from models import Ticket

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


def tallies(db: Session, asked: Question, wanted: Iterable[Definition], dimension: str = "") -> dict[Any, Tally]:
    """Per value of the dimension (unit, category, channel, area; hour: UTC text), or under None: how many of each class."""
    found: dict[Any, Tally] = {}
    for source, definitions in by_source(wanted).items():
        for value, tally in grouped(db, asked, source, definitions, dimension).items():
            found.setdefault(value, Tally()).take(tally)
    return found


def grouped(
    db: Session, asked: Question, source: Source, definitions: list[Definition], dimension: str = ""
) -> dict[Any, Tally]:
    """One statement: the rows of the period, sorted by every definition at once, counted per value of the dimension."""
    columns = [one.classify(asked).label(f"c{n}") for n, one in enumerate(definitions)]
    value = [_dimension(asked, source, dimension).label("value")] if dimension else []
    inner = rows(asked, source, *columns, *value).subquery()
    found: dict[Any, Tally] = {}
    for row in db.execute(select(*inner.c, func.count()).group_by(*inner.c)):
        tally = found.setdefault(row[-2] if dimension else None, Tally())
        for definition, name in zip(definitions, row, strict=False):
            tally.add(definition.key, name, row[-1])
    return found


def rows(asked: Question, source: Source, *entities: Any) -> Select[Any]:
    """The rows of a source that a question asks about."""
    query = select(*entities).select_from(source.row)
    if source.join is not None:
        query = query.join(Ticket, Ticket.id == source.join)
    within = source.within or (lambda asked: and_(source.at >= asked.start, source.at < asked.end))
    query = query.where(within(asked))
    if source.where is not None:
        query = query.where(source.where(asked))
    if asked.tickets is not None:
        query = query.where(source.ticket_id.in_(asked.tickets))
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
