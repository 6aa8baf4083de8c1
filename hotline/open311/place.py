"""Where a matter is: an address, a point, or both, in the one field that a ticket has for it (and that is hidden at rest)."""

from __future__ import annotations

import re

from hotline.errors import Refusal
from hotline.i18n import _

_POINT = re.compile(r"（(-?\d{1,3}\.\d+)，(-?\d{1,3}\.\d+)）$")
Point = tuple[float, float]
"""Latitude and longitude in degrees, WGS 84."""


def told_place(address: str, lat: str, long: str) -> str:
    """Raises Refusal where neither an address nor a point says where it is."""
    point = _read(lat, long)
    if point is None and not address.strip():
        raise Refusal(_("请说明地点：address_string，或者 lat 和 long。"), field="address_string")
    return address.strip()[:260] + (f"（{point[0]:.6f}，{point[1]:.6f}）" if point else "")


def parts_of(place: str | None) -> tuple[str, Point | None]:
    """The address and the point of a place that was told by `told_place`."""
    found = _POINT.search(place or "")
    if found is None:
        return place or "", None
    return (place or "")[: found.start()], (float(found[1]), float(found[2]))


def _read(lat: str, long: str) -> Point | None:
    if not lat.strip() and not long.strip():
        return None
    try:
        point = float(lat), float(long)
    except ValueError:
        point = (999.0, 999.0)
    if not (abs(point[0]) <= 90 and abs(point[1]) <= 180):
        raise Refusal(_("lat 和 long 应当是度数，如 36.100120 和 114.392300。"), field="lat")
    return point
