"""The forty tickets of two months, folded day by day: every period of whole days says what the history says, then and later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.clock import StoppedClock
from tests.support.cities.folded import days_between, fold_all, question, told_apart
from tests.support.cities.months import MIDNIGHT, Months
from tests.support.life import Life

FIRST = (MIDNIGHT + timedelta(hours=8)).date()


@pytest.fixture
def months(db: Session, city: City, clock: StoppedClock) -> Months:
    clock.at = MIDNIGHT
    return Months(Life(db, city, clock))


def test_every_period_of_two_months_is_read_as_it_is_counted(months: Months) -> None:
    """Folded once a day in the afternoon, asked at the end for every beginning and many ends, whole and told apart."""
    life = months.life
    for day in range(0, 60, 3):
        months.live_until(f"{day}.14")
        fold_all(life.db, life.city, life.now)
    months.live_until("60.00")
    fold_all(life.db, life.city, life.now)
    last = FIRST + timedelta(days=59)
    wrong = []
    for first in days_between(FIRST, last, 9):
        for end in days_between(first, last, 13):
            wrong += told_apart(life.db, question(life.city, first, end, life.now), ("", "unit"))
    assert wrong == []
