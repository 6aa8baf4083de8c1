"""A trained model that speaks like every other classifier: ranked codes, believable numbers, the words, or "don't know"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from . import cues
from .calibrate import spread
from .cues import READ
from .explain import spoken
from .keywords import KEPT, by_parent
from .pipeline import features_of_clean
from .suggestion import Ranked, Suggestion
from .train import Model, heard
from .words import normalise

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

    def suggest(self, text: str) -> Suggestion:
        model = self.model
        clean = normalise(text[:READ])
        parts = features_of_clean(clean)
        numbers, weights = model.weigher.row(parts)
        scores = model.judge.score(numbers, weights)
        if model.background and model.reader:
            scores += model.reader.scores(model.background.view(parts))
        p = spread(np.atleast_2d(scores), model.noise, model.temper)[0]
        share = heard(parts[0], model.weigher.index)
        reasons = spoken(model, numbers, weights, parts[0])
        best = np.argsort(-p, kind="stable")[:KEPT].tolist()
        ranked = tuple(
            Ranked(model.labels[at], float(p[at]), reasons.for_label(at) if place < EXPLAINED else ())
            for place, at in enumerate(best)
        )
        return self._said(clean, ranked, len(numbers) > 0 and share > 0 and share >= model.strange)

    def suggest_many(self, texts: Sequence[str]) -> list[Suggestion]:
        return [self.suggest(text) for text in texts]

    def _said(self, clean: str, ranked: tuple[Ranked, ...], known: bool) -> Suggestion:
        kinds = cues.request_type(clean)
        level, urgent_words = cues.urgency(clean)
        return Suggestion(
            ranked=ranked,
            request_type=kinds[0].code,
            urgency=level,
            words=ranked[0].words,
            model=self.name,
            known=known,
            level1=by_parent(ranked, self._parents),
            request_types=kinds,
            urgency_words=urgent_words,
            safety=cues.safety(clean),
        )


def _parent(code: str) -> str:
    return code[:2] if code.isdigit() and len(code) > 2 else ""
