"""The map of a city: outlines of its districts, and where its towns are, as far as the city knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from routing.outlines import Point, inside, metres_to, middle, size


@dataclass(frozen=True)
class Outline:
    """areas: codes of the districts that the ground inside may belong to today, the likeliest first; mostly one."""

    areas: tuple[str, ...]
    ring: tuple[Point, ...]

    @property
    def area(self) -> str:
        """The district in whose name it is drawn."""
        return self.areas[0]


@dataclass(frozen=True)
class CityMap:
    """outlines: none in a city that brings no map; towns: of its towns, where it brings them, by their unit's code.
    points: towns by their unit's code. rough: by how many metres the outlines
    may be off: a point so close to another district may as well lie there. source, licence: of the outlines."""

    outlines: tuple[Outline, ...] = ()
    towns: tuple[Outline, ...] = ()
    points: Mapping[str, Point] = field(default_factory=dict)
    rough: float = 0.0
    source: str = ""
    licence: str = ""

    def __bool__(self) -> bool:
        return bool(self.outlines)

    def areas_at(self, point: Point, accuracy: float = 0.0) -> tuple[str, ...]:
        """The districts in which the point may lie, the likeliest first; none outside the city.

        accuracy: by how many metres the point itself may be off.
        """
        within = [one for one in self.outlines if inside(point, one.ring)]
        if not within:
            return ()
        reach = max(self.rough, accuracy)
        close = [one for one in self.outlines if one not in within and metres_to(point, one.ring) <= reach]
        found = [area for one in within for area in one.areas]
        return tuple(dict.fromkeys([*found, *(one.area for one in close)]))

    def area_at(self, point: Point, accuracy: float = 0.0) -> str | None:
        """The district of a point, where there is no doubt."""
        found = self.areas_at(point, accuracy)
        return found[0] if len(found) == 1 else None

    def holds(self, point: Point) -> bool:
        """Whether the point lies in the city, or hardly outside it."""
        return any(inside(point, one.ring) or metres_to(point, one.ring) <= self.rough for one in self.outlines)

    def about(self, area: str | None, town: str | None = None) -> Point | None:
        """Roughly where a town or district is: the town's own point, else the middle of the district."""
        return self.points.get(town or "") or self._middles.get(area or "")

    @cached_property
    def _middles(self) -> dict[str, Point]:
        """Of each district that is drawn, the middle of its largest outline."""
        return {one.area: middle(one.ring) for one in sorted(self.outlines, key=lambda one: size(one.ring))}
