"""What the cue words of texts say, read once for all who answer about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from classifier.suggestion import Ranked
from classifier.text import cues

if TYPE_CHECKING:
    from classifier.text.prefilter import Prefilter


@dataclass(frozen=True, slots=True)
class Heard:
    """The request types, best first; the urgency and its words; why a person must be rung, if so."""

    request_types: tuple[Ranked, ...]
    urgency: str
    urgency_words: tuple[str, ...]
    safety: tuple[Ranked, ...]


def hear(clean: str) -> Heard:
    """clean: a text in normalised writing."""
    return _heard(clean, alarming=True)


def hear_many(clean: Sequence[str]) -> Sequence[Heard]:
    """The same for many, or for one where numpy is at hand: in most nothing is alarming, which is seen for all at once."""
    return _hear(tuple(clean))


@lru_cache(maxsize=4)
def _hear(clean: tuple[str, ...]) -> tuple[Heard, ...]:
    return tuple(_heard(*one) for one in zip(clean, _alarming().lets_through(clean), strict=True))


def _heard(clean: str, alarming: bool) -> Heard:
    kinds = cues.request_type(clean)
    return Heard(kinds, *cues.urgency(clean), cues.safety(clean)) if alarming else Heard(kinds, "normal", (), ())


@cache
def _alarming() -> Prefilter:
    from classifier.text.prefilter import Prefilter

    levels = ("critical", "urgent", *cues.SAFETY_CUES)
    return Prefilter(pattern for level in levels for pattern in cues._patterns(level))
