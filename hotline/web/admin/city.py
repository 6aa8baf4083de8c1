"""What the city's files say, to be read and not changed here: units, categories, calendar, limits, texts; and who may open what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from inspect import unwrap
from itertools import product
from typing import Any

from flask import current_app, request
from sqlalchemy import func, select

from hotline.city.edit import read_spot
from hotline.city.schema import UNIT_KINDS
from hotline.i18n import N_, _, language
from hotline.messages.senders import approved
from hotline.messages.values import clock_name
from hotline.staff import city_changes
from hotline.tickets.roles import ROLE_NAMES
from hotline.tickets.vocabulary import REQUEST_TYPES, URGENCIES
from hotline.web.admin.pages import PEOPLE_READERS, READERS, page, pages
from hotline.web.admin.words import policy_line
from hotline.web.core.permission import PUBLIC, SIGNED, allow, allowed_by
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_order
from hotline.web.ticket.details import limit_words
from models import Staff
from routing.limits import CLOCKS, Span

ROOMS = {
    "intake": N_("受理台"),
    "dispatch": N_("派单台"),
    "unit": N_("承办台"),
    "review": N_("审核台"),
    "followup": N_("回访台"),
    "supervision": N_("督办台"),
    "monitoring": N_("电子监察"),
    "evidence": N_("答复疑点"),
    "knowledge": N_("知识库"),
    "ready": N_("现成话"),
    "nuisance": N_("骚扰来电"),
    "quality": N_("质检台"),
    "practice": N_("练习室"),
    "letters": N_("来信登记"),
    "interviews": N_("在线访谈"),
    "ticket": N_("工单"),
    "palette": N_("去哪里、做什么"),
    "search": N_("查询"),
    "overview": N_("统计"),
    "map": N_("地图"),
    "province": N_("各城市"),
    "admin": N_("管理"),
    "citizen": N_("市民页面"),
    "board": N_("公开答复"),
    "account": N_("登录与账号"),
    "live": N_("实时更新"),
    "phone_simulator": N_("屏幕上的电话"),
}
Order = Callable[[Any], Any]
YEARS = (2025, 2026, 2027)


@pages.get("/roles")
@allow(PEOPLE_READERS)
def roles() -> str:
    """Every route and who declared to be let in: printed from the application itself."""
    rows: dict[str, list[tuple[str, str, frozenset[Any]]]] = {}
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint.endswith("static"):
            continue
        methods = "、".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        group = _(ROOMS.get(room_of(rule.endpoint), N_("接口")))
        rows.setdefault(group, []).append((methods, rule.rule, allowed_by(current_app, rule.endpoint) or frozenset()))
    people: dict[str, int] = {}
    for held in here.db.scalars(select(Staff.roles).where(Staff.active.is_(True))):
        for role in held:
            people[role] = people.get(role, 0) + 1
    return page(
        "roles",
        may_compose=here.me.is_(*READERS),
        groups=rows,
        roles=[(role, _(name)) for role, name in ROLE_NAMES.items()],
        people=people,
        public=PUBLIC,
        signed=SIGNED,
    )


@pages.get("/units")
@allow(READERS)
def units() -> str:
    words, kind = request.args.get("what", "").strip(), request.args.get("kind", "")
    what = "categories" if request.args.get("tab") == "categories" else "units"
    people = select(Staff.unit_code, func.count()).where(Staff.active.is_(True)).group_by(Staff.unit_code)
    staffed = {code: count for code, count in here.db.execute(people)}  # noqa: C416
    found = [one for one in here.city.units.values() if _says(one, words) and (not kind or one.kind == kind)]
    categories = [one for one in here.city.categories.values() if _says(one, words)]
    start = max(request.args.get("start", 0, type=int), 0)
    orders = _orders(staffed)[what == "units"]
    sort = asked_order([*orders, *(f"-{name}" for name in orders)], "")
    listed = _in_order(found if what == "units" else categories, orders.get(sort.lstrip("-")), sort.startswith("-"))
    return page(
        "units",
        tab=what,
        listed=listed[start : start + 100],
        sort=sort,
        count=len(listed),
        start=start,
        staffed=staffed,
        kinds=UNIT_KINDS,
        sizes=(len(here.city.units), len(here.city.categories)),
    )


def _orders(staffed: dict[Any, int]) -> tuple[dict[str, Order], dict[str, Order]]:
    """By what categories and units may be ordered; without a choice they stand as in the city's files."""
    city = here.city
    both: dict[str, Order] = {"code": lambda one: one.code}
    return (
        {**both, "name": lambda one: city.category_name(one.code), "lead": lambda one: city.unit_name(one.lead)},
        {
            **both,
            "name": lambda one: city.unit_name(one.code),
            "kind": lambda one: list(UNIT_KINDS).index(one.kind),
            "parent": lambda one: city.unit_name(one.parent),
            "area": lambda one: city.area_name(one.area),
            "staff": lambda one: staffed.get(one.code, 0),
        },
    )


def _in_order(rows: list[Any], order: Order | None, falling: bool) -> list[Any]:
    return sorted(rows, key=lambda one: (order(one), one.code), reverse=falling) if order else rows


def _says(one: Any, words: str) -> bool:
    """The unit's or category's code or one of its names holds the words."""
    return not words or words in one.name or words.lower() in one.name_en.lower() or one.code.startswith(words)


@pages.get("/calendar")
@allow(READERS)
def calendar() -> str:
    known = here.city.calendar.known_years
    years = sorted({*YEARS, *known, here.now.year})
    year = request.args.get("year", here.now.year, type=int)
    year = year if year in years else here.now.year
    return page(
        "calendar",
        years=years,
        year=year,
        month_name=_month_name,
        months=[_month(year, n) for n in range(1, 13)],
        known=known,
        missing=[one for one in years if one not in known],
        hours=here.city.calendar.hours,
    )


def _month_name(month: int) -> str:
    return f"{date(2000, month, 1):%B}" if language() == "en" else _("%(n)s 月", n=month)


def _month(year: int, month: int) -> list[list[tuple[date, str] | None]]:
    """Weeks of seven places from Monday; each day with what it is: work, weekend, holiday or makeup."""
    day = date(year, month, 1)
    weeks: list[list[tuple[date, str] | None]] = [[None] * day.weekday()]
    while day.month == month:
        if len(weeks[-1]) == 7:
            weeks.append([])
        weeks[-1].append((day, _kind(day)))
        day += timedelta(days=1)
    weeks[-1] += [None] * (7 - len(weeks[-1]))
    return weeks


def _kind(day: date) -> str:
    calendar = here.city.calendar
    if day in calendar.workdays:
        return "makeup"
    if day in calendar.holidays:
        return "holiday"
    return "work" if calendar.is_working_day(day) else "weekend"


def room_of(endpoint: str) -> str:
    """The desk whose package holds the view of this address; machines' addresses lie in no desk."""
    where = unwrap(current_app.view_functions[endpoint]).__module__.split(".")
    return where[2] if where[:2] == ["hotline", "web"] else ""


@pages.get("/limits")
@allow(READERS)
def limits() -> str:
    """The profile in force, clock by clock, and the city's own numbers."""
    profile = here.city.limits
    kinds = [(urgency, kind) for urgency in URGENCIES for kind in REQUEST_TYPES]
    rows = {
        clock_name(clock): {pair: _words(profile.span(clock, pair[1], pair[0], 1, None)) for pair in kinds}
        for clock in CLOCKS
    }
    return page(
        "limits",
        rows=rows,
        urgencies=URGENCIES,
        kinds=REQUEST_TYPES,
        profile=here.city.profile,
        profiles=list(here.city.profiles),
        source=here.city.limits.source,
        written=_written_limits(),
        policy={name: policy_line(name, value) for name, value in asdict(here.city.policy).items()},
    )


def _written_limits() -> list[tuple[str, str, str]]:
    """Every limit that stands in the file for the profile in force: what it is, its name for a change, its value."""
    folder, profile = here.settings.city_dir, here.city.profile
    found = []
    for clock in CLOCKS:
        for path in [(), *((urgency,) for urgency in URGENCIES), *product(URGENCIES, REQUEST_TYPES)]:
            what = ":".join(("limit", profile, clock, *path))
            if (value := read_spot(folder, city_changes.spot_of(here.city, what))) is not None:
                found.append((city_changes.title_of(here.city, what), what, limit_words(value)))
    return found


def _words(span: Span | None) -> str:
    return limit_words(str(span)) if span else ""


@pages.get("/texts")
@allow(READERS)
def texts() -> str:
    words = request.args.get("what", "").strip()
    found = [
        one
        for one in here.city.texts.values()
        if not words or words in one.key or words in one.zh or words.lower() in one.en.lower()
    ]
    return page("texts", texts=found, english=language() == "en", approved=approved(here.settings, here.city))
