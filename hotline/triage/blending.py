"""Two opinions into one while a city has few tickets of its own: the model's and the keyword rules'.

A model taught by starter texts alone is too sure of chance words; a keyword that owns a category corrects it. The
keywords' share fades with every own example and is gone when thresholds of the city's own begin to count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from classifier.category.keywords import KEPT
from classifier.suggestion import Ranked, Suggestion

FLOOR, MODEL_FLOOR = 0.003, 0.0003
"""What the keywords, and the model, grant to a category that they did not name: the model names what it thinks at all likely."""


def share_of_keywords(own: int, enough: int) -> float:
    """A half without own examples, nothing from `enough` on."""
    return 0.5 * max(0.0, 1 - own / enough)


def blended(model: Suggestion, keywords: Suggestion, share: float, parents: Mapping[str, str]) -> Suggestion:
    """The geometric mean of both, weighed by share; the words of both speak. Where only one knows anything, it answers."""
    if share <= 0 or not keywords.known:
        return model
    if not model.known:
        return asking_as(model, keywords)
    said = {one.code: max(one.p, MODEL_FLOOR) for one in model.ranked}
    told = {one.code: max(one.p, FLOOR) for one in keywords.ranked}
    odds = {
        code: said.get(code, MODEL_FLOOR) ** (1 - share) * told.get(code, FLOOR) ** share for code in {**said, **told}
    }
    whole = sum(odds.values()) + FLOOR
    best = sorted(odds, key=lambda code: (-odds[code], code))[:KEPT]
    words = _words(keywords, model)
    ranked = tuple(Ranked(code, odds[code] / whole, words.get(code, ())) for code in best)
    return replace(model, ranked=ranked, words=ranked[0].words, parents=parents)


def asking_as(model: Suggestion, keywords: Suggestion) -> Suggestion:
    """The keywords' categories where the model knows none; what the caller wants and how urgent it is, the model tells still."""
    return replace(
        keywords,
        request_type=model.request_type,
        request_types=model.request_types,
        urgency=model.urgency,
        urgency_words=model.urgency_words,
    )


def _words(first: Suggestion, then: Suggestion) -> dict[str, tuple[str, ...]]:
    """Code → the words that spoke for it, of both."""
    words: dict[str, tuple[str, ...]] = {}
    for one in (*first.ranked, *then.ranked):
        if one.words:
            words[one.code] = tuple(dict.fromkeys(words.get(one.code, ()) + one.words))
    return words
