"""Which of many patterns could be found in a text at all, told by the words one of which each of them needs.

Most patterns wait for words that a text does not have: reading it for each of them is the greatest part of an answer's
cost. Here the pairs of characters of a text are looked at once. What is let through is read as before, so nothing changes but the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import add

Words = frozenset[str]
Way = tuple[Words, ...]
"""One way in which a pattern can be found: of each of these sets one word stands in the text."""
Waking = tuple[str, int, tuple[Words, ...]]
"""A word, the number of the pattern that it may wake, and pairs of which one of each set stands in the text too."""

MOST_WORDS, MOST_WAYS, ASKED = 3_000, 40, 3
"""So many words or ways are told apart while a pattern is read; so many sets of each way are asked for."""
NOTHING: Words = frozenset({""})

_TOKEN = re.compile(
    r"(?P<look>\(\?<?[=!])|(?P<open>\((?:\?:|\?P<\w+>)?)|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<nowhere>\^|\$|\\b)|(?P<set>\[(?:\\.|[^\]\\])+\])|(?P<any>\.|\\[dDwWsS])|(?P<sign>\\.|[^\\])",
    re.S,
)
_OFTEN = re.compile(r"(?:([*+?])|\{(\d*)(,?)(\d*)\})\??")


class Prefilter:
    """Over patterns without flags; a pattern for which nothing is needed is always let through. Patterns are read at the first question."""

    def __init__(self, patterns: Sequence[str]):
        self._patterns = patterns

    def possible(self, text: str) -> list[int]:
        """The numbers of the patterns that could be found, in their order."""
        pieces, (free, waking, heads) = pieces_of(text), self._index
        found = set(free)
        for head in heads & pieces:
            for word, number, rest in waking[head]:
                if number not in found and word in text and not any(map(pieces.isdisjoint, rest)):
                    found.add(number)
        return sorted(found)

    @cached_property
    def _index(self) -> tuple[Set[int], Mapping[str, list[Waking]], Set[str]]:
        """What is always let through; what each word's first two signs may wake; and those first signs."""
        free: set[int] = set()
        waking: dict[str, list[Waking]] = {}
        for number, pattern in enumerate(self._patterns):
            for way in needed(pattern):
                if not way:
                    free.add(number)
                    continue
                rarest, *others = way
                rest = tuple(frozenset(word[:2] for word in words) for words in others)
                for word in rarest:
                    waking.setdefault(word[:2], []).append((word, number, rest))
        return free, waking, frozenset(waking)


@lru_cache(maxsize=4)
def pieces_of(text: str) -> Set[str]:
    """The characters of a text and its pairs of neighbours; the last ones are kept for all who ask about one text."""
    pieces = set(map(add, text, text[1:]))
    pieces.update(text)
    return pieces


def needed(pattern: str) -> list[Way]:
    """The ways in which a pattern can be found, of each way the `ASKED` sets that say most; look-arounds are not asked."""
    return [tuple(sorted(way, key=_often)[:ASKED]) for way in _either(pattern, 0)[0].all_ways()]


def _often(words: Words) -> float:
    """How readily a text has one of these words: a single character stands in many texts, a pair in few."""
    return sum((0, 30, 1, 0.3)[min(len(word), 3)] for word in words)


@dataclass
class _Read:
    """What is known of a stretch of a pattern: the ways so far, and the words that may stand right before its end."""

    ways: list[Way] = field(default_factory=lambda: [()])
    last: Words = NOTHING
    whole: bool = True
    """Whether it is nothing but these words."""

    def then(self, words: Words) -> None:
        """These words follow directly."""
        if len(self.last) * len(words) > MOST_WORDS:
            self.gap()
        self.last = frozenset(one + other for one in self.last for other in words)

    def gap(self, ways: Sequence[Way] = ((),)) -> None:
        """Something follows that is found in one of these ways, wherever it begins and ends."""
        told = [(self.last,)] if "" not in self.last else [()]
        if len(self.ways) * len(ways) > MOST_WAYS:
            ways = [_one_of(ways)]
        self.ways = [(*way, *own, *other) for way in self.ways for own in told for other in ways]
        self.last, self.whole = NOTHING, False

    def all_ways(self) -> list[Way]:
        told = () if "" in self.last else (self.last,)
        return [(*way, *told) for way in self.ways]


def _one_of(ways: Iterable[Way]) -> Way:
    """One set for many ways: what each of them most surely needs; none when one needs nothing."""
    best = [min(way, key=_often, default=NOTHING) for way in ways]
    return () if NOTHING in best else (frozenset().union(*best),)


def _either(pattern: str, at: int) -> tuple[_Read, int]:
    """Reads alternatives up to the bracket that closes them; what it learnt, and where the pattern goes on."""
    branches = [_Read()]
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        assert token is not None
        at = token.end()
        if token.lastgroup == "close":
            break
        if token.lastgroup == "bar":
            branches.append(_Read())
        else:
            at = _take(branches[-1], token, pattern, at)
    return _joined(branches), at


def _take(read: _Read, token: re.Match[str], pattern: str, at: int) -> int:
    """Adds what one token says, as often as it may stand there; where the pattern goes on."""
    inner, at = _meaning(token, pattern, at)
    least, most = 1, 1
    if (often := _OFTEN.match(pattern, at)) and token.lastgroup not in ("look", "nowhere"):
        at = often.end()
        least, most = _times(often)
    if inner.whole and most == 1:
        read.then(inner.last | NOTHING if least == 0 else inner.last)
    elif inner.whole and least:
        read.then(inner.last)
        read.gap()
    else:
        read.gap(inner.all_ways() if least else ((),))
    return at


def _times(often: re.Match[str]) -> tuple[int, int]:
    """How often at least and at most; 2 stands for more."""
    if often[1]:
        return (int(often[1] == "+"), 1 if often[1] == "?" else 2)
    least = int(often[2] or 0)
    return min(least, 1), min(2, int(often[4] or 2)) if often[3] else least


def _meaning(token: re.Match[str], pattern: str, at: int) -> tuple[_Read, int]:
    kind, sign = token.lastgroup, token[0]
    if kind == "look":
        return _Read(), _either(pattern, at)[1]
    if kind == "open":
        return _either(pattern, at)
    if kind == "nowhere":
        return _Read(), at
    signs = _signs(sign) if kind == "set" else None if kind == "any" else frozenset({sign[-1]})
    return (_Read(last=signs) if signs else _Read(whole=False)), at


def _signs(written: str) -> Words | None:
    """The signs of a set in square brackets; None where it names them by what they are not, or by a range or class."""
    inside = written[1:-1]
    if inside[0] == "^" or re.search(r"\\[dDwWsS]|.-.", inside):
        return None
    return frozenset(inside.replace("\\", ""))


def _joined(branches: Sequence[_Read]) -> _Read:
    if all(branch.whole for branch in branches):
        return _Read(last=frozenset().union(*(branch.last for branch in branches)))
    return _Read([way for branch in branches for way in branch.all_ways()], whole=False)
