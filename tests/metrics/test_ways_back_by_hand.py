"""The tickets that came back by every way are counted as by hand, and the first month asked again a month later is the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.metrics.counting import rates, rates_by
from hotline.metrics.question import Question
from tests.support.cities.months import MIDNIGHT, PASSED, SOLVED
from tests.support.cities.ways_back import FIRST, SECOND, STORIES, WaysBack
from tests.support.life import Life


@pytest.fixture
def months(db: Session, city: City, clock: StoppedClock) -> WaysBack:
    clock.at = MIDNIGHT
    return WaysBack(Life(db, city, clock), STORIES)


def counted(months: WaysBack, first_day: int, keys: list[str]) -> dict[str, tuple[float, int, int]]:
    found = rates(months.life.db, asked(months, first_day), keys)
    return {key: (one.n, one.of, one.excluded) for key, one in found.items()}


def asked(months: WaysBack, first_day: int) -> Question:
    start = MIDNIGHT + timedelta(days=first_day)
    return Question(start, start + timedelta(days=30), months.life.now, few=2)


def test_every_way_back_is_counted_as_by_hand_adds_up_by_unit_and_is_the_same_a_month_later(months: WaysBack) -> None:
    """Found at the desks: F1, F2, F4, F5, F8, F15."""
    months.live_until("30.00")
    assert counted(months, 0, list(FIRST)) == FIRST
    everything = list(rates(months.life.db, asked(months, 0)))
    printed = counted(months, 0, everything)
    by_unit = rates_by(
        months.life.db, asked(months, 0), "unit", ["on_time", "sign_24h", "contact_24h", "accuracy", "satisfied"]
    )
    for key in ("on_time", "sign_24h", "contact_24h", "accuracy", "satisfied"):
        held = [unit[key] for unit in by_unit.values() if key in unit]
        assert (sum(one.n for one in held), sum(one.of for one in held)) == printed[key][:2], key

    months.live_until("60.00")
    assert counted(months, 0, everything) == printed
    assert counted(months, 30, list(SECOND)) == SECOND


def test_who_taps_not_solved_is_counted_where_satisfaction_is(db: Session, city: City, clock: StoppedClock) -> None:
    """One tap says "solved, satisfied" or "not solved": of two who tap, half are satisfied, not all. Found at the desks: F10."""
    clock.at = MIDNIGHT
    unhappy = f"{PASSED}, 3.10 citizen tap_not_solved, 4.10 hui close_judged"
    few = WaysBack(Life(db, city, clock), {"good": (1, SOLVED), "bad": (1, unhappy)})
    few.live_until("30.00")
    assert counted(few, 0, ["satisfied"])["satisfied"] == (1, 2, 0)
