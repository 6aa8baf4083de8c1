"""Two opinions into one while a city has few tickets of its own: the model's and the keyword rules'.

A model taught by starter texts alone is too sure of chance words; a keyword that owns a category corrects it. The
keywords' share fades with every own example and is gone when thresholds of the city's own begin to count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from classifier.keywords import KEPT, by_parent
from classifier.suggestion import Ranked, Suggestion

FLOOR = 0.003
"""What an opinion grants to a category that it did not name."""


def share_of_keywords(own: int, enough: int) -> float:
    """A half without own examples, nothing from `enough` on."""
    return 0.5 * max(0.0, 1 - own / enough)


def blended(model: Suggestion, keywords: Suggestion, share: float, parents: Mapping[str, str]) -> Suggestion:
    """The geometric mean of both, weighed by share; the words of both speak. Where only one knows anything, it answers."""
    if share <= 0 or not keywords.known:
        return model
    if not model.known:
        return keywords
    said, told = ({one.code: one for one in each.ranked} for each in (model, keywords))
    odds = {code: _p(said, code) ** (1 - share) * _p(told, code) ** share for code in {**said, **told}}
    whole = sum(odds.values()) + FLOOR
    best = sorted(odds, key=lambda code: (-odds[code], code))[:KEPT]
    ranked = tuple(Ranked(code, odds[code] / whole, _words(told, said, code)) for code in best)
    return replace(model, ranked=ranked, words=ranked[0].words, level1=by_parent(ranked, parents))


def _p(ranked: Mapping[str, Ranked], code: str) -> float:
    return max(ranked[code].p, FLOOR) if code in ranked else FLOOR


def _words(first: Mapping[str, Ranked], then: Mapping[str, Ranked], code: str) -> tuple[str, ...]:
    words = [word for each in (first, then) if code in each for word in each[code].words]
    return tuple(dict.fromkeys(words))
