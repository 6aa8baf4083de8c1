"""Reads the dates people promise by ("本月底前", "3个工作日内", "下周三") and resolves them against the day they were written."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from classifier.replies.promised.date_words import FIXED, PAST_OR_EVERY, PATTERN
from classifier.replies.promised.old_calendar import FEASTS, TERMS, moon_day, term_day
from classifier.text.numerals import DIGITS, number

WorkingDays = Callable[[date, int], date]
"""(day, n) → the n-th working day after it; a city gives its own calendar."""

STALE = timedelta(days=60)
"""A day and month without a year that lie further back than this mean next year's."""

AFTERWARDS = timedelta(days=7)
""""国庆节后": within a week of the holiday's end."""

HIGH_WATER = (7, 16)
""""汛期前" said in the season's first weeks means before its high water."""


_NEXT_DAY = ("次日", "翌日")
"""Counted from the day told before it, if there is one."""


@dataclass(frozen=True)
class When:
    """A moment named in a text: where it stands, its words, and the last day it allows."""

    start: int
    end: int
    text: str
    due: date
    kind: str = ""


def weekdays_after(day: date, n: int) -> date:
    """The n-th day after it that is no Saturday or Sunday (no holidays are known here)."""
    while n > 0:
        day += timedelta(days=1)
        n -= day.weekday() < 5
    return day


def find_dates(text: str, said_on: date, working_days: WorkingDays = weekdays_after) -> list[When]:
    """Every date or deadline in the text, in order, none inside another (the longest at a place counts)."""
    hits = [(found, kind) for kind, pattern in PATTERN.items() for found in pattern.finditer(text)]
    hits.sort(key=lambda hit: (hit[0].start(), -hit[0].end()))
    whens: list[When] = []
    for found, kind in hits:
        if (whens and found.start() < whens[-1].end) or PAST_OR_EVERY.search(text[: found.start()]):
            continue
        from_day = whens[-1].due if whens and found.group().startswith(_NEXT_DAY) else said_on
        due = _resolved(kind, found, from_day, working_days)
        if due is not None:
            named = "season_of_year" if kind == "whole_year" and found["season"] else kind
            whens.append(When(found.start(), found.end(), found.group().strip(), due, named))
    return whens


def _resolved(kind: str, found: re.Match[str], said_on: date, working_days: WorkingDays) -> date | None:
    try:
        return _RESOLVERS[kind](found.groupdict(), said_on, working_days)
    except (ValueError, KeyError, OverflowError, IndexError):
        return None  # 2月30日, 百百天: no date at all


def _year(g: dict[str, str | None], said_on: date) -> int | None:
    if g.get("year"):
        written = str(g["year"])
        return int("".join(str(DIGITS.get(letter, letter)) for letter in written))
    if g.get("rel"):
        return (
            said_on.year
            + {"今": 0, "本": 0, "当": 0, "明": 1, "次": 1, "来": 1, "后": 2, "去": -1, "上": -1, "前": -2}[
                str(g["rel"])
            ]
        )
    return None


def _rolled(year: int | None, month: int, day: int, said_on: date) -> date:
    """In the year that is said; without one in this year, or the next when that lies long past."""
    last = calendar.monthrange(year or said_on.year, month)[1]
    found = date(year or said_on.year, month, min(day, last))
    if day > 31 or (year is not None and day > last):
        raise ValueError(day)
    if year is None and found < said_on - STALE:
        return _rolled(said_on.year + 1, month, day, said_on)
    return found


def _month_end(year: int, month: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def _part_of(year: int, month: int, part: str | None) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    day = {"初": 10, "上旬": 10, "中旬": 20, "中": 20}.get(part or "")
    return date(year, month, day) if day else _month_end(year, month)


def _before(found: date, g: dict[str, str | None], first: date) -> date:
    """ "三月前" ends before March begins; "三月底前" and "三月五日前" allow the day itself."""
    return first - timedelta(days=1) if g.get("before") else found


def _day(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    month, day = _month_number(g), max(number(str(g["day"])), number(str(g.get("last") or g["day"])))
    return _rolled(_year(g, said_on), month, day, said_on)


def _month_number(g: dict[str, str | None]) -> int:
    return 1 if g["month"] == "元" else number(str(g["month"]))


def _moon(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    """A day of the old calendar ("腊月二十", "九月初九"): the next one, unless one has just been."""
    named = str(g["old"] or g["moon"] or g["month"])
    moon = {"正": 1, "冬": 11, "腊": 12}.get(named) or number(named)
    day = 20 + number(str(g["day"])[1:]) if str(g["day"]).startswith("廿") else number(str(g["day"]))
    if year := _year(g, said_on):
        return moon_day(year, moon, day)
    first = said_on if g.get("before") else said_on - STALE
    return next(due for more in (-1, 0, 1) if (due := moon_day(said_on.year + more, moon, day)) >= first)


def _tenday(_g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    return (
        said_on.replace(day=10 if said_on.day <= 10 else 20)
        if said_on.day <= 20
        else _month_end(said_on.year, said_on.month)
    )


def _month(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    month = _month_number(g)
    year = _year(g, said_on) or said_on.year
    end = _month_end(year, month)
    if not _year(g, said_on) and end < said_on - STALE:
        year += 1
    due = _part_of(year, month, g["part"])
    plain = g["part"] in (None, "份")
    return _before(due, g, date(year, month, 1)) if plain else due


def _half(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    first = g["half"] == "上"
    due = _rolled(_year(g, said_on), 6 if first else 12, 30, said_on)
    due = _month_end(due.year, due.month)
    return _before(due, g, date(due.year, 1 if first else 7, 1))


def _quarter(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    month = number(str(g["quarter"])) * 3
    due = _rolled(_year(g, said_on), month, 30, said_on)
    return _month_end(due.year, month)


def _this_quarter(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    month = ((said_on.month - 1) // 3 + 1) * 3 + (3 if str(g["which"]).startswith("下") else 0)
    return _month_end(said_on.year, month)


def _feast_day(name: str, year: int) -> date:
    written = FIXED.get({"十一": "国庆"}.get(name, name), name)
    if written in TERMS:
        return term_day(written, year)
    if written in FEASTS:
        moon, day = FEASTS[written]
        return moon_day(year - (moon == 12), moon, day)
    return date(year, int(written[:2]), int(written[2:]))


def _feast(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    """The day before it; with "期间" its last day."""
    name, year = str(g["feast"]), _year(g, said_on)
    found = _feast_day(name, year or said_on.year)
    if (
        name in ("汛期", "汛")
        and year is None
        and found < said_on < found.replace(month=HIGH_WATER[0], day=HIGH_WATER[1])
    ):
        found = found.replace(month=HIGH_WATER[0], day=HIGH_WATER[1])
    if year is None and found < (said_on if g.get("before") else said_on - STALE):
        found = _feast_day(name, said_on.year + 1)
    if name in ("暑假", "暑期", "寒假"):
        return found
    if g["through"] and not g.get("before"):
        lasts = name in ("春节", "国庆", "十一") and not g["through"].startswith("当")
        holiday = timedelta(days=6 if lasts else 0)
        return found + holiday + (AFTERWARDS if g["through"].endswith("后") else timedelta())
    return found - timedelta(days=1) if g.get("before") else found


def _new_year(_g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    return _feast({"feast": "春节", "through": None, "before": "前"}, said_on, _w)


def _term(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    """School begins on 1 September and 1 March, and ends at the end of January and of June."""
    year, term = _year(g, said_on), str(g["term"])
    ends = [date((year or said_on.year) + more, month, day) for more in (0, 1) for month, day in ((1, 31), (6, 30))]
    begins = [date((year or said_on.year) + more, month, 1) for more in (0, 1) for month in (3, 9)]
    if term.startswith(("学期末", "本学期", "这学期")):
        return next(day for day in ends if day >= said_on)
    if term[0] in "春秋":
        begins = [day for day in begins if day.month == (3 if term[0] == "春" else 9)]
    due = next(day for day in begins if day >= said_on or year)
    return due - timedelta(days=1) if g.get("before") else due


def _year_end(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    return date(_year(g, said_on) or said_on.year, 12, 31)


def _whole_year(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    year = _year(g, said_on) or said_on.year
    if g.get("season"):
        return _month_end(year, {"开": 3, "春": 5, "夏": 8, "秋": 11, "冬": 14}[str(g["season"])[0]])
    return _before(date(year, 12, 31), g, date(year, 1, 1))


def _steps(which: str | None) -> int:
    return {"下下": 2, "再下": 2}.get((which or "")[:2], 1 if (which or "")[:1] in ("下", "次") else 0)


def _month_day(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    end = _month_end(said_on.year, said_on.month + _steps(g["which"]))
    return end.replace(day=number(str(g["day"])))


def _this_month(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    month = said_on.month + _steps(g["which"])
    due = _part_of(said_on.year, month, g["part"])
    return _before(due, g, due.replace(day=1)) if not g["part"] and _steps(g["which"]) else due


def _monthly(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    due = _part_of(said_on.year, said_on.month, g["part"])
    return due if due >= said_on else _part_of(said_on.year, said_on.month + 1, g["part"])


def _weekday(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    monday = said_on - timedelta(days=said_on.weekday())
    at = {"末": 6, "日": 6, "天": 6}.get(str(g["weekday"]), "一二三四五六".find(str(g["weekday"])))
    due = monday + timedelta(days=at + 7 * _steps(g["which"]))
    return due + timedelta(days=7) if g["which"] is None and due < said_on else due


def _week(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    monday = said_on - timedelta(days=said_on.weekday()) + timedelta(days=7 * _steps(g["which"]))
    return monday - timedelta(days=1) if g.get("before") else monday + timedelta(days=6)


def _day_word(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    return said_on + timedelta(days=_days_on(str(g["word"])))


def _days_on(word: str) -> int:
    if word.startswith("大后"):
        return 3
    return 2 if "后" in word else 1 if word[0] in "明次翌" or word in ("今明两天", "今明两日", "天亮") else 0


def _bare_day(g: dict[str, str | None], said_on: date, _w: WorkingDays) -> date:
    day = int(str(g["day"]))
    due = said_on.replace(day=day)
    return due if due >= said_on else _month_end(said_on.year, said_on.month + 1).replace(day=day)


def _span(g: dict[str, str | None], said_on: date, working_days: WorkingDays) -> date:
    unit, half = str(g["unit"]), g["n"] == "半"
    n = 1 if half else number(str(g["most"] or g["n"]))
    if unit == "工作日":
        return working_days(said_on, n)
    if unit == "月" or (unit == "年" and half):
        if half and unit == "月":
            return said_on + timedelta(days=15)
        return _months_on(said_on, 6 if unit == "年" else n)
    if unit == "年":
        return _months_on(said_on, 12 * n)
    days = {"周": 7, "星期": 7, "礼拜": 7}.get(unit, 1)
    if unit in ("小时", "钟头"):
        return said_on + timedelta(days=-(-n // 24) if n >= 24 else 0)
    return said_on + timedelta(days=n * days)


def _months_on(day: date, n: int) -> date:
    end = _month_end(day.year, day.month + n)
    return end.replace(day=min(day.day, end.day))


_RESOLVERS: dict[str, Callable[[dict[str, str | None], date, WorkingDays], date]] = {
    "day": _day, "numeric": _day, "month": _month, "half": _half, "quarter": _quarter, "this_quarter": _this_quarter,
    "feast": _feast, "season": _feast, "term": _term, "new_year": _new_year, "year_end": _year_end, "whole_year": _whole_year,
    "month_day": _month_day, "this_month": _this_month, "month_end": _monthly, "weekday": _weekday, "week": _week,
    "day_word": _day_word, "bare_day": _bare_day, "span": _span, "limit": _span, "wait": _span, "lasts": _span,
    "moon": _moon, "tenday": _tenday,
}  # fmt: skip
