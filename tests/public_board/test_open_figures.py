"""Open figures withhold what is small, and what would tell it by subtraction; they speak of whole months alone."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from hotline.public_board.figures import LEAST, figures, months, withheld
from tests.support.life import Life


@given(some.dictionaries(some.text(min_size=1, max_size=3), some.integers(1, 400), max_size=12))
def test_no_small_number_is_told_nor_found_by_what_is_left_of_the_sum(counts: dict[str, int]) -> None:
    told = withheld(counts)
    hidden = [many for name, many in counts.items() if told[name] is None]
    assert all(many >= LEAST and many == counts[name] for name, many in told.items() if many is not None)
    if hidden and len(hidden) < len(counts):
        assert len(hidden) >= 2 and sum(hidden) >= LEAST


def test_one_small_kind_takes_the_next_smallest_along() -> None:
    assert withheld({"路灯": 40, "停水": 9, "邮政": 1}) == {"邮政": None, "停水": None, "路灯": 40}
    assert withheld({"路灯": 40, "停水": 9}) == {"停水": 9, "路灯": 40}


def test_a_month_is_counted_in_the_citys_time_and_offered_when_it_is_over(life: Life) -> None:
    zone = ZoneInfo(life.city.timezone)
    for n in range(6):
        life.ticket(phone=f"1380000{n:04d}")
    here = life.now.astimezone(zone).date().replace(day=1)
    assert months(life.db, life.city, life.now) == []
    life.clock.at += timedelta(days=32)
    assert months(life.db, life.city, life.now)[-1] == here
    found = figures(life.db, life.city, here, life.now)
    assert found.total == 6 and sum(many or 0 for _name, many in found.channels) == 6
    assert figures(life.db, life.city, date(2020, 1, 1), life.now).total is None
    assert found.rates == [], "six answers judge nobody"
