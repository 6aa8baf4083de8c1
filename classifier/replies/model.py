"""The trained part of the judge, taught by verdicts: letters, words and signs of a reply, each heard alone, then together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from classifier.replies.features import Reading
from classifier.replies.speech_acts import acts_in, masked
from classifier.text.words import words_of

Numbers = NDArray[np.float64]
_FEWEST_OF_A_REASON = 5
_FEWEST_OUTCOMES = 500
"""With fewer the replies of our own writing name the outcome more often right (decision 032)."""

_UNSURE = 0.6
"""A verdict its reader was not sure of counts less."""

_SIGN_WEIGHT = 0.05
"""Of a scaled sign, against letters of weight 1, where both stand in one row."""

_TREES = 120
_SURE_ENOUGH = 1e-3
"""No voice may say 0 or 1: one alone would outvote the others."""


@dataclass(frozen=True)
class VerdictRow:
    """A reply that teaches. `send_back` None: nobody judged it; it still teaches how such replies are worded."""

    id: str
    reading: Reading
    send_back: bool | None = None
    outcome: str = ""
    reasons: tuple[str, ...] = ()
    group: str = ""
    sure: bool = True


class VerdictTable:
    """Readings as numbers: letters and words of the stripped reply, and its acts and signs.

    words: False leaves them out, for who asks only `without_words`.
    """

    def __init__(self, readings: Sequence[Reading], *, words: bool = True) -> None:
        texts = [_text(reading) for reading in readings]
        self._letters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=3, sublinear_tf=True).fit(texts)
        cut = [" ".join(words_of(text)) or "空" for text in texts] if words else ["空", "空"]
        self._words = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit(cut)
        self._scale = StandardScaler().fit(_numbers(readings))

    def views(self, readings: Sequence[Reading]) -> dict[str, Any]:
        """One row a reading in every view: letters, words, signs, and letters with signs."""
        words = self._words.transform([" ".join(words_of(_text(reading))) for reading in readings])
        return {**self.without_words(readings), "words": words}

    def without_words(self, readings: Sequence[Reading]) -> dict[str, Any]:
        """The views that need no cutting into words."""
        letters = self._letters.transform([_text(reading) for reading in readings])
        signs = np.clip((_numbers(readings) - self._scale.mean_) / self._scale.scale_, -4, 4)
        both = sparse.hstack([letters, sparse.csr_matrix(signs * _SIGN_WEIGHT)]).tocsr()
        return {"letters": letters, "signs": signs, "both": both}


def _numbers(readings: Sequence[Reading]) -> Numbers:
    return np.array([[*acts_in(one.stripped.sentences).values(), *one.numbers.values()] for one in readings])


def _text(reading: Reading) -> str:
    return masked(reading.stripped.text) or "空无一字"


class VerdictModel:
    """Scores for send back, outcome and reasons, from judged rows; `views` are theirs in the table, whose vocabulary may
    come from more."""

    def __init__(
        self, table: VerdictTable, judged: Sequence[VerdictRow], views: Mapping[str, Any], only_verdict: bool = False
    ) -> None:
        self.table = table
        weights = np.array([1.0 if row.sure else _UNSURE for row in judged])
        back = [bool(row.send_back) for row in judged]
        self._voices = {
            name: fit(views[name], back, weights, c) for name, c in (("letters", 3.0), ("words", 3.0), ("signs", 0.02))
        }
        self._outcome: Any = None
        self._reasons: _Reasons | None = None
        if not only_verdict:
            self._learn_outcome_and_reasons(views, judged, weights)

    def _learn_outcome_and_reasons(
        self, views: Mapping[str, Any], judged: Sequence[VerdictRow], weights: Numbers
    ) -> None:
        told = [row.outcome for row in judged]
        if len(told) >= _FEWEST_OUTCOMES and all(told) and len(set(told)) > 1:
            self._outcome = fit(views["both"], told, weights, 5.0)
        sent = np.array([at for at, row in enumerate(judged) if row.send_back])
        given = [set(judged[at].reasons) for at in sent]
        known = [code for code, count in sorted(Counter(chain(*given)).items()) if count >= _FEWEST_OF_A_REASON]
        if known and len(given) > len(known):
            self._reasons = _Reasons(part_of(views, sent), known, given, weights[sent])

    @property
    def tells_outcomes(self) -> bool:
        """Whether enough outcomes were taught to name them."""
        return self._outcome is not None

    def send_back(self, readings: Sequence[Reading], views: Mapping[str, Any] | None = None) -> Numbers:
        """The score, 0 to 1 (calibrate before reading it as a probability); `views` are `table.views`, if at hand."""
        views = self.table.views(readings) if views is None else views
        odds = [_odds(model.predict_proba(views[name])[:, 1]) for name, model in self._voices.items()]
        return np.asarray(1 / (1 + np.exp(-np.mean(odds, axis=0))))

    def say(self, readings: Sequence[Reading]) -> list[tuple[float, str, dict[str, float]]]:
        """(score, likeliest outcome or "" when too few were taught, how strongly each learnt reason speaks) of each, in one go:
        trees take as long for one as for hundreds."""
        if not readings:
            return []
        views = self.table.views(readings)
        nothing: list[dict[str, float]] = [{} for _ in readings]
        reasons = self._reasons.say(views) if self._reasons else nothing
        outcomes = map(str, self._outcome.predict(views["both"])) if self._outcome else [""] * len(readings)
        scores = [float(score) for score in self.send_back(readings, views)]
        return list(zip(scores, outcomes, reasons, strict=True))


def part_of(views: Mapping[str, Any], rows: NDArray[np.int_]) -> dict[str, Any]:
    """Some rows of every view."""
    return {name: view[rows] for name, view in views.items()}


class _Reasons:
    """How likely each code is of a reply that is sent back: one linear model a code, and one forest for all of them. What
    passed teaches nothing here: it would only say once more what the verdict says."""

    def __init__(
        self, views: Mapping[str, Any], codes: Sequence[str], given: Sequence[set[str]], weights: Numbers
    ) -> None:
        self._codes = tuple(codes)
        self._lines = [fit(views["both"], [code in one for one in given], weights, 5.0) for code in codes]
        table = np.array(
            [[code in one for code in (*codes, "")] for one in given]
        )  # a last column keeps it two-dimensional
        self._trees = _trees().fit(views["signs"], table, weights)

    def say(self, views: Mapping[str, Any]) -> list[dict[str, float]]:
        """Code to probability, for each row."""
        lines = np.array([line.predict_proba(views["both"])[:, -1] for line in self._lines])
        trees = np.array([one[:, -1] for one in self._trees.predict_proba(views["signs"])][: len(self._codes)])
        return [dict(zip(self._codes, map(float, row), strict=True)) for row in ((lines + trees) / 2).T]


def _trees() -> ExtraTreesClassifier:
    return ExtraTreesClassifier(_TREES, min_samples_leaf=2, max_features=0.2, random_state=0)


def _odds(p: Numbers) -> Numbers:
    p = np.clip(p, _SURE_ENOUGH, 1 - _SURE_ENOUGH)
    return np.log(p / (1 - p))


def fit(rows: Any, labels: Sequence[Any], weights: Numbers, c: float) -> Any:
    """A balanced logistic regression; what has but one label is answered with it."""
    if len(set(labels)) < 2:
        return DummyClassifier().fit(rows, labels)
    return LogisticRegression(C=c, max_iter=2000, class_weight="balanced").fit(rows, labels, weights)
