"""A small model a kind, made in half a second from the sentences beside it: how people say what no list of words holds.

Each file has sentences that say it (+) and sentences of the same records that do not (-); `ordinary.txt` is what a city's
citizens write otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    return [float(p) for p in _reader(kind).predict_proba(list(sentences))[:, 1]]


@cache
def _reader(kind: str) -> Any:
    return learn(*sentences_of(kind))


def learn(yes: Sequence[str], no: Sequence[str]) -> Any:
    """A reader from sentences that say it and sentences that do not."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    pairs = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    reader = make_pipeline(pairs, LogisticRegression(C=30.0, class_weight="balanced", max_iter=500))
    return reader.fit([*yes, *no], [1] * len(yes) + [0] * len(no))


def sentences_of(kind: str) -> tuple[list[str], list[str]]:
    """(those that say it, those that do not)."""
    lines = [line.split("\t") for line in (FOLDER / f"{kind}.tsv").read_text(encoding="utf-8").splitlines()]
    ordinary = [] if kind in _AMONG_ANSWERS else (FOLDER / "ordinary.txt").read_text(encoding="utf-8").splitlines()
    return [words for sign, words in lines if sign == "+"], [
        *(words for sign, words in lines if sign == "-"),
        *ordinary,
    ]
