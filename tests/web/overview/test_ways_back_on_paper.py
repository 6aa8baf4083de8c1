"""The month of those who came back by every way, on paper and behind its figures: the numbers worked out by hand, now and a month later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from hotline.clock import StoppedClock
from hotline.metrics.counting import DEFINITIONS
from tests.support.cities.months import MIDNIGHT
from tests.support.cities.ways_back import FIRST, SECOND, STORIES, WaysBack
from tests.support.life import Life
from tests.support.papers.overview import APRIL, MARCH, listed, printed

Browse = Callable[[Any], FlaskClient]
BY_UNIT = ("on_time", "sign_24h", "contact_24h", "accuracy", "satisfied")


@pytest.fixture
def months(life: Life, clock: StoppedClock) -> WaysBack:
    clock.at = MIDNIGHT
    return WaysBack(life, STORIES)


def test_report_workbook_and_lists_say_what_was_worked_out_by_hand(months: WaysBack, browse: Browse) -> None:
    life = months.life
    months.live_until("30.00")
    life.db.commit()
    head = browse(life.staff["tou"])
    assert_as_by_hand(head, MARCH, FIRST)
    months.live_until("60.00")
    life.db.commit()
    head = browse(life.staff["tou"])
    assert_as_by_hand(head, MARCH, FIRST)
    assert_as_by_hand(head, APRIL, SECOND)


def assert_as_by_hand(head: FlaskClient, period: str, by_hand: dict[str, tuple[float, int, int]]) -> None:
    whole, units = printed(head, period)
    assert len(whole.keys() & {str(DEFINITIONS[key].name) for key in by_hand}) >= 9
    for key, held in by_hand.items():
        name = str(DEFINITIONS[key].name)
        if name in whole:
            assert whole[name] == held, (period, key)
        assert listed(head, period, key, "of") == held[1], (period, key)
        assert listed(head, period, key, "out") == held[2], (period, key)
        if key in BY_UNIT:
            assert units.get(name, (0, 0)) == held[:2], (period, key)
