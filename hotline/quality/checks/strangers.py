"""Title and words that are about different matters: hardly a sign shared, and nothing that both may be about."""

from __future__ import annotations

import re
from math import sqrt

from classifier.suggestion import Ranked, Suggestion
from hotline.city.schema import City
from hotline.quality.checks.emptiness import without_places
from hotline.quality.checks.record import Fault, Record

_PAIRS, _SIGNS, _FIELD, _KIND = 9.0, 7.0, 2.0, 6.0
"""What a whole agreement weighs: of neighbouring signs, of single ones, of the first level and of the kind that each may be about."""

_NEAR = 1.4
"""Below it they are strangers: chosen by leaving out each of eleven writings and the public letters in turn."""

_PLAINLY = 0.85
_SHORTEST, _SAID = 4, 12
"""Of fewer signs in a title or in the words nothing can be told."""


def other_matter(city: City, record: Record, said: Suggestion, told: Suggestion) -> Fault | None:
    """said: of the words, told: of the title. The kind that was chosen speaks for the title, unless the words plainly tell of another."""
    title, body = (re.sub(r"[\W_]", "", without_places(one, city)) for one in (record.title, record.body))
    if len(title) < _SHORTEST or len(body) < _SAID or _chosen_for(record.category, told, said):
        return None
    near = _PAIRS * _shared(_pairs(title), body) + _SIGNS * _shared(set(title), body)
    near += _FIELD * _agree(told.level1, said.level1) + _KIND * _agree(told.ranked, said.ranked)
    return Fault("title", record.title) if near < _NEAR else None


def _chosen_for(category: str | None, told: Suggestion, said: Suggestion) -> bool:
    chosen, first = (category or "")[:2], said.level1[0] if said.level1 else None
    plainly_other = said.known and first is not None and first.p >= _PLAINLY and first.code != chosen
    return bool(chosen) and (told.code or "")[:2] == chosen and not plainly_other


def _pairs(title: str) -> set[str]:
    return {title[at : at + 2] for at in range(len(title) - 1)}


def _shared(parts: set[str], body: str) -> float:
    return sum(part in body for part in parts) / len(parts)


def _agree(some: tuple[Ranked, ...], others: tuple[Ranked, ...]) -> float:
    """1 where both are about the same with the same certainty, 0 where they have nothing in common."""
    p = {one.code: one.p for one in others}
    return sum(sqrt(one.p * p.get(one.code, 0.0)) for one in some)
