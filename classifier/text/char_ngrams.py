"""Where in many texts a word may begin, told by its first characters: one look at all places instead of one at each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

BITS = 18
Letters = npt.NDArray[np.uint32]


class Words:
    """Words of two characters and more, hashed by the first two, or three: it may see one that is not there, never miss one."""

    def __init__(self, words: Iterable[str]):
        self._two, self._three = np.zeros(1 << BITS, dtype=bool), np.zeros(1 << BITS, dtype=bool)
        heads = sorted({word[:3] for word in words})
        two, three = _hashed(letters_of("".join(head.ljust(3) for head in heads)))
        longer = np.array([len(head) > 2 for head in heads], dtype=bool)
        self._two[two[::3][~longer]] = True
        self._three[three[::3][longer]] = True

    def places(self, texts: Sequence[str]) -> list[list[int]]:
        """For each text the places, in order, where a word may begin."""
        two, three = _hashed(letters_of("".join(texts)))
        seen = self._two[two]
        seen[:-1] |= self._three[three]
        return split(np.flatnonzero(seen), texts)


def letters_of(text: str) -> Letters:
    """One number a character, half characters included."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def split(places: npt.NDArray[np.intp], texts: Sequence[str]) -> list[list[int]]:
    """Ascending places in all texts on end → for each text the places in it."""
    starts = np.cumsum([0, *map(len, texts)])
    bounds = np.searchsorted(places, starts)
    within = (places - np.repeat(starts[:-1], np.diff(bounds))).tolist()
    ends = bounds.tolist()
    return [within[start:end] for start, end in pairwise(ends)]


def _hashed(letters: Letters) -> tuple[Letters, Letters]:
    """(place of each two neighbours, place of each three) in tables of 2 ** `BITS`."""
    two = letters[:-1] * np.uint32(0x9E3779B1) + letters[1:] * np.uint32(0x85EBCA77)
    three = (two[:-1] ^ two[:-1] >> np.uint32(15)) * np.uint32(0x2C1B3C6D) + letters[2:] * np.uint32(0xC2B2AE35)
    return two >> np.uint32(32 - BITS), three >> np.uint32(32 - BITS)
