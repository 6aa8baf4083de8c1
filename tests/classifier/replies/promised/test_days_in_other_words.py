"""Sentences written by hand: said on a day, promised for a day ("-": nobody of ours is bound), and the days of the old calendar."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from classifier.replies.promised.due_dates import find_dates
from classifier.replies.promised.old_calendar import moon_day, new_year, term_day
from classifier.replies.promised.promises import dated_promises

SAID = [line.split("\t") for line in (Path(__file__).with_name("days.tsv")).read_text("utf-8").splitlines()]
MONDAY = date(2026, 12, 7)


@pytest.mark.parametrize(("on", "due", "sentence"), [one for one in SAID if one[1] != "-"])
def test_a_day_promised_in_whatever_words_is_that_day(on: str, due: str, sentence: str) -> None:
    assert due in [str(one.due) for one in dated_promises(sentence, date.fromisoformat(on))]


@pytest.mark.parametrize(("on", "sentence"), [(on, sentence) for on, due, sentence in SAID if due == "-"])
def test_a_day_of_the_law_a_shop_or_the_citizen_binds_nobody(on: str, sentence: str) -> None:
    assert dated_promises(sentence, date.fromisoformat(on)) == ()


def test_the_moons_of_a_year_fill_it_up_to_the_next_spring_festival() -> None:
    for year in range(2021, 2036):
        assert moon_day(year, 12, 29) in (
            new_year(year + 1) - timedelta(days=1),
            new_year(year + 1) - timedelta(days=2),
        )
        assert moon_day(year, 12, 30) == new_year(year + 1) - timedelta(days=1)
    with pytest.raises(ValueError, match="2040"):
        moon_day(2040, 1, 1)


def test_the_terms_of_the_sun_fall_where_the_almanac_has_them() -> None:
    known = {
        ("冬至", 2021): 21,
        ("冬至", 2026): 22,
        ("冬至", 2028): 21,
        ("小寒", 2027): 5,
        ("雨水", 2026): 18,
        ("清明", 2027): 5,
    }
    assert {key: term_day(*key).day for key in known} == known


def test_the_next_day_counts_from_the_day_told_before_it() -> None:
    assert [one.due for one in find_dates("12月9日停水，次日恢复", MONDAY)] == [date(2026, 12, 9), date(2026, 12, 10)]
    assert find_dates("夜间22时至次日6时", MONDAY) == []


def test_what_stands_behind_a_list_of_days_is_no_day() -> None:
    (one,) = find_dates("12月10日、3号楼停水", MONDAY)
    assert one.due == date(2026, 12, 10)
