"""Two opinions into one while a city has few tickets of its own: the model's and the keyword rules'.

A model taught by starter texts alone is too sure of chance words; a keyword that owns a category corrects it. The
keywords' share fades with every own example and is gone when thresholds of the city's own begin to count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from classifier.category.keywords import KEPT
from classifier.suggestion import Ranked, Suggestion

Odds = Mapping[str, float]
FIRST_SHARE = 0.4
FLOOR, MODEL_FLOOR = 0.003, 0.0003
"""What the keywords, and the model, grant to a category that they did not name: the model names what it thinks at all likely."""


def share_of_keywords(own: int, enough: int) -> float:
    """`FIRST_SHARE` without own examples, nothing from `enough` on."""
    return FIRST_SHARE * max(0.0, 1 - own / enough)


def blended(model: Suggestion, keywords: Suggestion, share: float, parents: Mapping[str, str]) -> Suggestion:
    """The geometric mean of both, weighed by share; the words of both speak. Where keywords know nothing, the model answers.

    They are first asked for the field, the parent of a category, then for the category in it: a keyword of a neighbouring
    category speaks for the field. A model that has seen few of the words still tells more with the keywords than they alone.
    """
    if share <= 0 or not keywords.known:
        return model
    share = share if model.known else max(share, FIRST_SHARE)
    said, told = ({one.code: one.p for one in voice.ranked} for voice in (model, keywords))
    fields = _mean(_by_field(said, parents), _by_field(told, parents), share)
    odds = _fields_first(_mean(said, told, share), fields, parents)
    whole = sum(odds.values()) + FLOOR
    best = sorted(odds, key=lambda code: (-odds[code], code))[:KEPT]
    words = _words(keywords, model)
    ranked = tuple(Ranked(code, odds[code] / whole, words.get(code, ())) for code in best)
    return replace(model, ranked=ranked, words=ranked[0].words, known=True, parents=parents)


def _mean(said: Odds, told: Odds, share: float) -> dict[str, float]:
    """Of what either names, the weighed geometric mean; what the other does not name has its floor there."""
    return {
        name: max(said.get(name, 0.0), MODEL_FLOOR) ** (1 - share) * max(told.get(name, 0.0), FLOOR) ** share
        for name in {**said, **told}
    }


def _by_field(odds: Odds, parents: Mapping[str, str]) -> dict[str, float]:
    """The mass of each field; a category without a parent is its own."""
    fields: defaultdict[str, float] = defaultdict(float)
    for code, p in odds.items():
        fields[parents.get(code) or code] += p
    return fields


def _fields_first(odds: Odds, fields: Odds, parents: Mapping[str, str]) -> dict[str, float]:
    """The mass of each field, shared out among its categories in proportion to their odds."""
    whole = _by_field(odds, parents)
    return {code: p * fields[field] / whole[field] for code, p in odds.items() for field in [parents.get(code) or code]}


def asking_as(model: Suggestion, keywords: Suggestion) -> Suggestion:
    """The keywords' categories where only they know any; what the caller wants and how urgent it is, the model tells still."""
    if not keywords.known:
        return model
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
