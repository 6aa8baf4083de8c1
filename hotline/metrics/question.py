"""What is asked: a period, the part of the city, and the city's own numbers that a definition needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_

NONE = "-"
"""Asks for rows that have no unit, category, channel or area."""


@dataclass(frozen=True)
class Question:
    """The period is [start, end), aware. Empty filters ask about everything. category: a code of either level.

    units: codes (a unit and those below it); None asks about all. few: fewer answers than this judge nobody.
    partly: the weight of "partly solved". answer_hours: how long a citizen may take to answer.
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


def filters(asked: Question, columns: dict[str, Any]) -> list[ColumnElement[bool]]:
    """The filters as SQL on these columns (units, category, channel, area)."""
    found: list[ColumnElement[bool]] = []
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


def _among(column: Any, values: tuple[str, ...]) -> ColumnElement[bool]:
    if NONE not in values:
        return column.in_(values)
    return or_(column.is_(None), column.in_([value for value in values if value != NONE]))
