"""What words mean where no list says it: each word has a place, near to those that are said in its stead.

The places were made once by a model of sentences and lie here as numbers (decision 052): nothing is asked of a model any more. A text
stands where its words stand on average; words that everybody says everywhere are short and count little.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from classifier.text.words import cut, normalise

Sense = npt.NDArray[np.float32]
PLACES = Path(__file__).with_name("senses.npz")
READ = 400
"""Characters that are read, of a question and of all the ways to ask for an article."""

NOWHERE: Sense = np.zeros(128, dtype=np.float32)


def nowhere() -> Sense:
    return NOWHERE


def sense_of(text: str) -> Sense:
    """Where a text stands, seen from where calls stand on average; of length 1, or nowhere when no word of it is known."""
    rows, places, centre = _places()
    known = [rows[one] for word in cut(normalise(text[:READ])) for one in _known(word, rows)]
    return _of_length_one(_of_length_one(places[known].mean(axis=0)) - centre) if known else NOWHERE


def _known(word: str, rows: dict[str, int]) -> list[str]:
    """The word, or those of its characters that have a place."""
    return [word] if word in rows else [sign for sign in word if sign in rows]


def _of_length_one(sense: Sense) -> Sense:
    return sense / max(float(np.linalg.norm(sense)), 1e-9)


@cache
def _places() -> tuple[dict[str, int], Sense, Sense]:
    """The row of each word, the places, and where calls stand on average."""
    with np.load(PLACES) as held:
        places = held["places"].astype(np.float32) * held["lengths"].astype(np.float32)[:, None]
        rows = {word: row for row, word in enumerate(str(held["words"]).split())}
        return rows, places, held["centre"]
