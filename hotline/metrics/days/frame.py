"""The days of a city, by its own midnight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from hotline.city.schema import City
from hotline.metrics.days.sources import SOURCES

ONE = timedelta(days=1)


@dataclass(frozen=True)
class Frame:
    """What the days depend on beside the history: where midnight is, and how long a citizen may take to answer."""

    zone: str
    answer_hours: int

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def start_of(self, day: date) -> datetime:
        return datetime.combine(day, time(0), ZoneInfo(self.zone)).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        return self.start_of(day + ONE)

    def starts_day(self, moment: datetime) -> bool:
        return moment == self.start_of(self.day_of(moment))

    @property
    def release(self) -> str:
        """Names the definitions and this frame: days folded by others are made anew."""
        told = [f"{one.key}:{one.version}" for definitions in SOURCES.values() for one in definitions]
        return sha256(repr((told, self.zone, self.answer_hours)).encode()).hexdigest()[:16]


def frame_of(city: City) -> Frame:
    return Frame(city.timezone, city.policy.answer_hours)


def month_of(day: date) -> date:
    return day.replace(day=1)
