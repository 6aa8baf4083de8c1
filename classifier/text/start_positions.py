"""Where in many texts a thing of some kind may begin, told by its first two characters: one look at all texts, for all kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from classifier.text.char_ngrams import letters_of, split

LAST = 0xFFFF
"""Rarer characters are all read as this one, which may stand anywhere."""


class StartPositions:
    """kinds: kind → (characters that may stand first, characters that may stand second). What cannot be told apart is a place."""

    def __init__(self, kinds: Mapping[str, tuple[str, str]]):
        self._bits = {kind: np.uint16(1 << at) for at, kind in enumerate(kinds)}
        self._first, self._second = (np.zeros(LAST + 1, dtype=np.uint16) for _ in range(2))
        for kind, (first, second) in kinds.items():
            self._first[[*map(ord, first), LAST]] |= self._bits[kind]
            self._second[[*map(ord, second), LAST]] |= self._bits[kind]

    def places(self, texts: Sequence[str]) -> dict[str, list[list[int]]]:
        """Kind → for each text the places, in order, where one may begin."""
        letters = np.minimum(letters_of("".join(texts)), LAST)
        marks = self._first[letters[:-1]] & self._second[letters[1:]]
        marked = np.flatnonzero(marks)
        marks = marks[marked]
        return {kind: split(marked[marks & bit > 0], texts) for kind, bit in self._bits.items()}
