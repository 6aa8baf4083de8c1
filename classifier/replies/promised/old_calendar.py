"""The days of the old calendar: moons, festivals and the twenty-four terms of the sun, computed for the years 2021 to 2035."""

from datetime import date, timedelta

FIRST_YEAR = 2021
_NEW_YEARS = "0212020101220210012902170206012602130203012302110131021902080128"
"""The first day of the first moon, 2021 to 2036."""

_MOONS = (
    0x06AA0,
    0x0AD50,
    0x05B52,
    0x04B60,
    0x0A6E6,
    0x0A4E0,
    0x0D260,
    0x0EA65,
    0x0D530,
    0x05AA0,
    0x076A3,
    0x096D0,
    0x04AFB,
    0x04AD0,
    0x0A4D0,
)
"""A year: the bits of twelve moons (30 days or 29), then which one comes twice; the second time it has 29 days but in a `1….`"""

FEASTS = {
    "春节": (1, 1), "元宵": (1, 15), "正月十五": (1, 15), "龙抬头": (2, 2), "端午": (5, 5), "七夕": (7, 7), "中秋": (8, 15), "重阳": (9, 9),
    "腊八": (12, 8), "小年": (12, 23), "除夕": (12, 30), "大年三十": (12, 30), "年三十": (12, 30),
}  # fmt: skip
"""Moon and day."""

_TERMS = {
    "小寒": (1, 5.4055), "大寒": (1, 20.12), "立春": (2, 3.87), "雨水": (2, 18.73), "惊蛰": (3, 5.63), "春分": (3, 20.646),
    "清明": (4, 4.81), "谷雨": (4, 20.1), "立夏": (5, 5.52), "小满": (5, 21.04), "芒种": (6, 5.678), "夏至": (6, 21.37),
    "小暑": (7, 7.108),
    "大暑": (7, 22.83), "立秋": (8, 7.5), "处暑": (8, 23.13), "白露": (9, 7.646), "秋分": (9, 23.042), "寒露": (10, 8.318),
    "霜降": (10, 23.438),
    "立冬": (11, 7.438), "小雪": (11, 22.36), "大雪": (12, 7.18), "冬至": (12, 21.94),
}  # fmt: skip
"""The month and the day it would be in the year 2000, which moves on by 0.2422 a year and back by one in a leap year."""

_A_DAY_EARLIER = {("雨水", 2026), ("冬至", 2021)}
TERMS = frozenset(_TERMS)


def new_year(year: int) -> date:
    if not FIRST_YEAR <= year < FIRST_YEAR + len(_NEW_YEARS) // 4:
        raise ValueError(year)
    at = 4 * (year - FIRST_YEAR)
    return date(year, int(_NEW_YEARS[at : at + 2]), int(_NEW_YEARS[at + 2 : at + 4]))


def moon_day(year: int, moon: int, day: int) -> date:
    """That day of the year that began at its spring festival; a thirtieth of a short moon is its last day."""
    lengths = _lengths(year)
    if not 1 <= moon <= 12 or not 1 <= day <= 30:
        raise ValueError(moon, day)
    before = sum(length for at, length in lengths if at < moon)
    return new_year(year) + timedelta(days=before + min(day, dict(reversed(lengths))[moon]) - 1)


def _lengths(year: int) -> list[tuple[int, int]]:
    """(moon, days) in order; the one that comes twice stands twice, the first time first."""
    new_year(year)
    if year - FIRST_YEAR >= len(_MOONS):
        raise ValueError(year)
    bits = _MOONS[year - FIRST_YEAR]
    lengths = [(moon, 30 if bits >> (16 - moon) & 1 else 29) for moon in range(1, 13)]
    twice = bits & 0xF
    if twice:
        lengths.insert(twice, (twice, 30 if bits >> 16 else 29))
    return lengths


def term_day(name: str, year: int) -> date:
    month, day = _TERMS[name]
    since = year - 2000
    leaps = (since - 1) // 4 if month < 3 else since // 4
    return date(year, month, int(since * 0.2422 + day) - leaps - ((name, year) in _A_DAY_EARLIER))
