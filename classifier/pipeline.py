"""The one pipeline: words and character pairs weighed by TF-IDF, several linear judges, one calibrated answer.

Fitting goes through scikit-learn; answering does not: a fitted pipeline is flattened into one dictionary and one
matrix of weights, so that one message costs a look-up per word instead of five sparse products.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from .words import cut, normalise

Floats = npt.NDArray[np.float64]
READ = 600
MOST_FEATURES = 150_000
MANY = 30


def features_of(text: str) -> tuple[list[str], list[str]]:
    """The words and the character pairs and triples of one text; triples and pairs only of its first `READ` characters.

    Text without Chinese characters has no use for loose pairs of letters: there word pairs stand in for them.
    """
    clean = normalise(text)
    words = cut(clean)
    head = clean[:READ]
    if not any("\u3400" <= letter <= "\u9fff" for letter in head[:200]):
        return words, [f"{one} {other}" for one, other in zip(words, words[1:], strict=False)]
    return words, [*map("".join, zip(head, head[1:], strict=False)), *map("".join, zip(head, head[1:], head[2:], strict=False))]


@dataclass
class Weigher:
    """TF-IDF (sublinear, each half scaled to length 1) over words and character pairs, as one look-up.

    scikit-learn's two vectorisers give the same numbers; this one does both halves in one pass and keeps only
    features seen in at least `least` texts, the commonest `MOST_FEATURES` of them.
    """

    least: int = 2
    most: int = MOST_FEATURES
    index: dict[str, int] = field(default_factory=dict)
    idf: Floats = field(default_factory=lambda: np.zeros(0))
    kinds: npt.NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))

    def fit(self, texts: Iterable[tuple[list[str], list[str]]]) -> Weigher:
        seen: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        count = 0
        for halves in texts:
            count += 1
            for kind, half in enumerate(halves):
                seen[kind].update(set(half))
        kept = [
            (kind, name, n)
            for kind in (0, 1)
            for name, n in sorted(seen[kind].items(), key=lambda item: (-item[1], item[0]))[: self.most]
            if n >= self.least
        ]
        self.index = {_key(kind, name): at for at, (kind, name, _) in enumerate(kept)}
        self.idf = np.array([log((1 + count) / (1 + n)) + 1 for _, _, n in kept])
        self.kinds = np.array([kind for kind, _, _ in kept], dtype=np.int8)
        return self

    def row(self, halves: tuple[list[str], list[str]]) -> tuple[list[int], list[float]]:
        """(feature numbers, weights) of one text; both empty when no feature was ever seen."""
        numbers: list[int] = []
        weights: list[float] = []
        for kind, half in enumerate(halves):
            found = [(self.index.get(_key(kind, name)), n) for name, n in Counter(half).items()]
            known = [(at, n) for at, n in found if at is not None]
            values = [(1 + log(n)) * self.idf[at] if n > 1 else self.idf[at] for at, n in known]
            length = sum(value * value for value in values) ** 0.5
            numbers += [at for at, _ in known]
            weights += [value / length for value in values]
        return numbers, weights

    def matrix(self, texts: Iterable[tuple[list[str], list[str]]]) -> csr_matrix:
        rows = [self.row(halves) for halves in texts]
        starts = np.cumsum([0, *(len(numbers) for numbers, _ in rows)])
        numbers = np.fromiter((at for row, _ in rows for at in row), np.int32, starts[-1])
        weights = np.fromiter((w for _, row in rows for w in row), np.float64, starts[-1])
        return csr_matrix((weights, numbers, starts), shape=(len(rows), len(self.idf)))


def _key(kind: int, name: str) -> str:
    return name if kind == 0 else "\t" + name


@dataclass(frozen=True)
class Judge:
    """Linear scores per class: `weights` (features × classes) and `bias`; what every member becomes once fitted."""

    weights: npt.NDArray[np.float32]
    bias: Floats

    def scores(self, rows: csr_matrix) -> Floats:
        return np.asarray(rows @ self.weights) + self.bias


def fit_judges(rows: csr_matrix, labels: npt.NDArray[np.int64], classes: int, weights: Floats, seed: int) -> list[Judge]:
    """The members of the ensemble, each as a `Judge` over all `classes` (a class without an example scores lowest).

    A support vector machine always; beside it logistic regression for few classes, or complement naive Bayes for
    many, where the regression would take minutes and gains nothing.
    """
    support = LinearSVC(C=1.0, class_weight="balanced", random_state=seed).fit(rows, labels, weights)
    members = [_widened(support.coef_, support.intercept_, support.classes_, classes)]
    if classes <= MANY:
        logistic = LogisticRegression(C=30.0, class_weight="balanced", max_iter=150, tol=1e-3, random_state=seed)
        logistic.fit(rows, labels, weights)
        members.append(_widened(logistic.coef_, logistic.intercept_, logistic.classes_, classes))
    else:
        bayes = ComplementNB(alpha=0.3).fit(rows, labels, weights)
        members.append(_widened(bayes.feature_log_prob_, np.zeros(len(bayes.classes_)), bayes.classes_, classes))
    return members


def mixed(judges: Sequence[Judge], shares: Floats, bias: Floats) -> Judge:
    """One judge that scores like the weighted sum of several."""
    weights = sum(np.float32(share) * judge.weights for share, judge in zip(shares, judges, strict=True))
    offset = sum(share * judge.bias for share, judge in zip(shares, judges, strict=True))
    return Judge(np.ascontiguousarray(weights, dtype=np.float32), np.asarray(offset + bias))


def _widened(coef: Floats, bias: Floats, present: npt.NDArray[np.int64], classes: int) -> Judge:
    """Coefficients for `present` classes laid out over all; two classes come as one row and are mirrored."""
    if len(present) == 2 and len(coef) == 1:
        coef, bias = np.vstack([-coef, coef]), np.concatenate([-bias, bias])
    weights = np.zeros((coef.shape[1], classes), dtype=np.float32)
    offsets = np.full(classes, float(bias.min()) - 5.0)
    weights[:, present], offsets[present] = coef.T, bias
    return Judge(weights, offsets)
