"""What a sentence of a reply does (tells an outcome, promises, sends elsewhere …), learnt from sentences of our own."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from classifier.replies.features import Sign, signs_of

_CORPUS = Path(__file__).with_name("acts.txt")
DECISIVE = ("done", "found", "rule", "refuse", "plan")
"""The acts that tell an outcome; a reply needs at least one."""

Numbers = NDArray[np.float64]


def masked(text: str) -> str:
    """The text with numbers and anonymous place letters made alike: which number it is says nothing."""
    return re.sub(r"[A-Z]\d*(?=[市县区])", "某", re.sub(r"\d+", "0", text))


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
    """One row of signs a sentence, scaled to weigh about as much as its letters."""
    rows = [[0.5 * (sign in found) for sign in Sign] for found in map(signs_of, sentences)]
    return sparse.csr_matrix(np.array(rows, dtype=np.float64).reshape(len(sentences), len(Sign)))


class ActReader:
    """Gives each sentence a probability for each act."""

    def __init__(self) -> None:
        corpus = own_sentences()
        sentences = [sentence for sentence, _ in corpus]
        self._letters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, preprocessor=masked)
        letters = self._letters.fit_transform(sentences)
        self._model = LogisticRegression(C=20, max_iter=2000, class_weight="balanced")
        self._model.fit(sparse.hstack([letters, sign_matrix(sentences)]).tocsr(), [act for _, act in corpus])
        self.acts: tuple[str, ...] = tuple(self._model.classes_)
        self._decisive = [self.acts.index(act) for act in DECISIVE]

    def read(self, sentences: Sequence[str]) -> Numbers:
        """A row a sentence, a column an act."""
        if not sentences:
            return np.zeros((0, len(self.acts)))
        rows = sparse.hstack([self._letters.transform(sentences), sign_matrix(sentences)]).tocsr()
        return np.asarray(self._model.predict_proba(rows), dtype=np.float64)

    def decisive(self, acts: Numbers) -> Numbers:
        """For each sentence, how likely it tells an outcome."""
        return np.asarray(acts[:, self._decisive].sum(axis=1), dtype=np.float64)

    def summary(self, sentences: Sequence[str]) -> dict[str, float]:
        """Numbers over the whole reply: the strongest and the mean of each act, and of telling an outcome."""
        if not sentences:
            return dict.fromkeys(self.names(), 0.0)
        acts = self.read(sentences)
        lengths = np.array([len(sentence) for sentence in sentences], dtype=np.float64)
        share = lengths / lengths.sum()
        hard = self.decisive(acts)
        numbers = [
            *acts.max(axis=0),
            *(share @ acts),
            hard.max(),
            share @ hard,
            hard[-1],
            np.log1p((hard * lengths).sum()),
        ]
        return {name: float(number) for name, number in zip(self.names(), numbers, strict=True)}

    def names(self) -> list[str]:
        """The keys of `summary`, in order."""
        tail = ["outcome_max", "outcome_mean", "outcome_last", "outcome_length"]
        return [f"max_{act}" for act in self.acts] + [f"mean_{act}" for act in self.acts] + tail


@lru_cache(maxsize=8192)
def acts_in(sentences: tuple[str, ...]) -> dict[str, float]:
    """`ActReader.summary` of a reply, remembered (a reply is looked at again and again while it is written)."""
    return reader().summary(sentences)


@lru_cache(maxsize=1)
def reader() -> ActReader:
    """The one reader of the process (built on first use, under a second)."""
    return ActReader()
