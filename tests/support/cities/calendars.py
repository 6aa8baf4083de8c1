"""The model city's calendar, one that works at night, and moments and spans for property tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from routing.calendar import Calendar
from routing.spans import Span

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = ((time(8, 30), time(12)), (time(14, 30), time(18)))
HOLIDAYS = frozenset(date(2026, 10, day) for day in range(1, 8)) | {date(2026, 1, 1), date(2026, 1, 2)}
WORKDAYS = frozenset({date(2026, 1, 4), date(2026, 9, 20), date(2026, 10, 10)})
CALENDAR = Calendar("Asia/Shanghai", HOURS, HOLIDAYS, WORKDAYS, frozenset({2026}))
NIGHTS = Calendar("Asia/Shanghai", ((time(0), time(2)), (time(9), time(11)), (time(22), time(0))))

calendars = st.sampled_from((CALENDAR, NIGHTS))
moments = st.datetimes(datetime(2025, 6, 1), datetime(2027, 6, 1), timezones=st.just(UTC))
working_days = st.integers(0, 40).map(lambda n: Span(n, "wd"))
working_hours = st.integers(0, 400).map(lambda n: Span(n / 2, "wh"))
working = st.one_of(working_days, working_hours, st.integers(0, 20).map(lambda n: Span(n / 2, "wd")))
anything = st.one_of(working, st.builds(Span, st.integers(0, 400), st.sampled_from(("min", "h", "d"))))


def at(text: str) -> datetime:
    """A local moment of the model city."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
