"""Which words of a text spoke for an answer: a linear model's own contributions, so the reason is the real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .calibrate import Floats, Ints
from .train import Model

MOST = 6


@dataclass(frozen=True, slots=True)
class Spoken:
    """The known words of one text, and how far each lifts each label above the average label (words × labels)."""

    words: tuple[str, ...]
    lift: Floats

    def for_label(self, label: int, most: int = MOST) -> tuple[str, ...]:
        """The words of two characters and more that lift this label, strongest first."""
        lift = self.lift[:, label]
        strongest = np.argsort(-lift, kind="stable").tolist()
        telling = (self.words[at] for at in strongest if lift[at] > 0 and len(self.words[at]) > 1)
        return tuple(word for word, _ in zip(telling, range(most), strict=False))


def spoken(model: Model, numbers: Ints, weights: Floats, words: Sequence[str]) -> Spoken:
    """What the words of a text contributed; `numbers` and `weights` are its row, where known words come first."""
    index = model.weigher.index
    known = tuple(word for word in dict.fromkeys(words) if word in index)
    force = model.judge.weights[numbers[: len(known)]] * weights[: len(known), None]
    return Spoken(known, force - force.mean(axis=1, keepdims=True))


def telling_words(model: Model, label: str, most: int = 20) -> list[str]:
    """The words that speak most for a label anywhere, for the model page."""
    at, known = model.labels.index(label), len(model.weigher.index)
    lift = (model.judge.weights[:known, at] - model.judge.weights[:known].mean(axis=1)) * model.weigher.idf[:known]
    names = list(model.weigher.index)
    return [names[i] for i in np.argsort(-lift, kind="stable") if len(names[i]) > 1][:most]
