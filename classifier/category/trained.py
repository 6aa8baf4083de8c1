"""A trained model that speaks like every other classifier: ranked codes, believable numbers, the words, or "don't know"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix

from classifier.category.calibrate import Floats
from classifier.category.explain import Speakers
from classifier.category.keywords import KEPT
from classifier.category.pipeline import Parts, features_of_clean
from classifier.category.train import Model, heard
from classifier.suggestion import Ranked, Suggestion
from classifier.text.cue_reading import Heard, hear_many
from classifier.text.cues import READ
from classifier.text.matter import matter
from classifier.text.words import TOGETHER, normalise_many

EXPLAINED = 3


class TrainedClassifier:
    """Answers with a `Model`; `parents` maps a code to its parent (by default its first two characters).

    `known` is False when too few of the text's words were ever seen, or none: then its numbers mean nothing and no
    threshold may act on them.
    """

    def __init__(self, model: Model, parents: Mapping[str, str] | None = None):
        self.model = model
        self.name = model.name
        self._parents = {code: (parents or {}).get(code, _parent(code)) for code in model.labels}
        self._speakers = Speakers(model)
        self._codes = np.array(model.labels, dtype=object)

    def suggest(self, text: str) -> Suggestion:
        return self._answers([text])[0]

    def suggest_many(self, texts: Sequence[str]) -> list[Suggestion]:
        """What each alone would get; together they cost half."""
        return [
            said for start in range(0, len(texts), TOGETHER) for said in self._answers(texts[start : start + TOGETHER])
        ]

    def _answers(self, texts: Sequence[str]) -> list[Suggestion]:
        """Each step for all texts before the next one; no row of numbers depends on the rows beside it."""
        clean = normalise_many(matter(text[:READ]) for text in texts)
        read: list[Parts] = []
        known: list[bool] = []
        rows = self.model.weigher.matrix(self._reading(clean, read, known), np.float32)
        ranked = self._ranked(self.model.judged(read, rows), rows)
        told = self.model.requests.hear(clean, read) if self.model.requests else hear_many(clean)
        return [self._said(*one) for one in zip(told, ranked, known, strict=True)]

    def _reading(self, clean: Iterable[str], read: list[Parts], known: list[bool]) -> Iterator[Parts]:
        """Each text's features, kept in `read`, and whether enough is known of it: asked while its words are still at hand."""
        for one in clean:
            parts = features_of_clean(one)
            share = heard(parts[0], self.model.weigher.index)
            read.append(parts)
            known.append(0 < share >= self.model.strange)
            yield parts

    def _ranked(self, p: Floats, rows: csr_matrix) -> list[tuple[Ranked, ...]]:
        best = np.argsort(-p, axis=1, kind="stable")[:, :KEPT]
        codes = self._codes[best].tolist()
        shares = p[np.arange(len(p))[:, None], best].tolist()
        words = self._speakers.words(rows, best[:, :EXPLAINED])
        silent = [()] * (KEPT - EXPLAINED)
        return [tuple(map(Ranked, *one, (*told, *silent))) for *one, told in zip(codes, shares, words, strict=True)]

    def _said(self, told: Heard, ranked: tuple[Ranked, ...], known: bool) -> Suggestion:
        return Suggestion(
            ranked=ranked,
            request_type=told.request_types[0].code,
            urgency=told.urgency,
            words=ranked[0].words,
            model=self.name,
            known=known,
            parents=self._parents,
            request_types=told.request_types,
            urgency_words=told.urgency_words,
            safety=told.safety,
        )


def _parent(code: str) -> str:
    return code[:2] if code.isdigit() and len(code) > 2 else ""
