"""General knowledge: what a corpus of our own, with its own labels, makes of a text that belongs to somebody else's labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from classifier.category.calibrate import Floats, Ints, softmax
from classifier.category.pipeline import LinearScorer, Parts, Weigher, features_of, widened

SHARP = 20.0
NOTHING = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class BackgroundModel:
    """How well a text fits each label of the corpus, judged by its words alone.

    To a model of other labels this brings words that none of its own examples used. `SHARP` is about the temperature
    that calibration on the corpus itself finds; `name` changes with any change of the corpus.
    """

    weigher: Weigher
    judge: LinearScorer
    name: str

    def views(self, texts: Sequence[Parts]) -> Floats:
        """texts × labels of the corpus: the square roots of the labels' probabilities, each row a vector of length 1."""
        scores = self.judge.scores(self.weigher.matrix([_words_of(parts) for parts in texts], np.float32))
        return np.asarray(np.sqrt(softmax(SHARP * scores)))


def background_model_of(pairs: Sequence[tuple[str, str]], seed: int) -> BackgroundModel | None:
    """Learned from (text, label) pairs in about a second; None when there are fewer than two labels."""
    labels = sorted({label for _, label in pairs})
    if len(labels) < 2:
        return None
    read = [_words_of(features_of(text)) for text, _ in pairs]
    truth = np.array([labels.index(label) for _, label in pairs])
    weigher = Weigher().fit(read)
    from sklearn.svm import LinearSVC

    told = LinearSVC(class_weight="balanced", random_state=seed).fit(weigher.matrix(read), truth)
    return BackgroundModel(weigher, widened(told.coef_, told.intercept_, told.classes_, len(labels)), _hash(pairs))


def fit_reader(views: Floats, labels: Ints, classes: int, weights: Floats) -> LinearScorer:
    """A judge of views: which labels of the corpus go with which of ours. It trusts them more, the more rows there are."""
    if len(set(labels)) < 2:
        return LinearScorer(np.zeros((views.shape[1], classes), dtype=np.float32), np.zeros(classes))
    from sklearn.linear_model import LogisticRegression

    told = LogisticRegression(C=len(labels) / 150, max_iter=200, tol=1e-3).fit(views, labels, weights)
    return widened(told.coef_, told.intercept_, told.classes_, classes)


def _hash(pairs: Sequence[tuple[str, str]]) -> str:
    return sha256("\x1e".join(f"{label}\x1f{text}" for text, label in pairs).encode("utf-8", "replace")).hexdigest()[
        :12
    ]


def _words_of(parts: Parts) -> Parts:
    return parts[0], NOTHING, []
