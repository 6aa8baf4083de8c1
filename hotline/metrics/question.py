"""What is asked: a period, the part of the city, and the city's own numbers that a definition needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select

from models import Ticket

NOT_SEALED = Ticket.privacy != "sealed"
NONE = "-"
"""Asks for rows that have no unit, category, channel or area."""


@dataclass(frozen=True)
class Question:
    """The period is [start, end), aware. Empty filters ask about everything. category: a code of either level.

    units: codes (a unit and those below it); None asks about all. few: fewer answers than this judge nobody.
    partly: the weight of "partly solved". answer_hours: how long a citizen may take to answer.
    zone: of the city, whose days are asked about. folded_until: up to when the days tell what happened (see
    `days.reading.folded_until`); None when every figure is counted from the history.
    tickets: asks about these alone, by their ids; None about all.
    with_sealed: counts sealed matters too, for whoever may open them; a figure that is split finely enough names a single one.
    """

    start: datetime
    end: datetime
    now: datetime
    units: tuple[str, ...] | None = None
    category: str | None = None
    channel: str | None = None
    area: str | None = None
    few: int = 30
    partly: float = 0.5
    answer_hours: int = 72
    zone: str = ""
    folded_until: datetime | None = None
    tickets: tuple[int, ...] | None = None
    with_sealed: bool = False

    @property
    def filtered(self) -> bool:
        """Asks about a part of the city only, so that calls, which have no unit or category, cannot answer."""
        return bool(self.category or self.channel or self.area) or self.units is not None

    @property
    def answer_time(self) -> timedelta:
        return timedelta(hours=self.answer_hours)

    @property
    def until(self) -> datetime:
        """The end of the period, or now when that comes first: nothing is late that may still be done in time."""
        return min(self.end, self.now)

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def starts_day(self) -> bool:
        """Begins at a midnight of the city."""
        return bool(self.zone) and self.start.astimezone(ZoneInfo(self.zone)).time() == time(0)

    def before(self) -> Question:
        """The period just before: of as many whole days when this one begins with a day, otherwise of the same length."""
        start = self.start - self.length
        if self.starts_day:
            day = self.start.astimezone(ZoneInfo(self.zone)) - timedelta(days=ceil(self.length / timedelta(days=1)))
            start = day.astimezone(UTC)
        return replace(self, start=start, end=self.start)


def filters(asked: Question, columns: dict[str, Any]) -> list[ColumnElement[bool]]:
    """The filters as SQL on these columns (units, category, channel, area) of rows that are joined to their ticket."""
    found: list[ColumnElement[bool]] = [] if asked.with_sealed else [NOT_SEALED]
    if asked.units is not None:
        found.append(_among(columns["units"], asked.units))
    if asked.category == NONE:
        found.append(columns["category"].is_(None))
    elif asked.category:
        found.append(columns["category"].startswith(asked.category, autoescape=True))
    found += [
        _among(columns[name], (value,)) for name, value in (("channel", asked.channel), ("area", asked.area)) if value
    ]
    return found


def without_sealed(asked: Question, ticket_id: Any) -> tuple[ColumnElement[bool], ...]:
    """The same of rows that only name their ticket."""
    return () if asked.with_sealed else (ticket_id.not_in(select(Ticket.id).where(~NOT_SEALED)),)


def _among(column: Any, values: tuple[str, ...]) -> ColumnElement[bool]:
    if NONE not in values:
        return column.in_(values)
    return or_(column.is_(None), column.in_([value for value in values if value != NONE]))
