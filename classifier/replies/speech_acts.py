"""What a stretch of a reply does (tells an outcome, promises, sends elsewhere …), learnt from sentences of our own."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from classifier.replies.features import Sign, signs_of

_CORPUS = Path(__file__).with_name("speech_acts.txt")
DECISIVE = ("done", "found", "rule", "refuse", "plan")
"""The acts that tell an outcome; a reply needs at least one."""

LEAST = 20
"""Letters of a stretch: shorter clauses say too little to be judged alone."""

UNTOLD = -6.0
"""The log-odds of a reply without words."""

_SIGN_WEIGHT = 0.3
_TOLD = (
    "told_max",
    "told_top",
    "told_mean",
    "told_last",
    "told_length",
    "told_any",
    "told_share",
    "length",
    "outcome_max",
    "outcome_last",
)
_COMMAS = re.compile(r"(?<=[，,；;：])")

Numbers = NDArray[np.float64]


def masked(text: str) -> str:
    """The text with numbers and anonymous place letters made alike: which number it is says nothing."""
    return re.sub(r"[A-Z]\d*(?=[市县区])", "某", re.sub(r"\d+", "0", text))


def stretches(sentences: Sequence[str]) -> list[str]:
    """Sentences cut at their commas into pieces of `LEAST` letters or more: one long sentence often finds and promises."""
    found: list[str] = []
    for sentence in sentences:
        pieces = [""]
        for clause in _COMMAS.split(sentence):
            if len(pieces[-1]) >= LEAST:
                pieces.append("")
            pieces[-1] += clause
        if len(pieces) > 1 and len(pieces[-1]) < LEAST:
            pieces[-2:] = ["".join(pieces[-2:])]
        found += [piece for piece in pieces if piece]
    return found


def own_sentences() -> list[tuple[str, str]]:
    """(sentence, act) of the shipped corpus."""
    act, found = "", []
    for line in _CORPUS.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("["):
            act = line[1:-1]
        elif line and not line.startswith("#"):
            found.append((line, act))
    return found


def sign_matrix(sentences: Sequence[str]) -> Any:
    """One row of signs a sentence, weighing less than its letters."""
    rows = [[_SIGN_WEIGHT * (sign in found) for sign in Sign] for found in map(signs_of, sentences)]
    return sparse.csr_matrix(np.array(rows, dtype=np.float64).reshape(len(sentences), len(Sign)))


class ActReader:
    """Gives each stretch a probability for each act, and the log-odds that it tells an outcome."""

    def __init__(self) -> None:
        sentences, acts = zip(*own_sentences(), strict=True)
        self._letters = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, preprocessor=masked)
        self._letters.fit(sentences)
        rows = self._rows(sentences)
        self._act = LogisticRegression(C=30, max_iter=2000, class_weight="balanced").fit(rows, acts)
        self._tells = LogisticRegression(C=30, max_iter=2000, class_weight="balanced")
        self._tells.fit(rows, [act in DECISIVE for act in acts])
        self.acts: tuple[str, ...] = tuple(self._act.classes_)

    def _rows(self, stretched: Sequence[str]) -> Any:
        return sparse.hstack([self._letters.transform(stretched), sign_matrix(stretched)]).tocsr()

    def read(self, stretched: Sequence[str]) -> tuple[Numbers, Numbers]:
        """Acts (a row a stretch, a column an act) and the log-odds of telling an outcome."""
        rows = self._rows(stretched)
        return np.asarray(self._act.predict_proba(rows)), np.asarray(self._tells.decision_function(rows))

    def summary(self, sentences: Sequence[str]) -> dict[str, float]:
        """Numbers over the whole reply: how strongly it tells an outcome, and the strongest and the mean of each act."""
        stretched = stretches(sentences)
        if not stretched:
            return dict.fromkeys(self.names(), 0.0) | dict.fromkeys(_TOLD[:4], UNTOLD)
        acts, odds = self.read(stretched)
        lengths = np.array([len(one) for one in stretched], dtype=np.float64)
        share, told = lengths / lengths.sum(), expit(odds)
        best = np.sort(odds)[::-1]
        numbers = [
            best[0],
            best[:2].mean(),
            share @ odds,
            odds[-1],
            np.log1p(told @ lengths),
            -np.log1p(1e-6 - told).sum(),
            share @ told,
            np.log1p(lengths.sum()),
            expit(best[0] - _HALF),
            expit(odds[-1] - _HALF),
            *acts.max(axis=0),
            *(share @ acts),
        ]
        return {name: float(number) for name, number in zip(self.names(), numbers, strict=True)}

    def names(self) -> list[str]:
        """The keys of `summary`, in order."""
        return [*_TOLD, *(f"max_{act}" for act in self.acts), *(f"mean_{act}" for act in self.acts)]


@lru_cache(maxsize=8192)
def tells(sentence: str) -> float:
    """The log-odds that one sentence tells an outcome."""
    return float(reader().read([sentence])[1][0])


_HALF = 0.7
"""Log-odds of the best stretch from which a reply counts as telling an outcome: the best of many is always flattered."""


@lru_cache(maxsize=8192)
def acts_in(sentences: tuple[str, ...]) -> dict[str, float]:
    """`ActReader.summary` of a reply, remembered (a reply is looked at again and again while it is written)."""
    return reader().summary(sentences)


@lru_cache(maxsize=1)
def reader() -> ActReader:
    """The one reader of the process (built on first use, under a second)."""
    return ActReader()
