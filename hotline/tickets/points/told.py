"""A point as it is told: read from a form or another system, refused where it is none of the city's."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import N_, _
from routing.outlines import Point

HOWS = {"phone": N_("手机定位"), "map": N_("在地图上点的"), "outer": N_("对方系统给的")}
"""How a point became known."""

LEAST_EXACT = 50_000
"""Metres; a telephone that knows its place less well than this knows nothing."""


@dataclass(frozen=True)
class ToldPoint:
    """accuracy: by how many metres it may be off, None when nobody said."""

    point: Point
    how: str
    accuracy: int | None = None


def read_told(written: str, how: str, accuracy: str = "") -> ToldPoint | None:
    """From a form: latitude and longitude with a blank between them. None where nothing was told. Raises Refusal."""
    if not written.strip():
        return None
    lat, _blank, lon = written.strip().partition(" ")
    return ToldPoint(degrees(lat, lon), how if how in HOWS else "map", _metres(accuracy))


def degrees(lat: str, lon: str) -> Point:
    """Raises Refusal for what is no place on earth."""
    try:
        point = Point(float(lat), float(lon))
    except ValueError:
        point = Point(999.0, 999.0)
    if not (abs(point.lat) <= 90 and abs(point.lon) <= 180):
        raise Refusal(_("经纬度应当是度数，如 36.100120 114.392300。"), field="point")
    return Point(round(point.lat, 6), round(point.lon, 6))


def in_the_city(city: City, told: ToldPoint) -> ToldPoint:
    """Raises Refusal for a point outside, where the city has a map that says so."""
    if city.map and not city.map.holds(told.point):
        raise Refusal(
            _("这个位置不在%(city)s范围内。请写明地点，或在地图上重新点一下。", city=city.title), field="point"
        )
    return told


def district_of(city: City, told: ToldPoint) -> str | None:
    """The district of a point where there is no doubt."""
    return city.map.area_at(told.point, told.accuracy or 0)


def districts_of(city: City, told: ToldPoint) -> tuple[str, ...]:
    """The districts in which the point may lie, the likeliest first."""
    return city.map.areas_at(told.point, told.accuracy or 0)


def _metres(written: str) -> int | None:
    try:
        metres = float(written)
    except ValueError:
        return None
    return round(metres) if 0 <= metres <= LEAST_EXACT else None
