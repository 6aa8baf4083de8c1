"""Where matters come from: the districts shaded by how many of a period, with the same figures as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from hotline.metrics import counting, demand
from hotline.metrics.question import NONE
from hotline.metrics.rates import Rate
from hotline.web.core.request_context import here
from hotline.web.map.drawing import SHADES, shades
from hotline.web.overview.filters import OverviewFilter

RATES = ("solve", "satisfied", "on_time")
BY = ("count", *RATES)


@dataclass(frozen=True)
class District:
    """code: NONE where nobody said. href: the same part of the overview. rates: as everywhere, with how many they stand on."""

    code: str
    name: str
    count: int
    share: float
    href: str
    rates: dict[str, Rate]


def districts(asked: OverviewFilter) -> list[District]:
    """Every district of the city, the fullest first; at the end what names none."""
    counts = demand.contacts_by(here.db, asked.question, "area")
    rates = counting.rates_by(here.db, asked.question, "area", RATES)
    whole = sum(counts.values()) or 1
    codes = sorted(here.city.areas, key=lambda code: (-counts.get(code, 0), code))
    found = [_district(asked, code, counts.get(code, 0), whole, rates.get(code, {})) for code in codes]
    unknown = sum(many for code, many in counts.items() if code not in here.city.areas)
    return [*found, _district(asked, NONE, unknown, whole, rates.get(None, {}))] if unknown else found


def shaded(found: list[District]) -> dict[str, int]:
    return shades({one.code: one.count for one in found if one.code != NONE})


def steps(found: list[District]) -> list[tuple[int, int, int]]:
    """The key of the map: (shade, from, to), without steps in which no number lies."""
    most = max((one.count for one in found if one.code != NONE), default=0)
    ends = [(n, (n - 1) * most // SHADES + 1, n * most // SHADES) for n in range(1, SHADES + 1)]
    return [(n, first, last) for n, first, last in ends if first <= last]


def _district(asked: OverviewFilter, code: str, count: int, whole: int, rates: dict[str, Rate]) -> District:
    name = here.city.area_name(code) if code != NONE else ""
    href = url_for("overview.show", **_same(asked), area=code)
    return District(code, name, count, count / whole, href, rates)


def _same(asked: OverviewFilter) -> dict[str, Any]:
    return {name: value for name, value in asked.exactly().items() if name != "area"}
