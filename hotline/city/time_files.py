"""Reads limits.yaml and calendar.yaml: how long things may take, and when the city works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

from hotline.city.marked import Hours, YamlRow, YamlSheet, parse_hours, read_source
from hotline.city.mistakes import Notebook
from hotline.i18n import N_
from routing.calendar import Calendar
from routing.limits import CLOCKS, DEFAULT, REQUEST_TYPES, URGENCIES, ClockLimit, LimitProfile
from routing.spans import Span

OFFICE_HOURS: tuple[Hours, ...] = ((time(9), time(12)), (time(13), time(17)))
MUST_RUN = ("dispatch", "sign", "objection", "ruling", "reply", "review", "redo", "answer")
UNSAID = {"judge": ClockLimit({"normal": {DEFAULT: Span(1, "wd")}})}
"""Clocks that run by these limits in a city whose file does not name them."""

BAD_SPAN = N_("“%(name)s”的时限“%(value)s”看不懂，可写 30min、24h、180d、3wd、8wh")


def read_limits(folder: Path, notebook: Notebook) -> dict[str, LimitProfile]:
    sheet = YamlSheet(folder, "limits.yaml", notebook)
    profiles: dict[str, LimitProfile] = {}
    rows = sheet.top.row("profiles")
    for name in rows.names() if rows else ():
        row = rows.row(name) if rows else None
        if row:
            profiles[name] = LimitProfile(
                name, _read_clocks(row), row.text("name"), row.text("name_en"), row.text("source", "")
            )
    source = read_source(sheet, [(name, profile.source) for name, profile in profiles.items()])
    profiles = {name: replace(profile, source=profile.source or source) for name, profile in profiles.items()}
    sheet.finish()
    return profiles


def _read_clocks(row: YamlRow) -> dict[str, ClockLimit]:
    clocks = row.row("clocks")
    if not clocks:
        return {}
    for name in MUST_RUN:
        if name not in clocks:
            clocks.sheet.mistake(clocks.line, N_("缺少时限“%(clock)s”"), clock=name)
    return {
        name: _read_clock(clocks, name) if name in clocks else UNSAID[name]
        for name in CLOCKS
        if name in clocks or name in UNSAID
    }


def _read_clock(clocks: YamlRow, name: str) -> ClockLimit:
    if clocks.is_text(name):
        return ClockLimit({"normal": {DEFAULT: _span(clocks, name)}})
    row = clocks.row(name)
    if not row:
        return ClockLimit({})
    cells = {level: _read_cell(row, level) for level in URGENCIES if level in row}
    defer = row.choice("off_hours", ("defer", "run"), "run") == "defer"
    half = row.choice("at_most", ("half_of_first", "none"), "none") == "half_of_first"
    if not cells:
        clocks.mistake(name, N_("“%(name)s”至少要写 normal 或 urgent 的时限"))
    return ClockLimit(cells, defer, half)


def _read_cell(row: YamlRow, level: str) -> dict[str, Span]:
    if row.is_text(level):
        return {DEFAULT: _span(row, level)}
    types = row.row(level)
    if not types:
        return {}
    missing = [name for name in REQUEST_TYPES if name not in types and DEFAULT not in types]
    if missing:
        types.sheet.mistake(
            types.line, N_("缺少这些诉求类型的时限：%(missing)s（或写 default）"), missing=" ".join(missing)
        )
    return {name: _span(types, name) for name in (*REQUEST_TYPES, DEFAULT) if name in types}


def _span(row: YamlRow, name: str) -> Span:
    return row.parsed(name, Span.parse, Span(1, "d"), BAD_SPAN)


def read_calendar(folder: Path, zone: str, notebook: Notebook) -> Calendar:
    """zone: a valid name of the time zone database."""
    sheet = YamlSheet(folder, "calendar.yaml", notebook)
    hours = tuple(_read_hours(sheet.top))
    holidays: set[date] = set()
    workdays: set[date] = set()
    years: set[int] = set()
    for row in sheet.top.list_of_rows("years"):
        years |= _read_year(row, years, holidays, workdays)
    for day in sorted(holidays & workdays):
        sheet.mistake(0, N_("%(day)s 既是假日又是调休上班日"), day=day)
    gaps = sorted(set(range(min(years), max(years))) - years) if years else []
    for year in gaps:
        sheet.warn(0, N_("缺少 %(year)s 年的节假日，暂按周一至周五上班计算"), year=year)
    sheet.finish()
    try:
        return Calendar(zone, hours or OFFICE_HOURS, frozenset(holidays), frozenset(workdays), frozenset(years))
    except ValueError:
        sheet.top.mistake("hours", N_("“hours”各段须按先后写，起早于止，不能重叠"))
        return Calendar(zone, OFFICE_HOURS)


def _read_hours(row: YamlRow) -> Iterator[Hours]:
    written = row.lined_words("hours")
    if not written and not row.sheet.broken:
        row.mistake("hours", N_("缺少“%(name)s”"))
    for line, each in written:
        try:
            yield parse_hours(each)
        except ValueError:
            row.sheet.mistake(line, N_("工作时段“%(value)s”看不懂，应如 08:30-12:00"), value=each)


def _read_year(row: YamlRow, known: set[int], holidays: set[date], workdays: set[date]) -> set[int]:
    year = row.whole("year", 0)
    row.text("source", "")
    if not 1970 <= year <= 2200:
        row.mistake("year", N_("年份“%(year)s”不对"), year=year)
        return set()
    if year in known:
        row.mistake("year", N_("%(year)s 年写了两次"), year=year)
    for holiday in row.list_of_rows("holidays", required=False):
        holidays |= _read_holiday(holiday, year)
    for line, written in row.lined_words("workdays"):
        day = _workday(row, line, written, year)
        workdays |= {day} if day else set()
    if not row.names() or "holidays" not in row:
        row.sheet.warn(row.line, N_("%(year)s 年没有写任何假日"), year=year)
    return {year}


def _read_holiday(row: YamlRow, year: int) -> set[date]:
    complaint = N_("日期“%(value)s”看不懂，应如 2026-01-01")
    row.text("name", "")
    row.text("name_en", "")
    first = row.parsed("from", date.fromisoformat, None, complaint)
    if first is None:
        row.text("from")
        row.text("to", "")
        return set()
    last = row.parsed("to", date.fromisoformat, first, complaint) or first
    if not timedelta(0) <= last - first <= timedelta(days=31):
        row.mistake("to", N_("假期的起止日期不对：%(start)s 至 %(end)s"), start=first, end=last)
        return set()
    if year not in (first.year, last.year):
        row.mistake("from", N_("%(day)s 不在 %(year)s 年"), day=first, year=year)
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


def _workday(row: YamlRow, line: int, written: str, year: int) -> date | None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        row.sheet.mistake(line, N_("日期“%(value)s”看不懂，应如 2026-01-01"), value=written)
        return None
    if day.year != year:
        row.sheet.mistake(line, N_("%(day)s 不在 %(year)s 年"), day=day, year=year)
    if day.weekday() < 5:
        row.sheet.warn(line, N_("%(day)s 本来就是工作日，不必写进调休"), day=day)
    return day
