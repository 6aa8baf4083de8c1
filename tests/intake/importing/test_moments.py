"""Moments are read as offices and programs write them, whole or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from hotline.intake.importing import moments
from hotline.intake.importing.day_orders import order_of

ANYANG = ZoneInfo("Asia/Shanghai")
HALF_PAST_TWO = datetime(2026, 3, 15, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-15 14:30",
        "2026/3/15 14:30:00",
        "2026年3月15日 14时30分",
        "2026年3月15日14:30",
        "2026.3.15 14:30",
        "2026-03-15T14:30:00",
        "2026-03-15T06:30:00Z",
        "2026-03-15T06:30:00.000Z",
        "2026-03-15 06:30:00 +0000",
        "2026-03-15T14:30:00+08:00",
        "2026-03-15 06:30 UTC",
        "2026-03-15 02:30:00 PM",
        "2026-03-15 下午 2:30",
        "2026-03-15 2:30 下午",
        "2026/3/15 下午02:30:00",
        "2026-03-15 2:30 p.m.",
        "２０２６－０３－１５　１４：３０",
        "2026-03-15 星期日 14:30",
        "2026年3月15日 周日 下午2时30分",
        "20260315143000",
        "202603151430",
        "46096.6041666667",
        46096.604166666664,
        "1773556200",
        1773556200,
        "1773556200000",
        "Sun Mar 15 14:30:00 CST 2026",
        "15-3月 -26 02.30.00.000000 下午",
        "15-MAR-26 02.30.00.000000 PM",
        "3/15/2026 2:30 PM",
        "03/15/2026 14:30",
        "15/03/2026 14:30",
        "Mar 15, 2026 2:30 PM",
        "2026-03-15 14:30:00.0",
        "2026-03-15  14:30",
        "2026年03月15日14点30分",
        "2026年3月15日 下午2点半",
        "民國115年3月15日 下午2:30",
        "115/03/15 14:30",
        "二〇二六年三月十五日下午二点三十分",
        "2026-03-15-14.30.00.000000",
        "15MAR2026:14:30:00",
        "15.03.2026 14:30",
        "Sun Mar 15 2026 14:30:00 GMT+0800 (中国标准时间)",
        "/Date(1773556200000+0800)/",
        "20260315T063000Z",
        "20260315143000123",
        "20260315143000.0",
        "2026-03-15 14:30 (UTC+08:00)",
        "2026-03-15 14:30:00 北京时间",
        "15th March 2026 2:30 pm",
        datetime(2026, 3, 15, 14, 30),
    ],
)
def test_half_past_two_is_read_in_every_writing(written: object) -> None:
    """Found outside: I7."""
    at = moments.read(written).at(ANYANG)
    assert at == HALF_PAST_TWO


@pytest.mark.parametrize(
    "written",
    [
        "2026-13-45",
        "yesterday",
        "2026-03-15 25:00",
        "2026-03-15 14:30 or so",
        "2026-03-15 下午",
        "3/4/2026",
        "2026-02-30",
        "2026-03-15 14:30 +8x",
        "12:30 sharp",
        "2026-03-15 14:30 EST5",
        "待定的时间",
        "2026-03-15 07:30/14:30",
        "第3天",
    ],
)
def test_what_is_not_understood_whole_is_not_understood(written: str) -> None:
    """Found outside: I7."""
    with pytest.raises(moments.NoMoment):
        moments.read(written)


@pytest.mark.parametrize(
    "written",
    [
        "9999-12-31",
        "9999-12-31 00:00:00",
        "1900-01-00",
        "1900-01-01",
        "0001-01-01 00:00:00",
        "0000-00-00 00:00:00",
        "",
        None,
        "无",
        "-",
        "NULL",
        "(null)",
        "3000-01-01",
    ],
)
def test_a_placeholder_is_no_time(written: str | None) -> None:
    assert moments.read(written).at(ANYANG) is None


def test_the_day_of_one_column_and_the_time_of_another_are_one_moment() -> None:
    day = moments.read(datetime(2026, 3, 15))
    for clock in (time(14, 30), "14:30", "下午2:30", "0.604166666666667"):
        assert moments.joined(moments.read(clock), day).at(ANYANG) == HALF_PAST_TWO
    assert moments.read("20260315").day == date(2026, 3, 15)


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["3/5/26", "3/15/26"], "mdy"),
        (["26-3-5"], "ymd"),
        (["5/3/2026 0:00:00", "13/3/2026"], "dmy"),
        (["15-03-26", "01-03-26"], "dmy0"),
        (["3/4/2026"], ""),
        (["13/13/2026"], ""),
        (["2026-03-05"], ""),
        ([], ""),
    ],
)
def test_a_column_says_in_which_order_its_days_are_written(column: list[str], order: str) -> None:
    assert order_of(column, date(2026, 3, 20)) == order


def test_a_day_written_otherwise_than_its_column_is_not_understood() -> None:
    assert moments.read("03/04/2026", order_of(["02/15/2026"], date(2026, 3, 20))).day == date(2026, 3, 4)
    with pytest.raises(moments.NoMoment):
        moments.read("3/4/2026", order_of(["02/15/2026"], date(2026, 3, 20)))


def test_the_end_of_a_day_is_the_beginning_of_the_next() -> None:
    assert moments.read("2026-03-15 24:00").at(ANYANG) == datetime(2026, 3, 16, tzinfo=ANYANG)
    assert moments.read("'2026-03-15").day == date(2026, 3, 15)
