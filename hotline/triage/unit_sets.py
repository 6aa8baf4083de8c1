"""Which units could be the right one, so many of them that the right one is among them as often as the city says.

Every likely category is routed; where the district is open, through every district. The floor below which a unit drops out
is counted each night off decided tickets (`hotline.training.unit_sets`); before there are enough nothing is promised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from classifier.category.conformal import Odds, answers_above, floor_of
from classifier.suggestion import Classifier, Suggestion
from hotline.city.schema import City
from hotline.i18n import N_, _
from hotline.triage.active_classifier import ActiveClassifier
from hotline.triage.unit_confidence import STATED, SURE_FROM, place_decided
from routing.facts import Facts
from routing.rules import Decision, decide

KINDS = {"read": N_("类别由模型读出"), "typed": N_("类别由人选定"), "open": N_("区县未定"), "": N_("其余")}
"""Kinds of proposals that are right in different ways, each with a floor of its own."""

LEAST = 0.002
"""A category less likely than this is not routed."""

FEWEST = 100
"""With fewer decided tickets of a kind no floor is counted."""

NAMED = 3
"""More units than these help nobody: what is missing is asked for instead."""


@dataclass(frozen=True)
class UnitSet:
    """units: the set, the likeliest first. stated: the share (0–1) of such sets that hold the right unit."""

    units: tuple[str, ...]
    stated: float

    def words(self, city: City) -> str:
        """The sentence that stands with the proposal; empty where there are too many to name."""
        if len(self.units) > NAMED:
            return ""
        return _(SAID[len(self.units)], units=_("、").join(map(city.unit_name, self.units)), n=round(100 * self.stated))


SAID = {
    1: N_("只会是%(units)s（这样说，100 次里 %(n)s 次对）"),
    2: N_("是这两家之一：%(units)s（100 次里 %(n)s 次有对的一家）"),
    3: N_("是这三家之一：%(units)s（100 次里 %(n)s 次有对的一家）"),
}
"""How a set is told, by how many units it holds."""


def unit_odds(city: City, said: Suggestion, facts: Facts, *, stated: bool) -> Odds:
    """(unit, probability), the likeliest first. stated: somebody typed the category, which mostly holds."""
    mass: defaultdict[str, float] = defaultdict(float)
    for category, p in _categories(city, said, facts, stated).items():
        leads = _leads(city, replace(facts, category=category)) if p >= LEAST else []
        for lead in leads:
            mass[lead] += p / len(leads)
    return sorted(((unit, round(p, 5)) for unit, p in mass.items()), key=lambda one: (-one[1], one[0]))


def kind_of(city: City, facts: Facts, decision: Decision | None, *, stated: bool) -> str:
    """A key of KINDS."""
    if decision is not None and not place_decided(city, facts, decision):
        return "open"
    return "typed" if stated else "read"


def set_of(classifier: Classifier, odds: Odds, kind: str) -> UnitSet | None:
    """None while nothing can be promised: no model, too few decided tickets of this kind, or no unit that is likely enough.

    Nor is one unit alone named that is unsure itself: beside "not sure" a "this one only" would be believed.
    """
    found = floor_of(classifier.floors(), kind) if isinstance(classifier, ActiveClassifier) else None
    units = answers_above(odds, found.p) if found and found.p else ()
    lonely = len(units) == 1 and odds[0][1] < SURE_FROM
    return UnitSet(units, found.stated) if found and units and not lonely else None


def kept(odds: Odds, kind: str, found: UnitSet | None) -> dict[str, Any]:
    """As the proposal keeps it."""
    return {
        "kind": kind,
        "odds": [list(one) for one in odds],
        "set": list(found.units) if found else None,
        "stated": found.stated if found else None,
    }


def set_kept(units: Mapping[str, Any]) -> UnitSet | None:
    """The set as it was proposed."""
    return UnitSet(tuple(units["set"]), float(units["stated"])) if units.get("set") else None


def _categories(city: City, said: Suggestion, facts: Facts, stated: bool) -> dict[str, float]:
    named = {one.code: one.p for one in said.ranked if one.code in city.categories}
    if not stated or facts.category is None:
        return named
    rest = sum(p for code, p in named.items() if code != facts.category) or 1.0
    others = {code: p * (1 - STATED) / rest for code, p in named.items() if code != facts.category}
    return {facts.category: STATED, **others}


def _leads(city: City, facts: Facts) -> list[str]:
    """Where it goes; with an open district once for the city and once for each of them."""
    areas = [facts.area] if facts.area else [None, *city.areas]
    ways = [decide(city.rules, replace(facts, area=area), city.directory) for area in areas]
    return [way.lead for way in ways if way.lead]
