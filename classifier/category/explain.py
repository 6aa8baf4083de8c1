"""Which words of a text spoke for an answer: a linear model's own contributions, so the reason is the real one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix

from classifier.category.calibrate import Ints
from classifier.category.train import Model

MOST = 6
Words = tuple[str, ...]


class Speakers:
    """What the words of one model say; made once for it, then asked for many texts at a time."""

    def __init__(self, model: Model):
        self._names = np.array(list(model.weigher.index), dtype=object)
        self._telling = np.array([len(word) > 1 for word in model.weigher.index], dtype=bool)
        self._forces = model.judge.weights

    def words(self, rows: csr_matrix, labels: Ints, most: int = MOST) -> list[list[Words]]:
        """For each row (a text's features) and each label of its line in `labels`, which is texts × any number: the words.

        Those of two characters and more that lift this label above the average label, strongest first. A feature's
        weights lie around zero (see `pipeline.levelled`): a weight is what it says beyond the average.
        """
        texts, asked = labels.shape
        owners, numbers, weights = self._known(rows)
        lift = self._forces[numbers[:, None], labels[owners]] * weights[:, None]
        at, place = np.nonzero(lift > 0)
        place += owners[at] * asked
        order = np.lexsort((-lift[lift > 0], place))
        starts = np.searchsorted(place[order], np.arange(texts * asked + 1)).tolist()
        names = self._names[numbers[at[order]]]
        told = [tuple(names[start : min(start + most, end)]) for start, end in pairwise(starts)]
        return [told[first : first + asked] for first in range(0, len(told), asked)]

    def _known(self, rows: csr_matrix) -> tuple[Ints, Ints, Ints]:
        """(text, word, weight) of every word that may be named."""
        owners = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
        words = np.flatnonzero(rows.indices < len(self._names))
        words = words[self._telling[rows.indices[words]]]
        return owners[words], rows.indices[words], rows.data[words]
