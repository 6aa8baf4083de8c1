"""Where a matter is: an address, a point, or both; and what is asked for near a point."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.tickets.points.told import ToldPoint, degrees
from routing.outlines import Point

_WRITTEN = re.compile(r"（(-?\d{1,3}\.\d+)，(-?\d{1,3}\.\d+)）$")
"""How a point was written into the address before tickets had a place for it."""

USUAL_RADIUS, LARGEST_RADIUS = 1000, 5000


@dataclass(frozen=True)
class Near:
    """radius: metres."""

    point: Point
    radius: int


def told_place(address: str, lat: str, long: str) -> tuple[str, ToldPoint | None]:
    """Raises Refusal where neither an address nor a point says where it is."""
    point = told_point(lat, long)
    if point is None and not address.strip():
        raise Refusal(_("请说明地点：address_string，或者 lat 和 long。"), field="address_string")
    return address.strip()[:300], point


def told_point(lat: str, long: str) -> ToldPoint | None:
    """Raises Refusal for what is no place on earth."""
    if not lat.strip() and not long.strip():
        return None
    try:
        return ToldPoint(degrees(lat, long), "outer")
    except Refusal:
        if _is_place(long, lat):
            raise Refusal(_("lat 和 long 好像写反了：lat 是纬度，long 是经度。"), field="lat") from None
        raise Refusal(_("lat 和 long 应当是度数，如 36.100120 和 114.392300。"), field="lat") from None


def _is_place(lat: str, long: str) -> bool:
    try:
        degrees(lat, long)
    except Refusal:
        return False
    return True


def wanted_near(args: Mapping[str, str]) -> Near | None:
    """lat, long and radius of a list that is asked for. Raises Refusal for what is no place, and for more than five kilometres."""
    told = told_point(args.get("lat", ""), args.get("long", ""))
    if told is None:
        return None
    radius = args.get("radius", "").strip() or str(USUAL_RADIUS)
    if not (radius.isascii() and radius.isdecimal() and len(radius) < 6 and 0 < int(radius) <= LARGEST_RADIUS):
        raise Refusal(_("radius 应当是 1 到 %(most)d 米。", most=LARGEST_RADIUS), field="radius")
    return Near(told.point, int(radius))


def parts_of(place: str | None) -> tuple[str, Point | None]:
    """The address of an earlier request, and the point that was written into it."""
    found = _WRITTEN.search(place or "")
    if found is None:
        return place or "", None
    return (place or "")[: found.start()], Point(float(found[1]), float(found[2]))
