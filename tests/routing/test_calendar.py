"""Working time: what a working day is, what a deadline is, and that neither ever lies."""

from __future__ import annotations

import timeit
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from routing.calendar import Calendar
from routing.limits import due
from routing.spans import Span
from tests.support.cities.calendars import (
    CALENDAR,
    HOURS,
    NIGHTS,
    ZONE,
    anything,
    at,
    calendars,
    moments,
    working,
)


def add(start: str, span: str, calendar: Calendar = CALENDAR) -> datetime:
    return calendar.add(at(start), Span.parse(span))


def in_working_time(calendar: Calendar, moment: datetime) -> bool:
    """Open, or just closing."""
    return calendar.is_open(moment) or calendar.is_open(moment - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-11-23 10:00", "24h", "2026-11-24 10:00"),
        ("2026-11-27 23:50", "30min", "2026-11-28 00:20"),
        ("2026-11-23 10:00", "180d", "2027-05-22 10:00"),
        ("2026-11-23 10:00", "3wd", "2026-11-26 10:00"),
        ("2026-11-27 10:00", "1wd", "2026-11-30 10:00"),
        ("2026-11-28 10:00", "1wd", "2026-12-01 08:30"),
        ("2026-11-23 12:30", "1wd", "2026-11-24 14:30"),
        ("2026-11-23 18:00", "1wd", "2026-11-25 08:30"),
        ("2026-09-30 10:00", "1wd", "2026-10-08 10:00"),
        ("2026-09-30 10:00", "3wd", "2026-10-10 10:00"),
        ("2026-09-18 10:00", "1wd", "2026-09-20 10:00"),
        ("2026-11-23 08:30", "2.5wd", "2026-11-25 12:00"),
        ("2026-11-23 10:00", "8wh", "2026-11-24 11:00"),
        ("2026-11-23 08:30", "7wh", "2026-11-23 18:00"),
        ("2026-11-23 08:30", "3.5wh", "2026-11-23 12:00"),
        ("2026-11-28 10:00", "0wh", "2026-11-30 08:30"),
        ("2026-11-23 10:00", "250wd", "2027-11-08 10:00"),
    ],
)
def test_a_deadline_falls_where_a_clerk_with_a_calendar_would_put_it(start: str, span: str, end: str) -> None:
    assert add(start, span) == at(end)


def test_a_moment_comes_back_in_utc() -> None:
    assert all(add("2026-11-23 10:00", span).tzinfo is UTC for span in ("1h", "1d", "1wd", "1wh"))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.add(datetime(2026, 1, 1), Span(1, "wd"))


def test_a_make_up_sunday_is_worked_and_a_holiday_monday_is_not() -> None:
    assert CALENDAR.is_working_day(date(2026, 9, 20))
    assert not CALENDAR.is_working_day(date(2026, 10, 5))
    assert not CALENDAR.is_working_day(date(2026, 9, 19))


def test_nights_may_reach_to_midnight() -> None:
    assert add("2026-11-23 23:30", "1wh", NIGHTS) == at("2026-11-24 00:30")
    assert add("2026-11-23 22:00", "2wh", NIGHTS) == at("2026-11-24 00:00")


def test_a_year_the_city_has_not_described_is_named_and_follows_the_weekdays() -> None:
    assert CALENDAR.missing_years(at("2025-12-31 23:00"), at("2027-01-01 01:00")) == (2025, 2027)
    assert CALENDAR.missing_years(at("2026-01-01 01:00"), at("2026-12-31 23:00")) == ()
    assert CALENDAR.is_working_day(date(2027, 1, 1))


def test_texts_wait_for_a_civil_hour() -> None:
    hours = (time(9), time(20, 30))
    assert CALENDAR.next_civil(at("2026-11-28 10:00"), *hours) == at("2026-11-28 10:00")
    assert CALENDAR.next_civil(at("2026-11-28 20:30"), *hours) == at("2026-11-29 09:00")
    assert CALENDAR.next_civil(at("2026-11-28 03:00"), *hours) == at("2026-11-28 09:00")


@pytest.mark.parametrize(
    "hours",
    [
        (),
        ((time(12), time(9)),),
        ((time(9), time(13)), (time(12), time(17))),
        ((time(14), time(18)), (time(8), time(12))),
    ],
)
def test_hours_that_make_no_sense_are_refused(hours: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="working hours"):
        Calendar("Asia/Shanghai", hours)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Calendar("Asia/Nowhere", HOURS)


@given(calendars, moments, moments, anything)
def test_who_starts_later_is_never_due_earlier(calendar: Calendar, a: datetime, b: datetime, span: Span) -> None:
    assume(a <= b)
    assert calendar.add(a, span) <= calendar.add(b, span)


@given(calendars, moments, working)
def test_a_working_deadline_never_lands_outside_working_time(calendar: Calendar, start: datetime, span: Span) -> None:
    end = calendar.add(start, span)
    assert end >= start
    assert in_working_time(calendar, end)


@given(calendars, moments, working)
def test_adding_and_measuring_agree(calendar: Calendar, start: datetime, span: Span) -> None:
    length = timedelta(hours=span.amount) if span.unit == "wh" else calendar.day_length * span.amount
    assert calendar.working_time_between(start, calendar.add(start, span)) == length


@given(calendars, moments, moments, moments)
def test_working_time_adds_up(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    between = calendar.working_time_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, b) == -between(b, a)


@given(calendars, moments, st.integers(0, 30))
def test_going_back_by_working_days_leaves_exactly_those_days(calendar: Calendar, end: datetime, days: int) -> None:
    start = calendar.working_days_before(end, days)
    assert calendar.working_time_between(start, end) == calendar.day_length * days


@given(calendars, moments)
def test_the_next_opening_is_open_and_nothing_is_worked_before_it(calendar: Calendar, moment: datetime) -> None:
    opening = calendar.opening(moment)
    assert calendar.is_open(opening)
    assert calendar.working_time_between(moment, opening) == timedelta(0)


@given(moments, st.integers(0, 15))
def test_counting_days_one_by_one_gives_the_same_deadline(start: datetime, days: int) -> None:
    """The table of a year against the plainest way to count."""
    at_open = CALENDAR.opening(start).astimezone(ZONE)
    day = at_open.date()
    for _ in range(days):
        day += timedelta(days=1)
        while not CALENDAR.is_working_day(day):
            day += timedelta(days=1)
    assert CALENDAR.add(start, Span(days, "wd")) == datetime.combine(day, at_open.time(), ZONE)


def test_a_deadline_costs_less_than_fifty_microseconds() -> None:
    start, span = at("2026-11-23 10:00"), Span(10, "wd")
    best = min(timeit.repeat(lambda: due(CALENDAR, start, span), number=200, repeat=7)) / 200
    assert best < 50e-6
