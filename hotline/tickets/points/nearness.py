"""Two matters by their points: so near that it is one place, or too far apart to be one."""

from __future__ import annotations

from hotline.tickets.points.told import ToldPoint
from routing.outlines import metres

HERE, ELSEWHERE = 150, 2000
"""Metres: within the one people point at the same thing, beyond the other at two."""

MOST_DOUBT = 300
"""A point that may be off by more says nothing of what is near."""


def metres_between(one: ToldPoint | None, other: ToldPoint | None) -> float | None:
    """None where one of them is not known, or not exactly enough."""
    if one is None or other is None or max(one.accuracy or 0, other.accuracy or 0) > MOST_DOUBT:
        return None
    return metres(one.point, other.point)
