"""The one pipeline: words, opening words and character pairs weighed by TF-IDF, several linear judges, one calibrated answer.

Fitting goes through scikit-learn, which takes a second to import; answering does not: a fitted pipeline is flattened
into one dictionary and one matrix of weights. Many texts are read together: a look-up per word, the rest in one go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass, field
from itertools import accumulate, chain, pairwise, takewhile
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

from classifier.text.words import cut, normalise

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Parts = tuple[list[str], Ints, list[str]]
READ = 600
READ_WORDS = 1_500
OPENING = 40
BITS = 18
CALM = 40.0
ASIDE = 0.5
SMOOTH = 0.3
FEW_CLASSES = 40
"""Of more classes a machine for each by itself takes minutes to fit."""

PARTS = np.array([1.0, 1.0, ASIDE])


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
        return (
            words,
            np.array([crc32(pair.encode()) & (1 << BITS) - 1 for pair in pairs], dtype=np.int64),
            opening(words),
        )
    return words, _hashed(head), opening(words)


def opening(words: Sequence[str]) -> list[str]:
    """The words that begin in the first `OPENING` letters, where people say what it is about."""
    starts = accumulate(map(len, words), initial=0)
    return [word for word, _ in takewhile(lambda one: one[1] < OPENING, zip(words, starts, strict=False))]


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

    def matrix(self, texts: Iterable[Parts], kind: type[np.floating] = np.float64) -> csr_matrix:
        """texts × features, the known words first in each row; a row is empty when no feature of its text was ever seen.

        kind: np.float32 for answers, which the weights of a judge are multiplied with as they lie.
        """
        numbers, owners, count = self._features(texts)
        width = len(self.idf)
        narrow = np.uint32 if (count + 1) * width < 1 << 32 else np.int64  # half as wide, sorted twice as fast
        bounds = (np.arange(count + 1) * width).astype(narrow)
        keys, counts = np.unique(bounds[owners] + numbers.astype(narrow), return_counts=True)
        starts = np.searchsorted(keys, bounds)
        owners = np.repeat(np.arange(count), np.diff(starts))
        numbers = (keys - bounds[owners]).astype(np.int32)
        weights = self._weights(numbers, owners, counts, count).astype(kind, copy=False)
        return csr_matrix((weights, numbers, starts.astype(np.int32)), shape=(count, width))

    def _features(self, texts: Iterable[Parts]) -> tuple[Ints, Ints, int]:
        """(feature, text it stands in) for every feature ever seen, as often as it stands there; how many texts."""
        found: list[list[int]] = []
        written: list[Ints] = [np.zeros(0, np.int64)]
        began: list[list[int]] = []
        for words, pairs, first in texts:
            found.append([each for each in map(self.index.get, words) if each is not None])
            written.append(pairs)
            began.append([each for each in map(self.openings.get, first) if each is not None])
        slots = self.slots[np.concatenate(written)]
        seen = np.flatnonzero(slots >= 0)
        numbers = np.concatenate([_flat(found), slots[seen], _flat(began)])
        return numbers, np.concatenate([_owners(found), _owners(written[1:])[seen], _owners(began)]), len(found)

    def _weights(self, numbers: Ints, owners: Ints, counts: Ints, texts: int) -> Floats:
        """Sublinear TF-IDF; words, pairs and opening words of each text scaled apart."""
        values = np.asarray((1 + np.log(counts)) * self.idf[numbers])
        bounds = len(self.index), len(self.idf) - len(self.openings)
        part = owners * 3 + (numbers >= bounds[0]) + (numbers >= bounds[1])
        lengths = np.sqrt(np.bincount(part, values * values, 3 * texts) + CALM)
        return np.asarray(values * (PARTS / lengths.reshape(texts, 3)).ravel()[part])


def _flat(lists: Sequence[list[int]]) -> npt.NDArray[np.int32]:
    return np.fromiter(chain.from_iterable(lists), np.int32, sum(map(len, lists)))


def _owners(lists: Sequence[Sized]) -> npt.NDArray[np.int32]:
    """For every element of all lists the number of its list."""
    return np.repeat(np.arange(len(lists), dtype=np.int32), [len(one) for one in lists])


@dataclass(frozen=True)
class LinearScorer:
    """Linear scores per class: `weights` (features × classes) and `bias`; what every member becomes once fitted."""

    weights: npt.NDArray[np.float32]
    bias: Floats

    def scores(self, rows: csr_matrix | Floats) -> Floats:
        """rows × classes. Many rows are multiplied feature by feature: the weights of a feature are then fetched once."""
        if isinstance(rows, csr_matrix) and rows.shape[0] > 1:
            rows = rows.tocsc()
        return np.asarray(rows @ self.weights) + self.bias


def fit_scorers(
    rows: csr_matrix, labels: Ints, classes: int, weights: Floats, seed: int, *, starter: bool = False
) -> list[LinearScorer]:
    """The members of the ensemble, each as a `LinearScorer` over all `classes` (a class without an example scores lowest).

    A support vector machine and complement naive Bayes: they err differently, and both are quick for hundreds of
    classes. Logistic regression beside them changed macro-F1 by 0.002 and took three times as long.
    starter: the rows are a starter corpus alone, whose turns of phrase naive Bayes takes for its matter: the support vectors
    answer alone.
    """
    from sklearn.naive_bayes import ComplementNB
    from sklearn.svm import LinearSVC

    support = LinearSVC(C=1.0, class_weight="balanced", random_state=seed).fit(rows, labels, weights)
    found = [widened(support.coef_, support.intercept_, support.classes_, classes)]
    if starter:
        return found
    bayes = ComplementNB(alpha=SMOOTH).fit(rows, labels, weights)
    return [*found, widened(bayes.feature_log_prob_, np.zeros(len(bayes.classes_)), bayes.classes_, classes)]


def fit_by_ratio(rows: csr_matrix, labels: Ints, classes: int, weights: Floats, seed: int) -> LinearScorer:
    """A support vector machine a class, over features stretched by their log-count ratio (NB-SVM; Wang and Manning, ACL 2012).

    Stretching is linear, so it is folded into the weights and costs nothing when answering.
    """
    from sklearn.svm import LinearSVC

    held, bias = np.zeros((rows.shape[1], classes), dtype=np.float32), np.full(classes, -5.0)
    for one in np.unique(labels):
        mine = labels == one
        inside, outside = (np.asarray(rows[which].sum(axis=0)).ravel() + SMOOTH for which in (mine, ~mine))
        ratio = np.log((inside / inside.sum()) / (outside / outside.sum()))
        told = LinearSVC(C=0.3, random_state=seed).fit((rows @ diags(ratio)).tocsr(), mine, weights)
        held[:, one], bias[one] = told.coef_[0] * ratio, told.intercept_[0]
    return LinearScorer(held, bias)


def mixed(judges: Sequence[LinearScorer], shares: Floats, bias: Floats) -> LinearScorer:
    """One judge that scores like the weighted sum of several, but for a number that all classes of a text share."""
    weights = sum(np.float32(share) * judge.weights for share, judge in zip(shares, judges, strict=True))
    offset = sum(share * judge.bias for share, judge in zip(shares, judges, strict=True))
    return levelled(LinearScorer(np.asarray(weights, dtype=np.float32), np.asarray(offset + bias)))


def levelled(judge: LinearScorer) -> LinearScorer:
    """The same judge with every feature's weights around zero, so that sums of 32 bits are exact enough for probabilities."""
    return LinearScorer(np.ascontiguousarray(judge.weights - judge.weights.mean(axis=1, keepdims=True)), judge.bias)


def widened(coef: Floats, bias: Floats, present: Ints, classes: int) -> LinearScorer:
    """Coefficients for `present` classes laid out over all; two classes come as one row and are mirrored."""
    if len(present) == 2 and len(coef) == 1:
        coef, bias = np.vstack([-coef, coef]), np.concatenate([-bias, bias])
    weights = np.zeros((coef.shape[1], classes), dtype=np.float32)
    offsets = np.full(classes, float(bias.min()) - 5.0)
    weights[:, present], offsets[present] = coef.T, bias
    return LinearScorer(weights, offsets)
