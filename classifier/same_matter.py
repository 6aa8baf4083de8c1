"""Do two texts tell of one and the same matter, whatever the words? The place decides, then what kind it is, then the words.

Names are compared as they sound, since people write them by ear; words as they stand and as they sound. Of one place and
kind no word need be in common: people tell one thing in many words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from classifier.evidence.buildings import elsewhere
from classifier.evidence.exact_place import ExactPlace
from classifier.nearness import Floats, bare, cosines
from classifier.text.pinyin import alike_in_sound, sounded

NEARLY = 0.72
"""The same letter sent again, with or without a place."""

ALIKE_HERE, ALIKE_NEAR = 0.28, 0.5
"""Words so alike tell of one matter at one place of another kind, and in one street where no exact place is told."""


class Kinship(IntEnum):
    """How near two kinds are: nothing in common, one of the same top level, the same kind."""

    NONE = 0
    GROUP = 1
    SAME = 2


def kinship(mine: Sequence[str], theirs: str | None) -> Kinship:
    """mine: the likeliest codes, best first; a code of two signs stands above those that begin with it."""
    if not theirs or not mine:
        return Kinship.NONE
    if theirs in mine or any(code.startswith(theirs) or theirs.startswith(code) for code in mine):
        return Kinship.SAME
    return Kinship.GROUP if any(code[:2] == theirs[:2] for code in mine) else Kinship.NONE


@dataclass(frozen=True)
class Side:
    """One of the two: where it is, and the road or street where nothing finer is told."""

    place: ExactPlace
    street: str = ""


def is_same_matter(one: Side, other: Side, kin: Kinship, likeness: float) -> bool:
    """likeness: as `likenesses` counts it, 0–1."""
    if one.place.key and other.place.key and one.place.fine and other.place.fine:
        if not alike_in_sound(one.place.key, other.place.key) or elsewhere(one.place.houses, other.place.houses):
            return False
        return kin is Kinship.SAME or likeness >= (ALIKE_HERE if kin is Kinship.GROUP else ALIKE_NEAR)
    if elsewhere(one.place.houses, other.place.houses):
        return False
    if likeness >= NEARLY:
        return True
    near_by = same_road(one, other) or (bool(one.street) and one.street == other.street)
    return near_by and kin is Kinship.SAME and likeness >= ALIKE_NEAR


def same_road(one: Side, other: Side) -> bool:
    """Both name no more than a road, and that one, as it sounds."""
    keys = one.place.key, other.place.key
    return all(keys) and not (one.place.fine or other.place.fine) and alike_in_sound(*keys)


def likenesses(text: str, others: Sequence[str], places: Sequence[str] = ()) -> Floats:
    """How alike `text` is to each of `others` (0–1), by letters and by sound, without the names in `places`: those are judged apart."""
    texts = [without(bare(one), places) for one in (text, *others)]
    return np.maximum(cosines(texts), cosines([sounded(one) for one in texts]))


def without(text: str, names: Sequence[str]) -> str:
    for name in names:
        text = text.replace(name, "")
    return text
