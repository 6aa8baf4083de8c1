"""The one place that knows what time it is, so that tests can say otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime

EARLIEST, LATEST = 1900, 2200


def within_reach(moment: datetime | date) -> bool:
    """Whether a day or moment lies in years that anybody can mean; beyond them moments overflow when turned to UTC."""
    return EARLIEST <= moment.year <= LATEST


class Clock:
    """The wall clock. Moments are aware and in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class StoppedClock(Clock):
    """A clock that a test or a story sets by hand."""

    def __init__(self, at: datetime):
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **delta: float) -> datetime:
        from datetime import timedelta

        self.at += timedelta(**delta)
        return self.at
