"""From a point to places: inside which outlines it lies, how far two points are apart, and where the middle of an outline is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

DEGREE = 111_195.0
"""Metres of one degree along a meridian, on a sphere of the mean radius of the earth (6,371,009 m)."""


class Point(NamedTuple):
    """Degrees, WGS 84."""

    lat: float
    lon: float


Ring = Sequence[Point]
"""The corners of an outline in order; the last is joined to the first."""


def inside(point: Point, ring: Ring) -> bool:
    """Whether a line from the point to the east crosses the outline an odd number of times."""
    crossed = False
    for a, b in _sides(ring):
        if (a.lat > point.lat) != (b.lat > point.lat):
            crosses_at = a.lon + (point.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon)
            crossed ^= point.lon < crosses_at
    return crossed


def metres(a: Point, b: Point) -> float:
    """The distance on the ground; good for the size of a city, where the earth is flat enough."""
    east, north = _from(a, b)
    return math.hypot(east, north)


def metres_to(point: Point, ring: Ring) -> float:
    """How far the outline itself is from the point, from inside as well as from outside."""
    return min(_metres_to_side(_from(point, a), _from(point, b)) for a, b in _sides(ring))


def middle(ring: Ring) -> Point:
    """The centre of the area inside (its centroid)."""
    first = ring[0]
    shifted = [Point(one.lat - first.lat, one.lon - first.lon) for one in ring]
    parts = [(a.lon * b.lat - b.lon * a.lat, a, b) for a, b in _sides(shifted)]
    whole = 3 * sum(cross for cross, _a, _b in parts)
    if not whole:
        return first
    lat = sum(cross * (a.lat + b.lat) for cross, a, b in parts) / whole
    lon = sum(cross * (a.lon + b.lon) for cross, a, b in parts) / whole
    return Point(first.lat + lat, first.lon + lon)


def size(ring: Ring) -> float:
    """The area inside, in square degrees: to compare outlines of one city."""
    return abs(sum(a.lon * b.lat - b.lon * a.lat for a, b in _sides(ring))) / 2


def _sides(ring: Ring) -> Iterator[tuple[Point, Point]]:
    return pairwise((*ring, ring[0]))


def _from(here: Point, there: Point) -> tuple[float, float]:
    """Metres to the east and to the north."""
    east = (there.lon - here.lon) * math.cos(math.radians((here.lat + there.lat) / 2))
    return east * DEGREE, (there.lat - here.lat) * DEGREE


def _metres_to_side(a: tuple[float, float], b: tuple[float, float]) -> float:
    """From the origin to the line between two points."""
    along = (b[0] - a[0], b[1] - a[1])
    length = along[0] ** 2 + along[1] ** 2
    part = max(0.0, min(1.0, -(a[0] * along[0] + a[1] * along[1]) / length)) if length else 0.0
    return math.hypot(a[0] + part * along[0], a[1] + part * along[1])
