"""What a question names that an article does not speak of.

A question about a neighbouring matter shares most of its words with an article and differs in what it names: the ticket of an aeroplane,
a divorce from a foreigner. So the nouns of its chief clause are looked for in the article; what else callers tell stands in other clauses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from classifier.text.words import cut, dictionary_kind, normalise
from hotline.knowledge.search.terms import (
    MEANING,
    PAIR,
    READ,
    SINGLE,
    WORD,
    Terms,
    meanings,
    number,
    said_by_meanings,
    terms_of,
    weights_of,
    without_politeness,
)

Rarity = Callable[[Terms], npt.NDArray[np.float64]]
CHIEF = 0.6
"""A clause that says so much of what the chief one says of the article is a chief one too."""

KNOWN = 0.5
"""A word of whose characters the article uses more than half is near enough."""

_CLAUSE = re.compile(r"[^\w\u3400-\u9fff]+")
_OTHER_NOUNS = frozenset(("vn", "j"))


def strange_nouns(text: str, held: frozenset[int], rarity: Rarity) -> float:
    """How much the question names that is not among these terms of an article: each noun by its rarity, 1 where nobody knows it."""
    unheard = float(rarity(np.array([number("", WORD)], dtype=np.uint32))[0])
    foreign = [
        (1 - _share_known(word, held)) * float(rarity(np.array([number(word, WORD)], dtype=np.uint32))[0]) / unheard
        for clause in _chief_clauses(normalise(text[:READ]), held, rarity)
        for word in _unsaid(clause, held)
        if _is_noun(word) and _share_known(word, held) <= KNOWN
    ]
    return sum(foreign)


def unmet_meanings(text: str, held: frozenset[int]) -> int:
    """Of how many things it speaks that the article does not speak of."""
    return sum(number(one, MEANING) not in held for one in meanings(normalise(text[:READ])))


def _chief_clauses(whole: str, held: frozenset[int], rarity: Rarity) -> list[str]:
    """Those that speak most of what the article speaks of."""
    clauses = [one for one in _CLAUSE.split(whole) if one]
    says = [_says(clause, held, rarity) for clause in clauses]
    return [clause for clause, much in zip(clauses, says, strict=True) if much >= CHIEF * max(says)]


def _says(clause: str, held: frozenset[int], rarity: Rarity) -> float:
    terms = terms_of(clause)
    known = np.array([term in held for term in terms.tolist()], dtype=bool)
    return float((rarity(terms) * weights_of(terms))[known].sum())


def _unsaid(clause: str, held: frozenset[int]) -> Iterator[str]:
    """The words of a clause that the article has neither as they are, nor in pieces, nor in other words."""
    meant = {sign for way in said_by_meanings(clause, held) for sign in way}
    for word in cut(without_politeness(clause)):
        pairs = [word[at : at + 2] for at in range(len(word) - 1)]
        pieces = all(number(pair, PAIR) in held for pair in pairs)
        if len(word) > 1 and number(word, WORD) not in held and not pieces and not set(word) <= meant:
            yield word


def _share_known(word: str, held: frozenset[int]) -> float:
    return sum(number(sign, SINGLE) in held for sign in word) / len(word)


def _is_noun(word: str) -> bool:
    kind = dictionary_kind(word)
    return kind[:1] == "n" or kind in _OTHER_NOUNS
