"""The classifier that needs no training: a city's own words per category, so that day one already gets an answer.

It is also what answers when a trained model is broken or missing. It reads no scikit-learn, and numpy only
for many texts at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import exp, log
from typing import TYPE_CHECKING

from classifier.suggestion import Ranked, Suggestion
from classifier.text.cue_reading import Heard, hear, hear_many
from classifier.text.cues import READ
from classifier.text.matter import matter
from classifier.text.words import normalise, normalise_many

if TYPE_CHECKING:
    from classifier.text.char_ngrams import Words

TEMPERATURE = 1.6
NOTHING = 1.2
OPENING = 30
KEPT = 12


class KeywordClassifier:
    """Ranks categories by the words they own.

    `lexicon` maps a category code to its words; a word with spaces ("拖欠 工资") speaks only when all its parts are
    there. A word in Latin letters must stand alone ("gas" is not in "gasp"), a plural s is let through. A word weighs
    more the longer it is and the fewer categories share it. Words of a parent lift all its children a little.
    `parents` maps a code to its parent; by default the first two characters of a longer code.
    """

    def __init__(
        self,
        lexicon: Mapping[str, Sequence[str]],
        parents: Mapping[str, str] | None = None,
        name: str = "keywords",
        temperature: float = TEMPERATURE,
    ):
        self.name = name
        self.temperature = temperature
        self._parents = {code: (parents or {}).get(code, code[:2] if len(code) > 2 else "") for code in lexicon}
        self._children = _children(self._parents)
        self._owners, self._parts = _owners(lexicon)
        self._weights = {word: _weight(word, len(codes), len(lexicon)) for word, codes in self._owners.items()}
        self._with = _by_part(self._parts)
        self._starts = _starts(self._with)

    def suggest(self, text: str) -> Suggestion:
        """At most `KEPT` categories; the mass missing from 1 says how likely none of them is right."""
        clean = normalise(matter(text[:READ]))
        return self._said(clean, range(len(clean) - 1), hear(clean))

    def suggest_many(self, texts: Sequence[str]) -> list[Suggestion]:
        """What each alone would get; where a word may begin is found for all at once."""
        clean = normalise_many(matter(text[:READ]) for text in texts)
        return [
            self._said(*one) for one in zip(clean, self._start_positions.places(clean), hear_many(clean), strict=True)
        ]

    def _said(self, clean: str, places: Iterable[int], told: Heard) -> Suggestion:
        scores, spoke = self._scores(self._hits(clean, places))
        ranked = _softmax(scores, spoke, self.temperature)
        return Suggestion(
            ranked=ranked[:KEPT],
            request_type=told.request_types[0].code,
            urgency=told.urgency,
            words=ranked[0].words if ranked else (),
            model=self.name,
            known=bool(ranked),
            parents=self._parents,
            request_types=told.request_types,
            urgency_words=told.urgency_words,
            safety=told.safety,
        )

    @cached_property
    def _start_positions(self) -> Words:
        from classifier.text.char_ngrams import Words

        return Words(self._with)

    def _hits(self, text: str, places: Iterable[int]) -> dict[str, tuple[int, int]]:
        """Word: (how often, first position). At each place the longest word counts and swallows those inside it."""
        found: dict[str, tuple[int, int]] = {}
        starts, covered = self._starts, 0
        for at in places:
            for part in starts.get(text[at : at + 2], ()):
                end = at + len(part)
                if end > covered and text.startswith(part, at) and _stands_alone(text, at, end):
                    count, first = found.get(part, (0, at))
                    found[part] = (count + 1, first)
                    covered = end
                    break
        return found

    def _scores(self, hits: Mapping[str, tuple[int, int]]) -> tuple[dict[str, float], dict[str, list[str]]]:
        scores: defaultdict[str, float] = defaultdict(float)
        spoke: dict[str, list[str]] = {}
        for word in sorted({word for part in hits for word in self._with[part]}):
            parts = self._parts[word]
            if len(parts) > 1 and not all(part in hits for part in parts):
                continue
            count, first = hits[word] if len(parts) == 1 else min(hits[part] for part in parts)
            score = self._weights[word] * (1 + 0.35 * log(count)) * (1.4 if first < OPENING else 1.0)
            for code in self._owners[word]:
                scores[code] += score
                spoke.setdefault(code, []).append(word)
        self._lift(scores, spoke)
        return dict(scores), spoke

    def _lift(self, scores: dict[str, float], spoke: dict[str, list[str]]) -> None:
        """A parent's words speak for its children: fully for none, a third for each that has a word of its own."""
        for parent in [code for code in scores if code in self._children]:
            heard = [child for child in self._children[parent] if child in scores]
            for child in heard or self._children[parent]:
                scores[child] += scores[parent] / (3 if heard else 6)
                spoke.setdefault(child, []).extend(spoke[parent])
            del scores[parent]


def _softmax(scores: Mapping[str, float], spoke: Mapping[str, list[str]], temperature: float) -> tuple[Ranked, ...]:
    if not scores:
        return ()
    top = max(scores.values())
    odds = {code: exp((score - top) / temperature) for code, score in scores.items()}
    total = sum(odds.values()) + exp((NOTHING - top) / temperature)
    ranked = [Ranked(code, odd / total, tuple(dict.fromkeys(spoke[code]))) for code, odd in odds.items()]
    return tuple(sorted(ranked, key=lambda one: (-one.p, one.code)))


def _owners(lexicon: Mapping[str, Sequence[str]]) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Word → codes that own it, word → its parts; in normalised writing."""
    owners: dict[str, dict[str, None]] = {}
    parts: dict[str, tuple[str, ...]] = {}
    for code, words in lexicon.items():
        for word in words:
            pieces = tuple(piece for piece in map(normalise, word.split()) if len(piece) > 1)
            if pieces:
                owners.setdefault(" ".join(pieces), {})[code] = None
                parts[" ".join(pieces)] = pieces
    return {word: tuple(codes) for word, codes in owners.items()}, parts


def _stands_alone(text: str, at: int, end: int) -> bool:
    """Whether text[at:end] is no piece of a longer word in Latin letters. Chinese words need no gap beside them."""
    if _is_latin(text[at]) and _is_latin(text[at - 1 : at]):
        return False
    if not _is_latin(text[end - 1]):
        return True
    rest = text[end : end + 2].removeprefix("s")
    return not _is_latin(rest[:1])


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()


def _weight(word: str, sharing: int, categories: int) -> float:
    """Each Latin word counts as much as a Chinese word of two characters."""
    letters = sum(2 if part.isascii() else len(part) for part in word.split())
    return log(1 + categories / sharing) / log(1 + categories) * (0.9 + 0.45 * min(letters, 8))


def _children(parents: Mapping[str, str]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for code, parent in parents.items():
        if parent and parent in parents:
            children.setdefault(parent, []).append(code)
    return children


def _by_part(parts: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    words: dict[str, dict[str, None]] = {}
    for word, pieces in parts.items():
        for piece in pieces:
            words.setdefault(piece, {})[word] = None
    return {piece: tuple(found) for piece, found in words.items()}


def _starts(parts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """First two characters → the words that begin so, longest first."""
    starts: dict[str, list[str]] = {}
    for part in sorted(set(parts), key=lambda part: (-len(part), part)):
        starts.setdefault(part[:2], []).append(part)
    return {head: tuple(found) for head, found in starts.items()}
