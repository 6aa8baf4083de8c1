"""What a reply promises, in the city's own calendar: shown back to the unit, and what is promised without a day is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from classifier.replies.promised.promises import Promise, promises_in
from classifier.text.masking.mask import mask
from hotline.city.schema import City
from hotline.review_advice.sent_back import written

MOST = 6


@dataclass(frozen=True)
class Promises:
    """dated: by day, the nearest first; undated: what is only hoped for. on: the day they are read on."""

    dated: tuple[Promise, ...]
    undated: tuple[Promise, ...]
    on: date

    @property
    def nearest(self) -> date | None:
        """The first day that is still to come: a sensible day to look again."""
        return next((one.due for one in self.dated if one.due is not None and one.due > self.on), None)

    def is_over(self, one: Promise) -> bool:
        return one.due is not None and one.due < self.on


def promised(city: City, fields: Mapping[str, Any], on: date) -> Promises:
    """Read the parts of a reply written on this day; deeds are masked. What stands in two parts counts once."""
    return read_promises(city, written(fields), on)


def read_promises(city: City, text: str, on: date) -> Promises:
    """The same of any text."""
    found = promises_in(mask(text), on, lambda day, n: working_days_after(city, day, n))
    dated = {(one.due, one.deed[:12]): one for one in found if one.due is not None}
    undated = {one.deed[:12]: one for one in found if one.due is None}
    by_day = sorted(dated.values(), key=lambda one: one.due or date.max)
    return Promises(tuple(by_day[:MOST]), tuple(undated.values())[:MOST], on)


def working_days_after(city: City, day: date, n: int) -> date:
    """The n-th working day after it, by the city's calendar."""
    while n > 0:
        day += timedelta(days=1)
        n -= city.calendar.is_working_day(day)
    return day
