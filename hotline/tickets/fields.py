"""What an action's form asks: typed questions, and the one place where answers are made clean or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hotline.city.ready.places import holes
from hotline.city.schema import City
from hotline.clock import within_reach
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.tickets.points.told import ToldPoint, in_the_city, read_told
from hotline.tickets.vocabulary import YES_NO

LONG_TEXT = 20_000
BODY_TEXT = 50_000
MOST_COUNTED = 999


@dataclass(frozen=True)
class Field:
    """One question. kind: text, long, bool, choice, choices, day, moment, unit, sub_unit, units, category, ticket, checklist,
    point (latitude and longitude),
    count and row (a number that the page keeps and nobody is asked for).

    choices: code → label, or the name of a list of the city (routes, outside, reasons, areas).
    most: the largest number of characters. kept: whether the story remembers the answer.
    """

    name: str
    label: str
    kind: str
    required: bool = True
    choices: Mapping[str, str] | str | None = None
    hint: str = ""
    most: int | None = None
    kept: bool = True

    @property
    def limit(self) -> int:
        return self.most or (LONG_TEXT if self.kind == "long" else 200)


def choices_of(field: Field, city: City) -> dict[str, str]:
    """The codes a person may choose for this field, with the words shown, in the reader's language."""
    if field.kind == "bool":
        return {code: _(label) for code, label in YES_NO.items()}
    if field.kind in ("unit", "sub_unit", "units"):
        return {code: city.unit_name(code) for code, unit in city.units.items() if unit.handles}
    if field.kind == "category":
        return {code: city.category_name(code) for code in city.categories}
    if isinstance(field.choices, str):
        return _city_list(field.choices, city)
    return {code: _(label) for code, label in (field.choices or {}).items()}


def _city_list(name: str, city: City) -> dict[str, str]:
    lists: dict[str, Callable[[], dict[str, str]]] = {
        "routes": lambda: {code: city.route_name(code) for code in city.routes},
        "outside": lambda: {code: city.unit_name(code) for code in city.outside},
        "reasons": lambda: {code: f"{code} {city.reason_name(code)}" for code in city.reasons},
        "areas": lambda: {code: city.area_name(code) for code in city.areas},
    }
    return lists[name]()


def clean(fields: tuple[Field, ...], given: Mapping[str, Any], city: City, *, by_staff: bool = False) -> dict[str, Any]:
    """The answers with their types made right: empty ones left out.

    by_staff: words with a place that is still open are refused; of what comes from outside every word is taken.
    Raises Refusal with one sentence per wrong field; everything that was typed stays with the caller.
    """
    answers: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in fields:
        try:
            value = _CLEANERS[field.kind](field, given.get(field.name), city)
        except Refusal as refusal:
            problems[field.name] = refusal.sentence
            continue
        if value in (None, "", [], {}):
            if field.required:
                problems[field.name] = _("请填写“%(field)s”。", field=_(field.label))
        elif by_staff and (sentence := still_open(value)):
            problems[field.name] = sentence
        else:
            answers[field.name] = value
    if problems:
        raise Refusal(" ".join(problems.values()), code="invalid_form", problems=problems)
    return answers


def still_open(value: Any) -> str:
    """What to say of words of which a place was not filled; "" when all are."""
    names = holes(value) if isinstance(value, str) else []
    return _("还有没填的地方：%(names)s。请填好或删去再提交。", names=_("、").join(names)) if names else ""


def _text(field: Field, value: Any, city: City) -> str | None:
    if value is None:
        return None
    text = str(value).replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > field.limit:
        raise Refusal(
            _(
                "“%(field)s”最多 %(most)d 个字，现在是 %(now)d 个字，请删减后再提交。",
                field=_(field.label),
                most=field.limit,
                now=len(text),
            )
        )
    return text


def _bool(field: Field, value: Any, city: City) -> bool | None:
    if value in (None, ""):
        return None
    return str(value).lower() in ("1", "true", "yes", "on")


def _choice(field: Field, value: Any, city: City) -> str | None:
    if value in (None, ""):
        return None
    if str(value) not in choices_of(field, city):
        raise Refusal(
            _(
                "“%(field)s”没有“%(value)s”这个选项，请从列表中选择。",
                field=_(field.label),
                value=_called(field, value, city),
            )
        )
    return str(value)


def _called(field: Field, value: Any, city: City) -> str:
    """As a person calls it: a unit that cannot be chosen here by its name, not by its code."""
    told = str(value)[:40]
    return city.unit_name(told) if field.kind in ("unit", "sub_unit", "units") and told in city.units else told


def _choices(field: Field, value: Any, city: City) -> list[str]:
    many = value if isinstance(value, list | tuple) else [value]
    return [code for code in (_choice(field, one, city) for one in many) if code]


def _day(field: Field, value: Any, city: City) -> date | None:
    if value in (None, "") or isinstance(value, date):
        return value or None
    try:
        day = date.fromisoformat(str(value).strip())
        if not within_reach(day):
            raise ValueError(value)
        return day
    except ValueError:
        raise Refusal(_("“%(field)s”不是有效的日期，请按 2026-03-15 的样子填写。", field=_(field.label))) from None


def _moment(field: Field, value: Any, city: City) -> datetime | None:
    if value in (None, "") or isinstance(value, datetime):
        return value or None
    try:
        moment = datetime.fromisoformat(str(value).strip())
        if not within_reach(moment):
            raise ValueError(value)
    except ValueError:
        raise Refusal(
            _("“%(field)s”不是有效的时间，请按 2026-03-15 14:30 的样子填写。", field=_(field.label))
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(city.timezone))


def _checklist(field: Field, value: Any, city: City) -> dict[str, str]:
    given = value if isinstance(value, Mapping) else {}
    known = {item.code for item in city.checklist}
    return {code: str(answer) for code, answer in given.items() if code in known and answer in ("yes", "no", "na")}


def _count(field: Field, value: Any, city: City) -> int | None:
    return min(int(str(value)), MOST_COUNTED) if str(value or "").isdecimal() else None


def _row(field: Field, value: Any, city: City) -> int | None:
    return int(str(value)) if str(value or "").isdecimal() and len(str(value)) < 18 else None


def _point(field: Field, value: Any, city: City) -> ToldPoint | None:
    told = read_told(str(value or ""), "map")
    return in_the_city(city, told) if told else None


_CLEANERS: dict[str, Callable[[Field, Any, City], Any]] = {
    "text": _text,
    "long": _text,
    "ticket": _text,
    "bool": _bool,
    "choice": _choice,
    "choices": _choices,
    "unit": _choice,
    "sub_unit": _choice,
    "units": _choices,
    "category": _choice,
    "day": _day,
    "moment": _moment,
    "checklist": _checklist,
    "count": _count,
    "row": _row,
    "point": _point,
}
