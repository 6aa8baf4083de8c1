"""Outlines as shapes of an SVG: which scale, where a point lies on it, and how deep a district is shaded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from hotline.city.map.schema import CityMap, Outline
from hotline.tickets.points.kept import CELLS, middle_of_cell
from hotline.tickets.points.told import ToldPoint
from routing.outlines import DEGREE, Point, middle, size

WIDTH = 1000
MARGIN = 12
SHADES = 5


@dataclass(frozen=True)
class Shape:
    """One outline. name: where its name stands, None for the smaller outlines of a district. areas: the districts it may belong to."""

    areas: tuple[str, ...]
    path: str
    name: tuple[float, float] | None

    @property
    def area(self) -> str:
        return self.areas[0]


@dataclass(frozen=True)
class Drawing:
    """north_west: the point at 0, 0. lon_step, lat_step: degrees of one unit to the right and downwards."""

    height: int
    north_west: Point
    lon_step: float
    lat_step: float
    shapes: tuple[Shape, ...] = ()
    towns: tuple[Shape, ...] = ()

    def at(self, point: Point) -> tuple[float, float]:
        """Where a point lies on the drawing."""
        right = (point.lon - self.north_west.lon) / self.lon_step
        return round(right, 1), round((self.north_west.lat - point.lat) / self.lat_step, 1)

    @property
    def south_east(self) -> Point:
        """The point at the far corner."""
        return Point(self.north_west.lat - self.height * self.lat_step, self.north_west.lon + WIDTH * self.lon_step)

    def box(self, one: Point, other: Point) -> Box:
        """The rectangle between two opposite corners."""
        (left, top), (right, bottom) = self.at(one), self.at(other)
        x, y = min(left, right), min(top, bottom)
        return Box(x, y, round(abs(right - left), 1), round(abs(bottom - top), 1))

    def units(self, metres: float) -> float:
        """How many units of the drawing a distance on the ground is."""
        return round(metres / DEGREE / self.lat_step, 1)


@dataclass(frozen=True)
class Box:
    """A rectangle on the drawing. href: of the picture that fills it."""

    x: float
    y: float
    width: float
    height: float
    href: str = ""


@dataclass(frozen=True)
class Dot:
    """A place marked on the drawing. reach: units around it within which it may lie. words: what it is."""

    x: float
    y: float
    reach: float
    words: str
    rough: bool = False


def drawing_of(city_map: CityMap) -> Drawing | None:
    """None for a city without a map."""
    return _drawn(city_map.outlines, city_map.towns) if city_map else None


@lru_cache(maxsize=8)
def _drawn(outlines: tuple[Outline, ...], towns: tuple[Outline, ...]) -> Drawing:
    corners = [corner for one in outlines for corner in one.ring]
    south, north = min(one.lat for one in corners), max(one.lat for one in corners)
    west, east = min(one.lon for one in corners), max(one.lon for one in corners)
    lon_step = (east - west or 1e-6) / (WIDTH - 2 * MARGIN)
    lat_step = lon_step * math.cos(math.radians((south + north) / 2))
    north_west = Point(north + MARGIN * lat_step, west - MARGIN * lon_step)
    drawn = Drawing(math.ceil((north - south) / lat_step) + 2 * MARGIN, north_west, lon_step, lat_step)
    largest = {one.area: one for one in sorted(outlines, key=lambda one: size(one.ring))}
    shapes = tuple(_shape(drawn, one, largest[one.area] is one) for one in outlines)
    return replace(drawn, shapes=shapes, towns=tuple(_shape(drawn, one, False) for one in towns))


def _shape(drawn: Drawing, outline: Outline, named: bool) -> Shape:
    corners = " ".join("{:g},{:g}".format(*drawn.at(corner)) for corner in outline.ring)
    return Shape(outline.areas, f"M{corners}Z", drawn.at(middle(outline.ring)) if named else None)


def dot_of(drawn: Drawing, told: ToldPoint, words: str, *, exactly: bool) -> Dot:
    """exactly: else the middle of its square of about a kilometre, for whoever has not lifted the mask of the address."""
    if exactly:
        return Dot(*drawn.at(told.point), drawn.units(told.accuracy or 0), words)
    return Dot(*drawn.at(middle_of_cell(told.point)), drawn.units(max(told.accuracy or 0, DEGREE / CELLS / 2)), words)


def shades(counts: Mapping[str, float]) -> dict[str, int]:
    """1 to SHADES for each district that has any, in equal steps up to the highest; 0 for none."""
    most = max(counts.values(), default=0)
    return {code: math.ceil(SHADES * many / most) if many else 0 for code, many in counts.items()}
