"""Which texts can hold a match of some pattern at all, told by the writings of which every match must hold one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product
from re import _parser  # type: ignore[attr-defined]  # the one place that knows what a pattern is made of
from typing import Any

from classifier.text.char_ngrams import Words

MOST = 300
"""A part of a pattern that can be written in more ways is taken as one that could be anything."""

Writings = frozenset[str]
NOTHING: Writings = frozenset([""])


class Prefilter:
    """Lets through every text in which one of `patterns` is found, and few others."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]):
        writings = sorted({writing for pattern in patterns for writing in needed(pattern.pattern)})
        self._letters = [writing for writing in writings if len(writing) == 1]
        self._starts: dict[str, tuple[str, ...]] = {}
        for writing in (writing for writing in writings if len(writing) > 1):
            self._starts[writing[:2]] = (*self._starts.get(writing[:2], ()), writing)
        self._words = Words(word for word in writings if len(word) > 1)

    def lets_through(self, texts: Sequence[str]) -> list[bool]:
        return [self._holds(*one) for one in zip(texts, self._words.places(texts), strict=True)]

    def _holds(self, text: str, places: Iterable[int]) -> bool:
        starts = self._starts
        return any(letter in text for letter in self._letters) or any(
            text.startswith(starts.get(text[at : at + 2], ()), at) for at in places
        )


def needed(pattern: str) -> Writings:
    """Writings of which each match holds at least one; ValueError when there are none such."""
    found = _needed(_parser.parse(pattern))
    if not found:
        raise ValueError(f"nothing is certain to stand in a match of {pattern}")
    return found


def _needed(items: Iterable[Any]) -> Writings | None:
    """The best of the stretches that are certain to be there: the longest, then the one with the fewest writings."""
    stretches, here = [], NOTHING
    for item in items:
        ways = _ways(item)
        joined = frozenset(map("".join, product(here, ways))) if ways and len(here) * len(ways) <= MOST else None
        if joined is None:
            stretches += [here, _inside(item) or NOTHING]
        here = joined or ways or NOTHING
    best = max([*stretches, here], key=lambda one: (min(map(len, one)), -len(one)))
    return None if "" in best else best


def _inside(item: Any) -> Writings | None:
    """What a part that can be written in endless ways must hold."""
    kind, told = str(item[0]), item[1]
    if kind == "SUBPATTERN":
        return _needed(told[3])
    if kind == "MAX_REPEAT" and told[0]:
        return _needed(told[2])
    if kind == "BRANCH":
        found = [_needed(each) for each in told[1]]
        return frozenset[str]().union(*filter(None, found)) if all(found) else None
    return None


def _ways(item: Any) -> Writings | None:
    """All ways to write one part of a pattern; None when they are too many, or none is said."""
    kind, told = str(item[0]), item[1]
    if kind == "LITERAL":
        return frozenset([chr(told)])
    if kind == "IN":
        return frozenset(chr(sign) for _, sign in told) if all(str(one) == "LITERAL" for one, _ in told) else None
    if kind == "SUBPATTERN":
        return _all_ways(told[3])
    if kind == "BRANCH":
        found = [_all_ways(each) for each in told[1]]
        return _few(frozenset[str]().union(*filter(None, found))) if all(found) else None
    if kind == "MAX_REPEAT" and told[1] <= 2 and (once := _all_ways(told[2])):
        return _few(
            frozenset("".join(each) for times in range(told[0], told[1] + 1) for each in product(once, repeat=times))
        )
    return None


def _all_ways(items: Iterable[Any]) -> Writings | None:
    found = [_ways(item) for item in items]
    if not all(found):
        return None
    size = 1
    for ways in found:
        size *= len(ways or ())
    return frozenset(map("".join, product(*filter(None, found)))) if size <= MOST else None


def _few(ways: Writings) -> Writings | None:
    return ways if len(ways) <= MOST else None
