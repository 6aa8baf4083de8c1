"""What the reader of the overview asks for: a period and a part of the city, read from the address and written back to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import url_for

from hotline.city.schema import City
from hotline.clock import within_reach
from hotline.errors import Refusal
from hotline.i18n import N_, _
from hotline.metrics.history import NO_UNIT
from hotline.metrics.question import NONE, Question
from hotline.tickets.roles import CENTRE_ROLES, SEALED_ROLES, Actor, Role
from hotline.web.core.forms.action_forms import unit_code

PERIODS = {
    "today": N_("今天"),
    "yesterday": N_("昨天"),
    "7d": N_("7 天"),
    "30d": N_("30 天"),
    "month": N_("本月"),
    "custom": N_("自定"),
}
DAYS = {"today": 1, "7d": 7, "30d": 30}
"""Whole days of the city, today among them: figures are kept by day."""

WHOLE_CITY = frozenset({*CENTRE_ROLES, Role.CITY_LEADER, Role.DISCIPLINE})
LONGEST = timedelta(days=800)
FRESH = timedelta(minutes=5)
"""Figures are about a minute behind; after this they say that something is wrong."""


@dataclass(frozen=True)
class OverviewFilter:
    """The question, and how the address said it. part: the address arguments that ask for the same part of the city.

    asked_at: when somebody looked; the question's `now` is the moment up to which the figures are told.
    """

    question: Question
    period: str
    asked_at: datetime
    part: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None

    @property
    def same_period(self) -> dict[str, Any]:
        """The arguments that ask for these days on another page."""
        if self.period != "custom" or self.first_day is None or self.last_day is None:
            return {"period": self.period}
        return {"period": self.period, "from": self.first_day.isoformat(), "to": self.last_day.isoformat()}

    @property
    def same_part(self) -> dict[str, Any]:
        """`part`, for url_for."""
        return dict(self.part)

    @cached_property
    def exact(self) -> dict[str, Any]:
        """`exactly()`, made once: a page has a thousand links."""
        return self.exactly()

    @cached_property
    def encoded(self) -> str:
        return urlencode(self.exact)

    @cached_property
    def lists(self) -> str:
        return url_for("overview.tickets")

    @property
    def late(self) -> bool:
        """The days are told up to a moment that lies too far back."""
        return self.asked_at - self.question.now > FRESH

    @property
    def sealed_words(self) -> str:
        """Whether sealed matters are in the numbers, and what that asks of whoever reads them."""
        if self.question.with_sealed:
            return _("数字含密封工单；分得很细的数字能指出某一件，不要给无权查看密封工单的人。")
        return _("数字不含密封工单。")

    def exactly(self, **more: Any) -> dict[str, Any]:
        """Arguments that ask for the very same moments later, so that a list holds what the figure counted."""
        moments = {"from": self.question.start.isoformat(), "to": self.question.end.isoformat()}
        return {name: value for name, value in {**moments, **self.part, **more}.items() if value not in (None, "")}


def read(
    args: Mapping[str, str], city: City, me: Actor, now: datetime, folded_until: datetime | None = None
) -> OverviewFilter:
    """Never refuses: what cannot be read is said in `problems`, and the last 30 days are shown instead.

    folded_until: up to when the days are told; nothing later is asked about.
    """
    asked_at, now = now, folded_until or now
    period = args.get("period") or ("custom" if args.get("from") else "7d")
    problems: dict[str, str] = {}
    try:
        start, end = _moments(period, args, city, now)
    except Refusal as refusal:
        period, problems = "30d", refusal.problems
        start, end = _days_before(now, DAYS["30d"] - 1, city), now
    part, units = _part(args, city, me)
    if (typed := args.get("unit", "")) and "unit" not in part:
        problems["unit"] = _("没有找到单位“%(text)s”，请从列表中选择。", text=typed[:20])
    policy, zone = city.policy, ZoneInfo(city.timezone)
    question = Question(
        start,
        end,
        now,
        units=units,
        category=part.get("category"),
        channel=part.get("channel"),
        area=part.get("area"),
        few=policy.few_answers,
        partly=policy.partly_weight,
        answer_hours=policy.answer_hours,
        zone=city.timezone,
        folded_until=folded_until,
        with_sealed=counts_sealed(me, units),
    )
    return OverviewFilter(
        question,
        period if period in PERIODS else "7d",
        asked_at,
        part,
        problems,
        start.astimezone(zone).date(),
        (end - timedelta(microseconds=1)).astimezone(zone).date(),
    )


def sees_whole_city(me: Actor) -> bool:
    """A unit's leader sees the own unit's numbers, and those of the units below it."""
    return me.is_(*WHOLE_CITY)


def counts_sealed(me: Actor, units: tuple[str, ...] | None) -> bool:
    """Sealed matters are counted for those who may open them: split by day, unit and kind, a figure is a single one."""
    leads = me.is_(Role.UNIT_LEADER) and units is not None and me.units.issuperset(units)
    return me.is_(*SEALED_ROLES) or leads


def _moments(period: str, args: Mapping[str, str], city: City, now: datetime) -> tuple[datetime, datetime]:
    if period == "custom":
        return _custom(args, city, now)
    midnight = city.calendar.start_of_day(now)
    if period == "yesterday":
        return _days_before(now, 1, city), midnight
    if period == "month":
        return midnight.astimezone(ZoneInfo(city.timezone)).replace(day=1), now
    return _days_before(now, DAYS.get(period, DAYS["7d"]) - 1, city), now


def _days_before(now: datetime, days: int, city: City) -> datetime:
    """The midnight so many days before that of today."""
    zone = ZoneInfo(city.timezone)
    return datetime.combine(now.astimezone(zone).date() - timedelta(days=days), time(0), zone)


def _custom(args: Mapping[str, str], city: City, now: datetime) -> tuple[datetime, datetime]:
    """Days (the last one included) or exact moments; a period that goes on ends now, for nothing later can be counted."""
    zone = ZoneInfo(city.timezone)
    start = _moment("from", args.get("from", ""), zone, timedelta(0)) or _days_before(now, DAYS["30d"] - 1, city)
    end = _moment("to", args.get("to", ""), zone, timedelta(days=1)) or now
    if end <= start:
        raise Refusal(_("结束日期早于开始日期，请重新选择。"), field="to")
    if end - start > LONGEST:
        raise Refusal(_("时间段太长，最多 %(n)d 天。", n=LONGEST.days), field="from")
    return start, min(end, now) if start < now else end


def _moment(name: str, text: str, zone: ZoneInfo, whole_day: timedelta) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if not within_reach(moment):
            raise ValueError(text)
        if len(text) == len("2026-03-04"):
            return datetime.combine(moment.date() + whole_day, time(0), zone)
    except ValueError:
        raise Refusal(_("日期“%(text)s”不对，请按 2026-03-15 的样子填写。", text=text[:20]), field=name) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _part(args: Mapping[str, str], city: City, me: Actor) -> tuple[dict[str, str], tuple[str, ...] | None]:
    """The part of the city as address arguments, and its units; unknown codes ask for nothing."""
    known = {"category": city.categories, "area": city.areas}
    part = {name: args[name] for name, codes in known.items() if args.get(name) in codes or args.get(name) == NONE}
    if args.get("channel"):
        part["channel"] = args["channel"][:24]
    units, unit = _units(unit_code(args.get("unit", ""), city), bool(args.get("exact")), city, me)
    if unit:
        part["unit"] = unit
        part |= {"exact": "1"} if args.get("exact") else {}
    return part, units


def _units(code: str, exact: bool, city: City, me: Actor) -> tuple[tuple[str, ...] | None, str]:
    own = None if sees_whole_city(me) else tuple(sorted(me.units))
    if code in NO_UNIT and own is None:
        return (code,), code
    if (code in city.units and (own is None or code in own)) or (code == NONE and own is None):
        return ((code,) if exact or code == NONE else city.unit_and_below(code)), code
    return own, ""
