"""What the cue words of texts say, read once for all who answer about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from classifier.suggestion import Ranked
from classifier.text import cues


@dataclass(frozen=True, slots=True)
class Heard:
    """The request types, best first; the urgency and its words; why a person must be rung, if so."""

    request_types: tuple[Ranked, ...]
    urgency: str
    urgency_words: tuple[str, ...]
    safety: tuple[Ranked, ...]


def hear(clean: str) -> Heard:
    """clean: a text in normalised writing."""
    return Heard(cues.request_type(clean), *cues.urgency(clean), cues.safety(clean))


def hear_many(clean: Sequence[str]) -> Sequence[Heard]:
    """The same for many."""
    return _hear(tuple(clean))


@lru_cache(maxsize=4)
def _hear(clean: tuple[str, ...]) -> tuple[Heard, ...]:
    return tuple(map(hear, clean))
