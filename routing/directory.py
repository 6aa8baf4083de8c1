"""Who stands behind "the area's own bureau", "the area itself", "the category's default lead"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from routing.facts import Facts
from routing.said import N_, Said


class CategoryLead(NamedTuple):
    """unit: the city-level lead. in_area: who leads once the area is known ("bureau:<kind>", "area"; "" = the unit)."""

    unit: str
    in_area: str = ""


class ResolvedUnit(NamedTuple):
    """The unit a lead word stands for (None: nobody), and what a person should know about how it was found."""

    unit: str | None
    notes: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Directory:
    """areas: area → the area's unit. bureaus: (area, kind) → unit. departments: kind of bureau → city department.

    towns: codes of the town units. categories: each category's default lead.
    """

    categories: Mapping[str, CategoryLead] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    bureaus: Mapping[tuple[str, str], str] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    towns: frozenset[str] = frozenset()

    def find(self, lead: str, facts: Facts) -> ResolvedUnit:
        """lead: "unit:<code>", "bureau:<kind>", "area", "town" or "category"."""
        kind, _, name = lead.partition(":")
        if kind == "unit":
            return ResolvedUnit(name)
        if kind == "bureau":
            return self._bureau(name, facts)
        if kind == "town" and facts.town in self.towns:
            return ResolvedUnit(facts.town)
        if kind in ("area", "town"):
            return self._area(facts)
        return self._category(facts)

    def _bureau(self, kind: str, facts: Facts) -> ResolvedUnit:
        if not facts.area:
            return ResolvedUnit(self.departments.get(kind), (Said(N_("地点所属县区不明，先交市级主管部门")),))
        own = self.bureaus.get((facts.area, kind))
        if own:
            return ResolvedUnit(own, (Said(N_("属地办理：由所在县区的主管部门承办")),))
        return ResolvedUnit(self.areas.get(facts.area), (Said(N_("所在县区没有对应的主管部门，由县区承办")),))

    def _area(self, facts: Facts) -> ResolvedUnit:
        own = self.areas.get(facts.area or "")
        if own:
            return ResolvedUnit(own, (Said(N_("属地办理：由所在县区承办")),))
        default = self.categories.get(facts.category or "")
        return ResolvedUnit(default.unit if default else None, (Said(N_("地点所属县区不明，先交市级主管部门")),))

    def _category(self, facts: Facts) -> ResolvedUnit:
        default = self.categories.get(facts.category or "")
        if not default:
            return ResolvedUnit(None, (Said(N_("类别未定，由派单员确定承办单位")),))
        if default.in_area and facts.area:
            return self.find(default.in_area, facts)
        notes = (Said(N_("地点所属县区不明，先交市级主管部门")),) if default.in_area else ()
        return ResolvedUnit(default.unit, notes)
