"""Where matters come from: the districts shaded by how many of a period, the squares in which points lie, and the figures as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from hotline.metrics import counting, demand
from hotline.metrics.question import NONE
from hotline.metrics.rates import Rate
from hotline.tickets.points import kept
from hotline.web.core.request_context import here
from hotline.web.map.drawing import SHADES, Drawing, shades
from hotline.web.map.words import drawn
from hotline.web.overview.filters import OverviewFilter

RATES = ("solve", "satisfied", "on_time")
BY = ("count", *RATES)


MOST_SQUARES, NAMED_SQUARES = 400, 8
"""Drawn, and named below the map: the fullest."""


@dataclass(frozen=True)
class Square:
    """A square of about a kilometre. x, y: its middle on the drawing; heat: 1 to SHADES. name: what lies there; href: its tickets."""

    x: float
    y: float
    heat: int
    count: int
    name: str
    href: str


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


def squares(asked: OverviewFilter) -> list[Square]:
    """The fullest squares of the period, the fullest first; none for a city without a map."""
    map_of_city = drawn()
    if map_of_city is None:
        return []
    counts = demand.points_by_square(here.db, asked.question, MOST_SQUARES)
    heat = shades({str(cell): many for cell, many in counts.items()})
    return [_square(asked, map_of_city, cell, many, heat[str(cell)]) for cell, many in counts.items()]


def _square(asked: OverviewFilter, on: Drawing, cell: tuple[int, int], many: int, heat: int) -> Square:
    middle = kept.middle_of(cell)
    names = [here.city.area_name(code) for code in here.city.map.areas_at(middle)]
    about = f"{middle.lat:.3f} {middle.lon:.3f}"
    sought: dict[str, Any] = {"within": f"{about} {about}", "from": asked.first_day, "to": asked.last_day}
    sought |= {name: asked.part[name] for name in ("category", "channel", "area") if asked.part.get(name, NONE) != NONE}
    href = url_for("search.show", **sought)
    return Square(*on.at(middle), heat, many, " ".join(filter(None, ("/".join(names), about))), href)


def _district(asked: OverviewFilter, code: str, count: int, whole: int, rates: dict[str, Rate]) -> District:
    name = here.city.area_name(code) if code != NONE else ""
    href = url_for("overview.show", **_same(asked), area=code)
    return District(code, name, count, count / whole, href, rates)


def _same(asked: OverviewFilter) -> dict[str, Any]:
    return {name: value for name, value in asked.exactly().items() if name != "area"}
