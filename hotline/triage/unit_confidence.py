"""How likely is it that this UNIT is right? A sure category sends nobody anywhere while the place is open or the rule guesses.

Category × place × rule. All likely categories that lead to the same unit speak for it; a category that a person typed is a
fact about the category, and no proof of the unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from classifier.suggestion import Suggestion
from hotline.city.schema import City
from routing.facts import Facts
from routing.rules import Decision, decide

STATED = 0.9
"""How often a category that somebody typed leads to the unit that the matter went to in the end."""

PLACE_OPEN = 0.5
"""The place is not known, and elsewhere another unit would have it."""

NO_RULE = 0.85
"""No rule of the catalogue spoke; the category's default lead was taken."""

LIKELY = 0.02
SURE_FROM = 0.6
"""Below this a suggestion is said to be unsure, with its names and without its numbers."""


def unit_confidence(
    city: City, said: Suggestion, facts: Facts, decision: Decision | None, *, stated: bool = False
) -> float:
    """The probability (0–1) that the proposed unit is the right one; 0 without a unit."""
    if decision is None or decision.lead is None:
        return 0.0
    category = STATED if stated else _for_the_unit(city, said, facts, decision.lead)
    place = 1.0 if place_decided(city, facts, decision) else PLACE_OPEN
    return category * place * (1.0 if decision.rule_id else NO_RULE)


def category_is_sure(said: Suggestion, category: str | None, stated: bool) -> bool:
    """Whether the category alone is more than a guess: typed by somebody, or likely enough."""
    return category is not None and (stated or (said.known and said.code == category and said.p >= SURE_FROM))


def place_decided(city: City, facts: Facts, decision: Decision) -> bool:
    """Whether the place is known, or would change nothing."""
    if facts.area:
        return True
    return all(
        decide(city.rules, replace(facts, area=area), city.directory).lead == decision.lead for area in city.areas
    )


def _for_the_unit(city: City, said: Suggestion, facts: Facts, unit: str) -> float:
    """The share of all likely categories that lead to this unit."""
    leads: Mapping[str, str | None] = {
        one.code: decide(city.rules, replace(facts, category=one.code), city.directory).lead
        for one in said.ranked
        if one.p >= LIKELY and one.code in city.categories
    }
    return min(1.0, sum(one.p for one in said.ranked if leads.get(one.code) == unit))
