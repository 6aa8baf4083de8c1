"""The trained part of the judge: two linear models, over whole replies and over their stretches, taught by verdicts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from classifier.replies.features import Reading
from classifier.replies.speech_acts import (
    DECISIVE,
    UNTOLD,
    acts_in,
    masked,
    own_sentences,
    reader,
    sign_matrix,
    stretches,
)

Numbers = NDArray[np.float64]
_FEWEST_OF_A_REASON = 5
_TOLD_WEIGHT, _ACT_WEIGHT, _SIGN_WEIGHT = 0.05, 0.015, 0.01
"""Against letters of weight 1: what our own sentences say of a reply counts more than a sign by itself."""


@dataclass(frozen=True)
class VerdictRow:
    """A reply that teaches. `send_back` None: nobody judged it; it still teaches how such replies are worded."""

    id: str
    reading: Reading
    send_back: bool | None = None
    outcome: str = ""
    reasons: tuple[str, ...] = ()
    group: str = ""


class VerdictTable:
    """Readings as numbers: letters of the stripped reply, how it tells an outcome, acts and signs."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._letters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=3, sublinear_tf=True)
        self._letters.fit([_text(reading) for reading in readings])
        self._scale = StandardScaler().fit(_numbers(readings))
        acts = len(reader().acts) * 2
        told = len(reader().names()) - acts
        signs = self._scale.n_features_in_ - told - acts
        self._weights = np.repeat([_TOLD_WEIGHT, _ACT_WEIGHT, _SIGN_WEIGHT], [told, acts, signs])

    def rows(self, readings: Sequence[Reading]) -> Any:
        """One sparse row a reading."""
        numbers = np.clip(self._scale.transform(_numbers(readings)), -4, 4) * self._weights
        letters = self._letters.transform([_text(reading) for reading in readings])
        return sparse.hstack([letters, sparse.csr_matrix(numbers)]).tocsr()


def _numbers(readings: Sequence[Reading]) -> Numbers:
    return np.array([[*acts_in(one.stripped.sentences).values(), *one.numbers.values()] for one in readings])


def _text(reading: Reading) -> str:
    return masked(reading.stripped.text) or "空无一字"


class StretchModel:
    """Learns from verdicts on whole replies which stretches tell an outcome: in a reply sent back none does, in one that
    passed at least one does (multiple-instance learning); our own sentences say what to start from and stay as ballast."""

    def __init__(self, rows: Sequence[VerdictRow]) -> None:
        own, acts = zip(*own_sentences(), strict=True)
        judged = [row for row in rows if row.send_back is not None]
        bags = [stretches(row.reading.stripped.sentences) for row in judged]
        said = [one for bag in bags for one in bag]
        self._letters = TfidfVectorizer(
            analyzer="char", ngram_range=(1, 2), sublinear_tf=True, preprocessor=masked, min_df=2
        )
        self._letters.fit([*said, *own])
        tells = np.array([act in DECISIVE for act in acts], dtype=np.float64)
        bag = np.repeat(np.arange(len(bags)), [len(one) for one in bags])
        passed = np.array([not row.send_back for row in judged])[bag]
        belief = _shared_out(expit(reader().read(said)[1]), bag, passed)
        rows = self._rows(said)
        weights = np.concatenate([belief, (1 - belief) * np.where(passed, 0.5, 2.0), np.full(len(tells), 0.7)])
        labels = np.concatenate([np.ones(len(said)), np.zeros(len(said)), tells])
        self._model = LogisticRegression(C=20, max_iter=500)
        self._model.fit(sparse.vstack([rows, rows, self._rows(own)]).tocsr(), labels, sample_weight=weights + 1e-6)

    def _rows(self, stretched: Sequence[str]) -> Any:
        return sparse.hstack([self._letters.transform(stretched), sign_matrix(stretched)]).tocsr()

    def hollow(self, reading: Reading) -> float:
        """How likely no stretch of the reply tells an outcome; the two that tell most are heard."""
        stretched = stretches(reading.stripped.sentences)
        if not stretched:
            return float(expit(-UNTOLD))
        best = np.sort(self._model.decision_function(self._rows(stretched)))[::-1]
        return float(expit(-(0.4 * best[0] + 0.6 * best[:2].mean())))


def _shared_out(belief: Numbers, bag: NDArray[np.int64], passed: NDArray[np.bool_]) -> Numbers:
    """What our own sentences say of each stretch, made to fit the verdict on the reply it stands in (once: more rounds only
    repeat the first belief more loudly)."""
    best = np.zeros(int(bag.max()) + 1)
    np.maximum.at(best, bag, belief)
    return np.where(passed, np.clip(belief / np.maximum(best[bag], 0.05), 0, 1), 0.0)


class VerdictModel:
    """Scores for send back, outcome and reasons, from judged rows; unjudged ones only widen the vocabulary."""

    def __init__(self, rows: Sequence[VerdictRow]) -> None:
        judged = [row for row in rows if row.send_back is not None]
        self.table = VerdictTable([row.reading for row in rows])
        known = self.table.rows([row.reading for row in judged])
        self._whole = _fit(known, [bool(row.send_back) for row in judged])
        self._stretches = StretchModel(judged)
        told = [row.outcome for row in judged]
        self._outcome = _fit(known, told) if all(told) else None
        codes = Counter(code for row in judged for code in row.reasons)
        self._reasons = {
            code: _fit(known, [code in row.reasons for row in judged])
            for code, count in sorted(codes.items())
            if count >= _FEWEST_OF_A_REASON
        }

    def send_back(self, readings: Sequence[Reading], rows: Any = None) -> Numbers:
        """The score, 0 to 1 (calibrate before reading it as a probability); `rows` are `table.rows`, if at hand."""
        rows = self.table.rows(readings) if rows is None else rows
        hollow = np.array([self._stretches.hollow(reading) for reading in readings])
        return np.asarray(0.5 * self._whole.predict_proba(rows)[:, 1] + 0.5 * hollow)

    def say(self, reading: Reading) -> tuple[float, str, dict[str, float]]:
        """(score, likeliest outcome or "" when none was taught, how strongly each learnt reason speaks) of one reading."""
        rows = self.table.rows([reading])
        reasons = {code: float(model.predict_proba(rows)[0, 1]) for code, model in self._reasons.items()}
        outcome = str(self._outcome.predict(rows)[0]) if self._outcome else ""
        return float(self.send_back([reading], rows)[0]), outcome, reasons


def _fit(rows: Any, labels: Sequence[Any]) -> Any:
    if len(set(labels)) < 2:
        return DummyClassifier().fit(rows, labels)
    return LogisticRegression(C=3, max_iter=1000, class_weight="balanced").fit(rows, labels)
