"""Which words of a text spoke for an answer: a linear model's own contributions, so the reason is the real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from .calibrate import Floats, Ints
from .train import Model

MOST = 6


@dataclass(frozen=True, slots=True)
class Spoken:
    """The known words of one text, how much each weighs there, and what each says for every label (words × labels)."""

    words: tuple[str, ...]
    weights: Floats
    force: npt.NDArray[np.float32]

    def for_label(self, label: int, most: int = MOST) -> tuple[str, ...]:
        """The words of two characters and more that lift this label above the average label, strongest first."""
        lift = (self.force[:, label] - self.force @ _mean_of(self.force.shape[1])) * self.weights
        strongest = np.argsort(-lift, kind="stable").tolist()
        telling = (self.words[at] for at in strongest if lift[at] > 0 and len(self.words[at]) > 1)
        return tuple(word for word, _ in zip(telling, range(most), strict=False))


def spoken(model: Model, numbers: Ints, weights: Floats, words: Sequence[str]) -> Spoken:
    """What the words of a text contributed; `numbers` and `weights` are its row, where known words come first."""
    index = model.weigher.index
    known = tuple(word for word in dict.fromkeys(words) if word in index)
    return Spoken(known, weights[: len(known)], model.judge.weights.take(numbers[: len(known)], axis=0))


@cache
def _mean_of(labels: int) -> npt.NDArray[np.float32]:
    return np.full(labels, 1 / labels, dtype=np.float32)


def telling_words(model: Model, label: str, most: int = 20) -> list[str]:
    """The words that speak most for a label anywhere, for the model page."""
    at, known = model.labels.index(label), len(model.weigher.index)
    lift = (model.judge.weights[:known, at] - model.judge.weights[:known].mean(axis=1)) * model.weigher.idf[:known]
    names = list(model.weigher.index)
    return [names[i] for i in np.argsort(-lift, kind="stable") if len(names[i]) > 1][:most]
