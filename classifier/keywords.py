"""The classifier that needs no training: a city's own words per category, so that day one already gets an answer.

It is also what answers when a trained model is broken or missing. It reads neither scikit-learn nor numpy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import exp, log

from . import cues
from .cues import READ
from .suggestion import Ranked, Suggestion
from .words import normalise

TEMPERATURE = 1.6
NOTHING = 1.2
OPENING = 30
KEPT = 12


class KeywordClassifier:
    """Ranks categories by the words they own.

    `lexicon` maps a category code to its words; a word with spaces ("拖欠 工资") speaks only when all its parts are
    there. A word weighs more the longer it is and the fewer categories share it. Words of a parent lift all its
    children a little. `parents` maps a code to its parent; by default the first two characters of a longer code.
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
        clean = normalise(text[:READ])
        hits = self._hits(clean)
        scores, spoke = self._scores(hits)
        ranked = _softmax(scores, spoke, self.temperature)
        kinds = cues.request_type(clean)
        level, urgent_words = cues.urgency(clean)
        return Suggestion(
            ranked=ranked[:KEPT],
            request_type=kinds[0].code,
            urgency=level,
            words=ranked[0].words if ranked else (),
            model=self.name,
            known=bool(ranked),
            level1=by_parent(ranked, self._parents),
            request_types=kinds,
            urgency_words=urgent_words,
            safety=cues.safety(clean),
        )

    def suggest_many(self, texts: Sequence[str]) -> list[Suggestion]:
        return [self.suggest(text) for text in texts]

    def _hits(self, text: str) -> dict[str, tuple[int, int]]:
        """Word: (how often, first position). At each place the longest word counts and swallows those inside it."""
        found: dict[str, tuple[int, int]] = {}
        starts, covered = self._starts, 0
        for at in range(len(text) - 1):
            for part in starts.get(text[at : at + 2], ()):
                end = at + len(part)
                if end > covered and text.startswith(part, at):
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
            if not all(part in hits for part in parts):
                continue
            count, first = min(hits[part] for part in parts)
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


def by_parent(ranked: Sequence[Ranked], parents: Mapping[str, str]) -> tuple[Ranked, ...]:
    """The same probabilities one level up, best first."""
    mass: dict[str, float] = {}
    words: dict[str, dict[str, None]] = {}
    for one in ranked:
        parent = parents.get(one.code) or one.code
        mass[parent] = mass.get(parent, 0.0) + one.p
        words.setdefault(parent, {}).update(dict.fromkeys(one.words))
    return tuple(
        Ranked(code, p, tuple(words[code])) for code, p in sorted(mass.items(), key=lambda item: (-item[1], item[0]))
    )


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


def _weight(word: str, sharing: int, categories: int) -> float:
    letters = len(word.replace(" ", ""))
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
