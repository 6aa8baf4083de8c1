"""Limits: how long each clock runs, for whom, and when it rings."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from routing.calendar import Calendar
from routing.limits import BELLS, ClockLimit, LimitProfile, bells, due
from routing.spans import UNITS, Span
from tests.support.cities.calendars import CALENDAR, at, calendars, moments, working

DAYS = {"consult": "3wd", "help": "5wd", "complaint": "10wd", "report": "10wd", "default": "5wd"}
REPLY = {name: Span.parse(span) for name, span in DAYS.items()}


def cell(written: str) -> dict[str, Span]:
    return {"default": Span.parse(written)}


PROFILE = LimitProfile(
    "henan",
    {
        "sign": ClockLimit({"normal": cell("24h"), "urgent": cell("30min")}, defer=True),
        "reply": ClockLimit({"normal": REPLY}),
        "feedback": ClockLimit({"urgent": cell("2h")}),
        "redo": ClockLimit({"normal": cell("3wd"), "urgent": cell("24h")}, half_of_first=True),
        "answer": ClockLimit({"normal": cell("72h")}),
    },
)


@pytest.mark.parametrize(
    ("clock", "request_type", "urgency", "span"),
    [
        ("sign", "help", "normal", "24h"),
        ("sign", "help", "urgent", "30min"),
        ("sign", "help", "critical", "30min"),
        ("reply", "consult", "normal", "3wd"),
        ("reply", "complaint", "urgent", "10wd"),
        ("reply", "praise", "normal", "5wd"),
        ("answer", "help", "critical", "72h"),
        ("feedback", "help", "urgent", "2h"),
        ("redo", "consult", "normal", "1.5wd"),
        ("redo", "help", "normal", "2.5wd"),
        ("redo", "complaint", "normal", "3wd"),
        ("redo", "consult", "urgent", "24h"),
    ],
)
def test_the_limit_follows_clock_request_and_urgency(clock: str, request_type: str, urgency: str, span: str) -> None:
    assert str(PROFILE.span(clock, request_type, urgency)) == span


def test_a_clock_that_is_not_written_does_not_run() -> None:
    assert PROFILE.span("feedback", "help", "normal") is None
    assert PROFILE.span("outer", "help", "critical") is None


def test_a_redo_never_takes_longer_than_half_the_limit_that_was_really_given() -> None:
    assert PROFILE.span("redo", "complaint", first=Span(1, "wd")) == Span(0.5, "wd")
    assert PROFILE.span("redo", "consult", first=Span(30, "wd")) == Span(3, "wd")


def test_an_urgent_redo_keeps_its_own_limit_whatever_the_first_was() -> None:
    assert PROFILE.span("redo", "consult", "urgent", first=Span(6, "h")) == Span(24, "h")


def test_a_reply_of_a_later_round_has_the_redo_limit() -> None:
    assert PROFILE.span("reply", "complaint", round=2) == PROFILE.span("redo", "complaint")


def test_signing_a_normal_ticket_off_hours_waits_for_the_opening() -> None:
    night = at("2026-11-28 22:00")
    assert PROFILE.starts_at(CALENDAR, "sign", "normal", night) == at("2026-11-30 08:30")
    assert PROFILE.starts_at(CALENDAR, "sign", "urgent", night) == night
    assert PROFILE.starts_at(CALENDAR, "reply", "normal", night) == night


@pytest.mark.parametrize("written", ["", "3", "wd", "3 weeks", "-1h", "1.h", "3wd ago", "三天"])
def test_what_is_no_span_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span.parse(written)


@given(st.integers(0, 1000), st.sampled_from(UNITS))
def test_a_span_reads_as_it_was_written(amount: int, unit: str) -> None:
    assert Span.parse(str(Span(amount / 2, unit))) == Span(amount / 2, unit)


def test_a_ten_day_limit_rings_five_times_in_order() -> None:
    start, span = at("2026-11-23 10:00"), Span(10, "wd")
    assert bells(CALENDAR, start, due(CALENDAR, start, span), span) == (
        (at("2026-11-30 10:00"), "half"),
        (at("2026-12-03 10:00"), "most"),
        (at("2026-12-04 10:00"), "yellow"),
        (at("2026-12-07 10:00"), "due"),
        (at("2026-12-08 08:30"), "red"),
    )


def test_half_an_hour_has_no_yellow_card_and_rings_by_the_natural_clock() -> None:
    start = at("2026-11-28 22:00")
    assert bells(CALENDAR, start, start + timedelta(minutes=30), Span(30, "min")) == (
        (at("2026-11-28 22:15"), "half"),
        (at("2026-11-28 22:24"), "most"),
        (at("2026-11-28 22:30"), "due"),
        (at("2026-11-30 08:30"), "red"),
    )


@given(calendars, moments, working)
def test_bells_ring_between_start_and_red_and_each_once(calendar: Calendar, start: datetime, span: Span) -> None:
    assume(span.amount > 0)
    end = due(calendar, start, span)
    rings = bells(calendar, start, end, span)
    names = [bell for _moment, bell in rings]
    assert [moment for moment, _bell in rings] == sorted(moment for moment, _bell in rings)
    assert len(set(names)) == len(names) and set(names) <= set(BELLS) and {"half", "most", "due", "red"} <= set(names)
    assert all(start <= moment <= end for moment, bell in rings if bell != "red")
    assert rings[-1][1] == "red" and calendar.day_of(rings[-1][0]) > calendar.day_of(end)


def test_the_end_of_the_known_years_does_not_stop_a_deadline() -> None:
    calendar = Calendar("Asia/Shanghai", ((time(9), time(17)),), known_years=frozenset({2026}))
    assert due(calendar, datetime(2026, 12, 31, 2, tzinfo=UTC), Span(1, "wd")) == datetime(2027, 1, 1, 2, tzinfo=UTC)
