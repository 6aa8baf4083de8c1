"""Dresses the figures for the overview: tiles, bands of units, charts, each number with the way down to its tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import func

from hotline.city.schema import UNIT_KINDS, City
from hotline.i18n import N_, _
from hotline.metrics import counting, demand
from hotline.metrics.counting import DEFINITIONS, Tally
from hotline.metrics.history import NO_UNIT
from hotline.metrics.question import NONE, Question
from hotline.metrics.rates import Rate
from hotline.metrics.staffing import FORMULA
from hotline.tickets.states import STATES, SUBMITTED
from hotline.tickets.vocabulary import CHANNELS
from hotline.web.core.request_context import here
from hotline.web.overview.filters import OverviewFilter
from models import Deadline

TILES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        N_("快慢与时限"),
        (
            "connection",
            "answer_15s",
            "missed_return",
            "staffing",
            "direct_close",
            "dispatch_24h",
            "sign_24h",
            "contact_24h",
            "contact_proven",
            "on_time",
            "open_late",
            "accuracy",
        ),
    ),
    (
        N_("满意与解决"),
        ("satisfied", "attitude", "solve", "claimed", "evidenced", "direct_solved", "call_satisfied", "participation"),
    ),
)
COLUMNS = (
    "direct_close",
    "dispatch_24h",
    "sign_24h",
    "contact_24h",
    "on_time",
    "open_late",
    "accuracy",
    "satisfied",
    "attitude",
    "solve",
    "claimed",
    "evidenced",
    "sent_back",
    "redo",
)
"""The figures of the tables; of direct_close only the number of tickets taken in is shown."""
BY = {"unit": N_("按单位"), "category": N_("按类别"), "channel": N_("按渠道"), "area": N_("按区县")}
KINDS = {**UNIT_KINDS, "": N_("没有承办单位")}
VOLUMES: tuple[tuple[int, str], ...] = (
    (100, N_("办结 100 件以上")),
    (30, N_("办结 30–99 件")),
    (0, N_("办结不足 30 件")),
)
TREND_DAYS = 14
HOURS_UP_TO = timedelta(hours=49)
"""Up to so long a period is drawn hour by hour."""


@dataclass(frozen=True)
class Line:
    """One row of a table. earlier: its figures in the period before. closed: tickets closed by the unit, which decides the band."""

    code: str
    name: str
    rates: dict[str, Rate]
    earlier: dict[str, Rate]
    args: dict[str, Any]

    @property
    def taken_in(self) -> int:
        return self.rates["direct_close"].of

    @property
    def closed(self) -> int:
        return self.rates["on_time"].of


def percent(share: float | None) -> str:
    """One digit behind the point; what is not everything is never rounded up to 100 %, nor something down to nothing."""
    if share is None:
        return "—"
    rounded = round(share * 100, 1)
    if share < 1 <= rounded / 100:
        return "99.9%"
    return "0.1%" if rounded == 0 < share else f"{rounded:.1f}%"


def number(n: float) -> str:
    return f"{n:g}" if n == int(n) else f"{n:.1f}"


def shown(rate: Rate) -> str:
    """The figure as text; few are told as a count, because a percentage of four is no percentage."""
    if rate.of and rate.too_few:
        return f"{number(rate.n)} / {rate.of}"
    return percent(rate.value)


def interval(rate: Rate) -> str:
    return f"{rate.interval[0] * 100:.1f}–{rate.interval[1] * 100:.1f}%" if rate.interval else ""


def longest_late(asked: OverviewFilter) -> str:
    """How long the worst of the open and late is over its limit; nothing when none is."""
    first = here.db.scalar(
        counting.behind(asked.question, "open_late", "hit").with_only_columns(func.min(Deadline.due_at))
    )
    if first is None:
        return ""
    over = asked.question.until - first
    return _("最长已超 %(n)d 天", n=over.days) if over.days else _("最长已超 %(n)d 小时", n=over.seconds // 3600)


def hint(rate: Rate) -> str:
    """How a figure was counted: from how many, whether they are few, the interval, what was left out, and the reference."""
    said = [
        _("分母 %(n)d", n=rate.of),
        _("样本太少") if rate.of and rate.too_few else "",
        _("95%% 区间 %(range)s", range=interval(rate)) if rate.interval else "",
        _("剔除 %(n)d", n=rate.excluded) if rate.excluded else "",
        _("参考 %(what)s", what=rate.reference) if rate.reference != "–" else "",
    ]
    return " · ".join(one for one in said if one)


def tone(rate: Rate) -> str:
    if rate.good is None or rate.too_few:
        return "plain"
    return "good" if rate.good else "warn"


def href(asked: OverviewFilter, key: str, part: str, **more: Any) -> str:
    """The list of exactly these rows."""
    if more.keys() & asked.part.keys():
        return f"{asked.lists}?{urlencode({'metric': key, 'part': part, **asked.exact, **more})}"
    also = "".join(f"&{name}={quote_plus(str(value))}" for name, value in more.items())
    return f"{asked.lists}?metric={key}&part={part}&{asked.encoded}{also}"


def formula(key: str) -> str:
    return _(DEFINITIONS[key].formula) if key in DEFINITIONS else _(FORMULA)


def first_part(key: str) -> str:
    return DEFINITIONS[key].shows if key in DEFINITIONS else "miss"


Split = dict[Any, dict[str, Rate]]


def table(found: Split, earlier: Split, by: str, sort: str = "") -> list[tuple[str, list[Line]]]:
    """Bands of lines. Units are banded by kind and by how much they closed, and stand in the order of the city's files."""
    lines = [
        line
        for line in (_line(by, code, rates, earlier.get(code, {})) for code, rates in found.items())
        if any(rate.of for rate in line.rates.values())
    ]
    if by != "unit":
        return [("", _sorted(lines, by, sort))]
    bands: dict[tuple[int, int], list[Line]] = {}
    kinds, volumes = list(KINDS), [least for least, _name in VOLUMES]
    for line in lines:
        unit = here.city.units.get(line.code)
        band = next(i for i, least in enumerate(volumes) if line.closed >= least)
        bands.setdefault((kinds.index(unit.kind if unit else ""), band), []).append(line)
    return [(_band_name(kinds[kind], band), _sorted(held, by, sort)) for (kind, band), held in sorted(bands.items())]


def _band_name(kind: str, band: int) -> str:
    return _(KINDS[kind]) if not kind else f"{_(KINDS[kind])} · {_(VOLUMES[band][1])}"


def _line(by: str, code: str | None, rates: dict[str, Rate], earlier: dict[str, Rate]) -> Line:
    args = {by: code or NONE, "exact": 1} if by == "unit" else {by: code or NONE}
    return Line(code or "", name_of(by, code, here.city), rates, earlier, args)


def name_of(by: str, code: str | None, city: City) -> str:
    if code in NO_UNIT:
        return _(NO_UNIT[code])
    if not code:
        return {"unit": _("（尚未派单）"), "category": _("（未分类）"), "area": _("（未写明区县）")}.get(by, "—")
    names = {"unit": city.unit_name, "category": city.category_name, "area": city.area_name}
    return names[by](code) if by in names else _(CHANNELS.get(code, code))


def _sorted(lines: list[Line], by: str, sort: str) -> list[Line]:
    order = {
        code: n
        for n, code in enumerate(
            {"unit": here.city.units, "category": here.city.categories, "area": here.city.areas, "channel": CHANNELS}[
                by
            ]
        )
    }
    lines = sorted(lines, key=lambda line: order.get(line.code, len(order)))
    key = sort.removeprefix("-")
    if key not in (*COLUMNS, "closed"):
        return lines
    return sorted(lines, key=lambda line: _sort_value(line, key), reverse=sort.startswith("-"))


def _sort_value(line: Line, key: str) -> float:
    if key == "direct_close":
        return line.taken_in
    if key == "closed":
        return line.closed
    value = line.rates[key].value
    return -1.0 if value is None else value


# --- charts ----------------------------------------------------------------------------------------------------------


def contacts_chart(asked: OverviewFilter) -> dict[str, Any]:
    """Tickets and calls per hour for short periods, per day for longer ones."""
    return _hours_chart(asked) if asked.question.length <= HOURS_UP_TO else _days_chart(asked)


def _hours_chart(asked: OverviewFilter) -> dict[str, Any]:
    question, zone = asked.question, here.city.timezone
    held = {_("工单"): demand.contacts_by_hour(here.db, question)}
    if not question.filtered:
        held[_("来电")] = demand.calls_by_hour(here.db, question)
    hours = demand.hours_of(question)
    return _bars([demand.local_hour(hour, zone).strftime("%d %H:00") for hour in hours], hours, held)


def _days_chart(asked: OverviewFilter) -> dict[str, Any]:
    question = asked.question
    held = {_("工单"): demand.contacts_by_day(here.db, question)}
    if not question.filtered:
        held[_("来电")] = demand.calls_by_day(here.db, question)
    days = _days_of(question)
    return _bars([day.strftime("%m-%d") for day in days], days, held)


def _days_of(question: Question) -> list[date]:
    """The city's days of a period, with those on which nothing happened."""
    zone = ZoneInfo(question.zone)
    first, last = (
        question.start.astimezone(zone).date(),
        (question.end - timedelta(microseconds=1)).astimezone(zone).date(),
    )
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def states_chart(asked: OverviewFilter) -> dict[str, Any]:
    """How many are open now, state by state, each bar a list."""
    counts = demand.open_by_state(here.db, asked.question)
    states = [state for state in STATES if state in SUBMITTED]
    if not counts:
        return {"labels": []}
    links = [url_for("overview.open_tickets", state=state.value, **asked.same_part) for state in states]
    return {
        "kind": "rows",
        "labels": [_(STATES[state].name) for state in states],
        "links": links,
        "series": [{"name": _("在办工单"), "data": [counts.get(state.value, 0) for state in states]}],
    }


def trend_charts(asked: OverviewFilter) -> dict[str, Any]:
    """Day by day: on-time close and satisfaction, over the period or the last two weeks, whichever is longer."""
    question = _longer(asked.question)
    days = counting.tallies_by_day(here.db, question, ("on_time", "satisfied", "solve"))
    known = _days_of(question)
    return {
        "on_time": _trend(("on_time",), known, days, question),
        "satisfied": _trend(("satisfied", "solve"), known, days, question),
    }


def _trend(keys: tuple[str, ...], days: list[date], tallies: dict[date, Tally], question: Question) -> dict[str, Any]:
    rates = {
        key: [counting.rate(DEFINITIONS[key], tallies.get(day, Tally()), question) for day in days] for key in keys
    }
    if not any(one.of for held in rates.values() for one in held):
        return {"labels": []}
    return {
        "kind": "line",
        "labels": [day.strftime("%m-%d") for day in days],
        "unit": "%",
        "min": 0,
        "max": 100,
        "series": [
            {
                "name": _(DEFINITIONS[key].name),
                "data": [None if one.value is None else round(one.value * 100, 1) for one in held],
            }
            for key, held in rates.items()
        ],
    }


def _longer(question: Question) -> Question:
    """At least two weeks of whole days."""
    last = (question.end - timedelta(microseconds=1)).astimezone(ZoneInfo(question.zone))
    first = datetime.combine(last.date() - timedelta(days=TREND_DAYS - 1), time(0), last.tzinfo)
    return replace(question, start=min(question.start, first))


def _bars(labels: list[str], slots: Sequence[Any], series: dict[str, dict[Any, int]]) -> dict[str, Any]:
    if not any(series.values()):
        return {"labels": []}
    bars = [{"name": name, "data": [counts.get(slot, 0) for slot in slots]} for name, counts in series.items()]
    return {"kind": "bar", "labels": labels, "series": bars}
