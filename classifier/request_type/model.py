"""What a caller wants and how urgent it is, from a small trained model that has heard what the cue words say.

How people ask is told by small words, and by how their sentences begin and end: those weigh most here. What a matter is
about hardly counts. The model only ever adds urgency: what a cue of danger raised stays raised, and why a person must be
rung is read from the cues alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack

from classifier.category.calibrate import Floats, Ints, spread
from classifier.category.pipeline import LinearScorer, Parts
from classifier.suggestion import URGENCIES, Ranked
from classifier.text.cue_reading import Heard, hear_many

Numbers = npt.NDArray[np.integer]
CUED = ("consult", "help", "complaint", "report", "suggestion", "praise")
RUNG = ("danger", "outage", "self_harm", "informant", "group")
"""The reasons a model hears of, in the order of its columns; a hazard counts for it as a danger."""

FIRST, LAST, WORDS = 100, 60, 100
"""Of a long text only the beginning and the end are read, where people say what they want."""

SHAPE, CUES = 2.0, 0.4
"""How much the shape of the sentences and the cues weigh beside the words, and beside the pairs of characters."""

TELLING = 4
BITS = 18
EDGE = 1
_BREAKS = np.zeros(1 << 16, dtype=bool)
_BREAKS[[ord(sign) for sign in " ,。.!?;:、\n"]] = True


@dataclass(frozen=True)
class Head:
    """One of the two questions: its answers, and the share of labels that no reading explains (see `calibrate.Calibration`)."""

    labels: tuple[str, ...]
    noise: float = 0.0

    def probabilities(self, scores: Floats) -> Floats:
        return spread(scores, self.noise)


@dataclass
class CueVectorizer:
    """What the model listens for: words by name, pieces of writing by their hash, each with its number.

    All weigh alike, however rare: the words that tell a question from a complaint are frequent ones.
    """

    words: dict[str, int]
    slots: npt.NDArray[np.int32]
    width: int

    @classmethod
    def of(cls, clean: Sequence[str], read: Sequence[Parts], least: int = 1) -> CueVectorizer:
        """Everything that stands in at least `least` of these texts."""
        heard = Counter(word for words, *_ in read for word in set(words[:WORDS]))
        kept = sorted(word for word, count in heard.items() if count >= least)
        seen = np.bincount(np.concatenate([np.unique(written(text)[0]) for text in clean]), minlength=1 << BITS)
        full = np.flatnonzero(seen >= least)
        slots = np.full(1 << BITS, -1, np.int32)
        slots[full] = np.arange(len(kept), len(kept) + len(full))
        return cls({word: at for at, word in enumerate(kept)}, slots, len(kept) + len(full))

    def row(self, text: str, words: Sequence[str]) -> tuple[Numbers, Floats]:
        """(features of one text as often as they stand there, what each weighs): words, writing and shape each scaled apart."""
        hashed, inner = written(text)
        pairs, shape = self.slots[hashed[:inner]], self.slots[hashed[inner:]]
        found: list[Numbers] = [self.numbers(words[:WORDS]), pairs[pairs >= 0], shape[shape >= 0]]
        shares = [share / (len(each) + 1) ** 0.5 for each, share in zip(found, (1.0, 1.0, SHAPE), strict=True)]
        return np.concatenate(found), np.repeat(shares, [len(each) for each in found])

    def numbers(self, words: Iterable[str]) -> Ints:
        return np.array([each for each in map(self.words.get, words) if each is not None], dtype=np.int64)

    def rows(self, clean: Sequence[str], read: Sequence[Parts], cued: Sequence[Heard]) -> csr_matrix:
        """texts × (features, then cues), to learn from."""
        numbers, weights = zip(
            *(self.row(text, words) for text, (words, *_) in zip(clean, read, strict=True)), strict=True
        )
        starts = np.cumsum([0, *map(len, numbers)])
        heard = csr_matrix((np.concatenate(weights), np.concatenate(numbers), starts), shape=(len(clean), self.width))
        return hstack([heard, csr_matrix([cues_of(one) for one in cued])], format="csr")


@dataclass
class RequestModel:
    """Both questions in one matrix: a text's features and cues × the answers of `kinds`, then those of `levels`.

    about: rows, data (their hash), and for `request_type` and `urgency` what was reached out of fold.
    """

    ear: CueVectorizer
    judge: LinearScorer
    kinds: Head
    levels: Head
    about: dict[str, object] = field(default_factory=dict)

    def hear(self, clean: Sequence[str], read: Sequence[Parts]) -> list[Heard]:
        """For texts in normalised writing and their features: what the cues say, completed by the model."""
        if not clean:
            return []
        cued = hear_many(clean)
        kinds, levels = self.probabilities(clean, read, cued)
        said = zip(cued, kinds, levels, read, strict=True)
        return [self._completed(one, kind, level, parts[0]) for one, kind, level, parts in said]

    def probabilities(
        self, clean: Sequence[str], read: Sequence[Parts], cued: Sequence[Heard]
    ) -> tuple[Floats, Floats]:
        """(texts × kinds, texts × levels), before any cue is put above them."""
        scores = np.stack([self._scores(*one) for one in zip(clean, read, cued, strict=True)])
        cut = len(self.kinds.labels)
        return self.kinds.probabilities(scores[:, :cut]), self.levels.probabilities(scores[:, cut:])

    def _scores(self, text: str, read: Parts, cued: Heard) -> Floats:
        numbers, weights = self.ear.row(text, read[0])
        told, judge = cues_of(cued), self.judge
        return np.asarray(
            weights @ judge.weights.take(numbers, axis=0) + told @ judge.weights[-len(told) :] + judge.bias
        )

    def _completed(self, cued: Heard, kinds: Floats, levels: Floats, words: Sequence[str]) -> Heard:
        order = np.argsort(-kinds, kind="stable").tolist()
        spoke = {one.code: one.words for one in cued.request_types}
        ranked = [Ranked(self.kinds.labels[at], float(kinds[at]), spoke.get(self.kinds.labels[at], ())) for at in order]
        ranked[0] = replace(ranked[0], words=ranked[0].words or self._telling(words, order[0]))
        level = level_of(self.levels.labels, levels)
        if URGENCIES.index(level) <= URGENCIES.index(cued.urgency):
            return replace(cued, request_types=tuple(ranked))
        at = len(self.kinds.labels) + self.levels.labels.index(level)
        told = cued.urgency_words or self._telling(words, at)
        return replace(cued, request_types=tuple(ranked), urgency=level, urgency_words=told)

    def _telling(self, words: Sequence[str], answer: int) -> tuple[str, ...]:
        """The words of two characters and more that say most for an answer, the strongest first."""
        known = [word for word in dict.fromkeys(words[:WORDS]) if len(word) > 1 and word in self.ear.words]
        says = self.judge.weights[self.ear.numbers(known), answer]
        return tuple(known[at] for at in np.argsort(-says, kind="stable")[:TELLING].tolist() if says[at] > 0)


def level_of(labels: Sequence[str], p: Floats) -> str:
    """The highest level that is at least as likely reached as not."""
    for level in reversed(URGENCIES):
        above = URGENCIES[URGENCIES.index(level) :]
        if sum(share for label, share in zip(labels, p.tolist(), strict=True) if label in above) >= 0.5:
            return level
    return URGENCIES[0]


def written(text: str) -> tuple[Ints, int]:
    """Hashed pairs of characters of a text in normalised writing, and how many; after them its hashed shape.

    The shape of a text is its characters, the first and the last two of every clause, and its length.
    """
    text = text if len(text) <= FIRST + LAST else f"{text[:FIRST]} {text[-LAST:]}"
    letters = np.frombuffer(f" {text} ".encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.int64)
    alone = letters * 0x165667B1
    letters[_BREAKS[letters & 0xFFFF]] = EDGE
    two = letters[:-1] * 0x9E3779B1 + letters[1:] * 0x85EBCA6B
    three = two[:-1] * 31 + letters[2:] * 0xC2B2AE35 if text else two
    at = np.flatnonzero(letters == EDGE)
    begins, ends = at[:-1], at[1:]
    near = np.concatenate(
        [two[begins], two[ends - 1], three.take(begins, mode="clip"), three.take(ends - 2, mode="clip")]
    )
    return _hashed(np.concatenate([two, alone, near + 7, [0x10000000 + min(8, len(text) // 12)]])), len(two)


def _hashed(numbers: Ints) -> Ints:
    return np.asarray((numbers ^ (numbers >> 15)) & (1 << BITS) - 1)


def cues_of(cued: Heard) -> list[float]:
    """What the cue words said, as numbers: each request type they spoke for, the urgency, each reason to ring."""
    spoke = {one.code: one.p for one in cued.request_types if one.words}
    rung = {"danger" if one.code == "hazard" else one.code for one in cued.safety}
    levels = [CUES * (cued.urgency == level) for level in URGENCIES[1:]]
    return [*(CUES * spoke.get(kind, 0.0) for kind in CUED), *levels, *(CUES * (code in rung) for code in RUNG)]
