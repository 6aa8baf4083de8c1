"""The one pipeline: words, opening words and character pairs weighed by TF-IDF, several linear judges, one calibrated answer.

Fitting goes through scikit-learn; answering does not: a fitted pipeline is flattened into one dictionary and one
matrix of weights, so that one message costs a look-up per word instead of five sparse products.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from .words import cut, normalise

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Parts = tuple[list[str], Ints, list[str]]
READ = 600
READ_WORDS = 1_500
OPENING = 40
BITS = 18
CALM = 40.0
ASIDE = 0.5


def features_of(text: str) -> Parts:
    """The words of one text, the hashed character pairs and triples of its first `READ` characters, its opening words.

    Text without Chinese characters has no use for loose pairs of letters: there word pairs stand in for them.
    """
    return features_of_clean(normalise(text[: 2 * READ_WORDS]))


def features_of_clean(clean: str) -> Parts:
    """`features_of` for a text already in normalised writing."""
    words = cut(clean[:READ_WORDS])
    head = clean[:READ]
    if head.isascii():
        pairs = [f"{one} {other}" for one, other in pairwise(words)]
        return words, np.array([crc32(pair.encode()) & (1 << BITS) - 1 for pair in pairs], dtype=np.int64), opening(words)
    return words, _hashed(head), opening(words)


def opening(words: Sequence[str]) -> list[str]:
    """The words that begin in the first `OPENING` letters, where people say what it is about."""
    starts = accumulate(map(len, words), initial=0)
    return [word for word, start in zip(words, starts, strict=False) if start < OPENING]


def _hashed(text: str) -> Ints:
    letters = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.int64)
    two = letters[:-1] * 0x9E3779B1 + letters[1:] * 0x85EBCA6B
    three = two[:-1] * 31 + letters[2:] * 0xC2B2AE35 + 7
    both = np.concatenate([two, three])
    return np.asarray((both ^ (both >> 15)) & (1 << BITS) - 1)


@dataclass
class Weigher:
    """TF-IDF (sublinear) over words, hashed character pairs and opening words, as one look-up.

    Each part is scaled to length 1 (opening words to `ASIDE`), a little less the less there is: `CALM` keeps one lonely
    word from sounding as sure as a page. Only features seen in at least `least` texts are kept. scikit-learn's
    vectorisers give the same weights for long texts, fifteen times slower.
    """

    least: int = 2
    index: dict[str, int] = field(default_factory=dict)
    slots: npt.NDArray[np.int32] = field(default_factory=lambda: np.full(1 << BITS, -1, np.int32))
    openings: dict[str, int] = field(default_factory=dict)
    idf: Floats = field(default_factory=lambda: np.zeros(0))

    def fit(self, texts: Iterable[Parts]) -> Weigher:
        seen: Counter[str] = Counter()
        began: Counter[str] = Counter()
        buckets = np.zeros(1 << BITS, dtype=np.int64)
        count = 0
        for words, pairs, first in texts:
            count += 1
            seen.update(set(words))
            began.update(set(first))
            buckets[np.unique(pairs)] += 1
        full = np.flatnonzero(buckets >= self.least)
        self.index = self._numbered(seen, 0)
        self.slots[full] = np.arange(len(self.index), len(self.index) + len(full))
        self.openings = self._numbered(began, len(self.index) + len(full))
        often = [seen[word] for word in self.index], buckets[full], [began[word] for word in self.openings]
        self.idf = np.log((1 + count) / (1 + np.concatenate(often))) + 1
        return self

    def _numbered(self, seen: Counter[str], start: int) -> dict[str, int]:
        """The words that are kept, the most frequent first, as feature numbers from `start`."""
        kept = sorted((-n, word) for word, n in seen.items() if n >= self.least)
        return {word: at for at, (_, word) in enumerate(kept, start)}

    def row(self, parts: Parts) -> tuple[Ints, Floats]:
        """(feature numbers, weights) of one text, the known words first; both empty when no feature was ever seen."""
        words, pairs, first = parts
        found = self.slots[pairs]
        spoken, began = _counted(words, self.index), _counted(first, self.openings)
        written = np.unique(found[found >= 0], return_counts=True)
        weights = [self._weights(*spoken), self._weights(*written), ASIDE * self._weights(*began)]
        return np.concatenate([spoken[0], written[0], began[0]]), np.concatenate(weights)

    def _weights(self, numbers: npt.NDArray[np.integer], counts: npt.NDArray[np.integer]) -> Floats:
        values = (1 + np.log(counts)) * self.idf[numbers]
        return np.asarray(values / np.sqrt(values @ values + CALM))

    def matrix(self, texts: Iterable[Parts]) -> csr_matrix:
        rows = [self.row(parts) for parts in texts]
        starts = np.cumsum([0, *(len(numbers) for numbers, _ in rows)])
        numbers = np.concatenate([row for row, _ in rows]) if rows else np.zeros(0, np.int64)
        weights = np.concatenate([row for _, row in rows]) if rows else np.zeros(0)
        return csr_matrix((weights, numbers, starts), shape=(len(rows), len(self.idf)))


def _counted(words: Iterable[str], index: dict[str, int]) -> tuple[Ints, Ints]:
    """(number of each known word in the order of the text, how often it stands there)."""
    told = Counter(index[word] for word in words if word in index)
    return np.fromiter(told, np.int64, len(told)), np.fromiter(told.values(), np.int64, len(told))


@dataclass(frozen=True)
class Judge:
    """Linear scores per class: `weights` (features × classes) and `bias`; what every member becomes once fitted."""

    weights: npt.NDArray[np.float32]
    bias: Floats

    def scores(self, rows: csr_matrix | Floats) -> Floats:
        return np.asarray(rows @ self.weights) + self.bias

    def score(self, numbers: Ints, weights: Floats) -> Floats:
        """The scores of one row, given as the numbers of its features and their weights."""
        return np.asarray(weights @ self.weights.take(numbers, axis=0) + self.bias)


def fit_judges(rows: csr_matrix, labels: Ints, classes: int, weights: Floats, seed: int) -> list[Judge]:
    """The members of the ensemble, each as a `Judge` over all `classes` (a class without an example scores lowest).

    A support vector machine and complement naive Bayes: they err differently, and both are quick for hundreds of
    classes. Logistic regression beside them changed macro-F1 by 0.002 and took three times as long.
    """
    support = LinearSVC(C=1.0, class_weight="balanced", random_state=seed).fit(rows, labels, weights)
    bayes = ComplementNB(alpha=0.3).fit(rows, labels, weights)
    return [
        widened(support.coef_, support.intercept_, support.classes_, classes),
        widened(bayes.feature_log_prob_, np.zeros(len(bayes.classes_)), bayes.classes_, classes),
    ]


def mixed(judges: Sequence[Judge], shares: Floats, bias: Floats) -> Judge:
    """One judge that scores like the weighted sum of several."""
    weights = sum(np.float32(share) * judge.weights for share, judge in zip(shares, judges, strict=True))
    offset = sum(share * judge.bias for share, judge in zip(shares, judges, strict=True))
    return Judge(np.ascontiguousarray(weights, dtype=np.float32), np.asarray(offset + bias))


def widened(coef: Floats, bias: Floats, present: Ints, classes: int) -> Judge:
    """Coefficients for `present` classes laid out over all; two classes come as one row and are mirrored."""
    if len(present) == 2 and len(coef) == 1:
        coef, bias = np.vstack([-coef, coef]), np.concatenate([-bias, bias])
    weights = np.zeros((coef.shape[1], classes), dtype=np.float32)
    offsets = np.full(classes, float(bias.min()) - 5.0)
    weights[:, present], offsets[present] = coef.T, bias
    return Judge(weights, offsets)
