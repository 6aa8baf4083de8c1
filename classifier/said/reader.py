"""A small model a kind, made in half a second from the sentences beside it: how people say what no list of words holds.

Each file has sentences that say it (+) and sentences of the same records that do not (-); `ordinary.txt` is what a city's
citizens write otherwise.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
KINDS = ("secret", "promise", "empty", "thin", "title", "number", "asks")
"""Those that are heard alone; "dated" is only heard beside the rules of promises."""

_AMONG_ANSWERS = frozenset({"empty", "dated"})
"""Held against other answers alone, not against what citizens write."""


def said(kind: str, sentences: Sequence[str]) -> list[float]:
    """How surely each of these sentences says it, from 0 to 1. kind: one of KINDS, or "dated"."""
    if not sentences:
        return []
    return _reader(kind).says(sentences)


class Reader:
    """Weighs the letters, pairs and triples of a sentence; what scikit-learn's pipeline answers, without its way round."""

    def __init__(self, rarity: Mapping[str, float], weights: Mapping[str, float], bias: float) -> None:
        self._rarity = rarity
        self._weights = weights
        self._bias = bias

    def says(self, sentences: Sequence[str]) -> list[float]:
        """How surely each of these sentences says it, from 0 to 1."""
        return [self._one(sentence) for sentence in sentences]

    def _one(self, sentence: str) -> float:
        known = {piece: count for piece, count in Counter(_pieces(sentence)).items() if piece in self._rarity}
        heard = {piece: (1 + math.log(count)) * self._rarity[piece] for piece, count in known.items()}
        length = math.sqrt(sum(weight * weight for weight in heard.values())) or 1.0
        told = sum(weight * self._weights[piece] for piece, weight in heard.items())
        return 1 / (1 + math.exp(-(self._bias + told / length)))


def _pieces(sentence: str) -> list[str]:
    """The letters, pairs and triples of a sentence."""
    plain = re.sub(r"\s\s+", " ", sentence.lower())
    return [plain[at : at + size] for size in (1, 2, 3) for at in range(len(plain) - size + 1)]


@cache
def _reader(kind: str) -> Reader:
    return learn(*sentences_of(kind))


def learn(yes: Sequence[str], no: Sequence[str]) -> Reader:
    """A reader from sentences that say it and sentences that do not."""
    pieces, line = fitted(yes, no)
    names = pieces.get_feature_names_out().tolist()
    weights = dict(zip(names, line.coef_[0].tolist(), strict=True))
    return Reader(dict(zip(names, pieces.idf_.tolist(), strict=True)), weights, float(line.intercept_[0]))


def fitted(yes: Sequence[str], no: Sequence[str]) -> tuple[Any, Any]:
    """(the pieces with their rarity, the line through them) as scikit-learn fits them."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    pieces = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    line = LogisticRegression(C=30.0, class_weight="balanced", max_iter=500)
    line.fit(pieces.fit_transform([*yes, *no]), [1] * len(yes) + [0] * len(no))
    return pieces, line


def sentences_of(kind: str) -> tuple[list[str], list[str]]:
    """(those that say it, those that do not)."""
    lines = [line.split("\t") for line in (FOLDER / f"{kind}.tsv").read_text(encoding="utf-8").splitlines()]
    ordinary = [] if kind in _AMONG_ANSWERS else (FOLDER / "ordinary.txt").read_text(encoding="utf-8").splitlines()
    return [words for sign, words in lines if sign == "+"], [
        *(words for sign, words in lines if sign == "-"),
        *ordinary,
    ]
