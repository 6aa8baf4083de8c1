"""What the cue words of texts say, read once for all who answer about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from classifier.suggestion import Ranked
from classifier.text import cues
from classifier.text.words import TOGETHER


@dataclass(frozen=True, slots=True)
class Heard:
    """The request types, best first; the urgency and its words; why a person must be rung, if so."""

    request_types: tuple[Ranked, ...]
    urgency: str
    urgency_words: tuple[str, ...]
    safety: tuple[Ranked, ...]


@lru_cache(maxsize=2 * TOGETHER)
def hear(clean: str) -> Heard:
    """clean: a text in normalised writing. The last answers are kept: model and keywords ask of the same messages."""
    return Heard(cues.request_type(clean), *cues.urgency(clean), cues.safety(clean))


def hear_many(clean: Iterable[str]) -> list[Heard]:
    """The same for many."""
    return list(map(hear, clean))
