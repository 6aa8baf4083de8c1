"""A moment as offices and their programs write it, read whole or not at all: half understood is not understood."""

# ruff: noqa: DTZ001 (a spreadsheet knows no zones)
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any

from classifier.text.normalise import plain
from hotline.intake.importing.day_orders import ORDERS, NoDay, day_in, triple_of, yearless
from hotline.intake.importing.reading.cells import says_nothing

FIRST_YEAR, LAST_YEAR = 1950, 2099
"""Outside of these a year is what a program writes when there is none: 9999-12-31, 1900-01-01, 0001-01-01."""

_MONTHS = {
    name: n
    for n, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_WEEKDAY = re.compile(
    r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?(?=\s|$)", re.IGNORECASE
)
_DAYS = (
    re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?=$|[\sT])"),
    re.compile(r"(?P<d>\d{1,2})\s*-\s*(?P<m>\d{1,2})月\s*-\s*(?P<y>\d{4}|\d{2})"),
    re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[-\s]?(?P<m>[A-Za-z]{3})[a-z]*[-\s,]?\s*(?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?P<m>[A-Za-z]{3})[a-z]*\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})"),
    re.compile(r"民国\s*(?P<roc>\d{1,3})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?"),
    re.compile(r"(?P<roc>1\d{2})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?"),
    re.compile(r"(?P<y>\d{2})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]?"),
)
_ROC_ZERO = 1911
"""The Republic's calendar, which offices in Taiwan still count by: its year 1 is 1912."""
_NET = re.compile(r"/Date\((-?\d{10,13})(?:[+-]\d{4})?\)/")
_CHINESE_NUMBER = re.compile(r"[〇零○一二两三四五六七八九十廿]+(?=\s*[年月日号时点分秒])")
_CHINESE_DIGIT = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_OWN_ZONE = re.compile(r"\(?(?:北京时间|中国标准时间|China Standard Time|Asia/\w+|PRC)\)?$", re.IGNORECASE)
_MIDNIGHT = re.compile(r"24:00(?::00)?")
_SOLID_CLOCK = re.compile(r"[-_ ]?(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?(?:\.\d+)?(?![\d:])")
_JAVA = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{1,2}:\d{2}:\d{2}) ([A-Z]{2,4}[+:\d]*) (\d{4})")
_HALF = r"上午|下午|中午|凌晨|清晨|早上|早晨|傍晚|晚上|夜里|夜间|[AaPp]\.?[Mm]\.?(?![A-Za-z])"
_CLOCK = re.compile(
    rf"(?P<before>{_HALF})?\s*(?P<h>\d{{1,2}})\s*(?:[:.时点]\s*(?:(?P<mi>\d{{1,2}}|半|[一三]刻)\s*(?:[:.分]\s*(?:(?P<s>\d{{1,2}})(?:[.,]\d+)?\s*秒?)?)?)?)"
    rf"\s*(?P<after>{_HALF})?"
)
_ZONE = re.compile(r"(?:(?P<utc>Z|UTC|GMT)|CST)?\s*(?P<sign>[+-])?(?P<zh>\d{1,2})?:?(?P<zm>\d{2})?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NO_DAY = re.compile(r"0000[-/.]00[-/.]00(?: 00:00(?::00)?)?")
_EXCEL_ZERO = datetime(1899, 12, 30)


class NoMoment(ValueError):
    """What was told is no moment that could be understood whole."""


@dataclass(frozen=True)
class Told:
    """The day, the time of day and the zone that a cell tells; any may be missing, and all are in an empty cell."""

    day: date | None = None
    clock: time | None = None
    zone: tzinfo | None = None

    def at(self, zone: tzinfo) -> datetime | None:
        """None without a day, or when the year is a placeholder."""
        if self.day is None or not FIRST_YEAR <= self.day.year <= LAST_YEAR:
            return None
        return datetime.combine(self.day, self.clock or time(), self.zone or zone)


def read(value: Any, order: str = "", year: int = 0) -> Told:
    """What a cell tells of a moment. order: in which a day of three short numbers is written, where its column shows it.
    year: of days that name none, where the table tells it; 0 where it does not.

    Raises NoMoment.
    """
    if value is None or value == "":
        return Told()
    if isinstance(value, datetime):
        return Told(value.date(), _unless_midnight(value.time().replace(tzinfo=None)), value.tzinfo)
    if isinstance(value, date):
        return Told(value)
    if isinstance(value, time):
        return Told(clock=value)
    return _read_text(plain(str(value)).strip().lstrip("'"), order, year)


def lacks_year(value: Any) -> bool:
    """Whether a cell tells a day and no year."""
    return isinstance(value, str) and yearless(_in_digits(plain(value).strip().lstrip("'"))) is not None


def in_two_ways(text: str) -> bool:
    """Whether a day is told that can be two: 3/4/2026."""
    return any(_can_be_read(text, order) for order in ORDERS)


def _can_be_read(text: str, order: str) -> bool:
    try:
        return read(text, order).day is not None
    except NoMoment:
        return False


def joined(one: Told, other: Told) -> Told:
    """The day of one column with the time of day of another."""
    return Told(one.day or other.day, one.clock or other.clock, one.zone or other.zone)


def _read_text(text: str, order: str, year: int) -> Told:
    if says_nothing(text) or _NO_DAY.fullmatch(text):
        return Told()
    if found := _NET.fullmatch(text):
        text = found[1]
    try:
        if _NUMBER.fullmatch(text):
            return _of_number(text)
        return _of_java(text) or _of_words(text, order, year)
    except (ValueError, OverflowError):
        raise NoMoment(text) from None


def _of_number(text: str) -> Told:
    """20260315, 20260315143000, 1150315, Excel's days since 1900, or seconds or milliseconds since 1970."""
    whole, _dot, rest = text.partition(".")
    if len(whole) == 17 and whole[:2] == "20":
        text = whole = whole[:14]  # with thousandths
    if not rest.strip("0"):
        text = whole
    if text == whole and len(text) == 7 and text[0] == "1":
        return Told(date(_ROC_ZERO + int(text[:3]), int(text[3:5]), int(text[5:])))
    if text == whole and len(text) in (8, 12, 14) and text[:2] in ("19", "20"):
        clock = time(int(text[8:10]), int(text[10:12]), int(text[12:14] or 0)) if len(text) > 8 else None
        return Told(date(int(text[:4]), int(text[4:6]), int(text[6:8])), clock)
    number = float(text)
    if 20_000 <= number < 80_000:
        return _plain(_EXCEL_ZERO + timedelta(seconds=round(number * 86_400)))
    if 0 < number < 1 and "." in text:
        return Told(clock=(_EXCEL_ZERO + timedelta(seconds=round(number * 86_400))).time())
    if len(whole) in (10, 13):
        moment = datetime.fromtimestamp(number / (1000 if len(whole) == 13 else 1), UTC)
        return Told(moment.date(), moment.time().replace(tzinfo=None), UTC)
    raise NoMoment(text)


def _plain(moment: datetime) -> Told:
    return Told(moment.date(), _unless_midnight(moment.time()))


def _of_java(text: str) -> Told | None:
    """`Sun Mar 15 14:30:00 CST 2026`, as Java prints a date; in China CST is China's own time."""
    found = _JAVA.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = map(int, found[3].split(":"))
    return Told(date(int(found[5]), _month(found[1]), int(found[2])), time(hour, minute, second), _zone_of(found[4]))


def _of_words(text: str, order: str, year: int) -> Told:
    text = _OWN_ZONE.sub("", _in_digits(text)).strip()
    day, rest = _day_of(text, order, year)
    if day is not None and (rest[:1] in ("T", "t", "_") or re.match(r"[-:]\d", rest)):
        rest = rest[1:]
    if day is not None and (end := _MIDNIGHT.match(rest.strip())):
        day, rest = day + timedelta(days=1), "00:00" + rest.strip()[end.end() :]
    clock, rest = _clock_of(rest.strip(), solid=day is not None)
    rest = re.sub(r"^\s*\((.*)\)$", r"\1", rest)
    zone = _zone_of(rest.strip()) if rest.strip() else None
    if (day is None and clock is None) or (zone is not None and clock is None):
        raise NoMoment(text)
    return Told(day, clock if day is None or zone else _unless_midnight(clock), zone)


def _in_digits(text: str) -> str:
    """Without the day of the week, and with 三月十五日 as 3月15日."""
    return _CHINESE_NUMBER.sub(_counted, " ".join(_WEEKDAY.sub(" ", text).split()))


def _unless_midnight(clock: time | None) -> time | None:
    """Midnight beside a day is how a program writes a day alone."""
    return None if clock == time() else clock


def _counted(found: re.Match[str]) -> str:
    """二〇二六 is 2026, 十五 is 15, 二十 is 20."""
    told = found[0].replace("廿", "二十")
    if "十" not in told:
        return "".join(str(_CHINESE_DIGIT[sign]) for sign in told)
    tens, _ten, ones = told.partition("十")
    return str((_CHINESE_DIGIT.get(tens, 1) if tens else 1) * 10 + (_CHINESE_DIGIT.get(ones, 0) if ones else 0))


def _day_of(text: str, order: str, year_told: int) -> tuple[date | None, str]:
    for pattern in _DAYS:
        if found := pattern.match(text):
            told = found.groupdict()
            year = _ROC_ZERO + int(told["roc"]) if told.get("roc") else int(told["y"])
            year += 2000 if len(told.get("y") or "") == 2 else 0
            month, day = _month(told["m"]), int(told["d"])
            if not FIRST_YEAR <= year <= LAST_YEAR:
                month, day = min(max(month, 1), 12), min(max(day, 1), 28)
            return date(max(year, 1), month, day), text[found.end() :].lstrip(" ,")
    if short := triple_of(text):
        try:
            return day_in(short, order), text[short.end :].lstrip(" ,")
        except NoDay:
            raise NoMoment(text) from None
    if year_told and (told_day := yearless(text)):
        month, day, end = told_day
        return date(year_told, month, day), text[end:].lstrip(" ,")
    return None, text


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text[:3].lower() not in _MONTHS:
        raise NoMoment(text)
    return _MONTHS[text[:3].lower()]


def _clock_of(text: str, *, solid: bool) -> tuple[time | None, str]:
    """solid: a day stands before it, so that 1505 can be nothing but five past three."""
    if solid and (whole := _SOLID_CLOCK.match(text)):
        return time(int(whole["h"]), int(whole["mi"]), int(whole["s"] or 0)), text[whole.end() :]
    found = _CLOCK.match(text)
    if found is None:
        return None, text
    hour = _hour(int(found["h"]), (found["before"] or found["after"] or "").lower().replace(".", ""))
    return time(hour, _minute(found["mi"] or "0"), int(found["s"] or 0)), text[found.end() :]


def _minute(text: str) -> int:
    return {"半": 30, "一刻": 15, "三刻": 45}.get(text) or int(text)


def _hour(hour: int, half: str) -> int:
    if half in ("下午", "傍晚", "晚上", "夜里", "夜间", "pm") and 1 <= hour < 12:
        return hour + 12
    if half == "中午" and 1 <= hour <= 2:
        return hour + 12
    if half in ("am", "凌晨", "上午") and hour == 12:
        return 0
    return hour


def _zone_of(text: str) -> tzinfo | None:
    """The zone a time names; CST and nothing are the city's own."""
    found = _ZONE.fullmatch(text)
    if found is None:
        raise NoMoment(text)
    if found["sign"] and found["zh"]:
        away = timedelta(hours=int(found["zh"]), minutes=int(found["zm"] or 0))
        return timezone(away if found["sign"] == "+" else -away)
    if found["sign"] or found["zh"] or found["zm"]:
        raise NoMoment(text)
    return UTC if found["utc"] else None
