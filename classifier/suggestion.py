"""The one shape of an answer, whichever classifier gave it, so that callers never ask which one it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

REQUEST_TYPES = ("consult", "help", "complaint", "report", "suggestion", "praise", "other")
URGENCIES = ("normal", "urgent", "critical")
LIFE = ("danger", "self_harm")
"""Somebody may die now: this rings, and no model and no rule of thumb says otherwise."""

SAFETY = (*LIFE, "hazard", "outage", "informant", "group")
"""Why a person must look; all but `LIFE` only keep a matter from going out unread."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One candidate: its code, the probability that it is right, and the words of the text that spoke for it."""

    code: str
    p: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one text is about.

    `ranked` holds the finest level, best first, and sums to at most 1; `parents` names the parent of each code.
    `known` is False when the text is unlike anything the classifier can speak about: then nothing may act on it.
    `safety` names why a person must look whatever the scores say (see `SAFETY` and `LIFE`).
    """

    ranked: tuple[Ranked, ...]
    request_type: str
    urgency: str
    words: tuple[str, ...]
    model: str
    known: bool
    parents: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    request_types: tuple[Ranked, ...] = ()
    urgency_words: tuple[str, ...] = ()
    safety: tuple[Ranked, ...] = ()

    @property
    def level1(self) -> tuple[Ranked, ...]:
        """The same probabilities one level up, best first; a code without a parent stands for itself."""
        mass: dict[str, float] = {}
        words: dict[str, tuple[str, ...]] = {}
        for one in self.ranked:
            parent = self.parents.get(one.code) or one.code
            mass[parent] = mass.get(parent, 0.0) + one.p
            words[parent] = words.get(parent, ()) + one.words
        best = sorted(mass.items(), key=lambda item: (-item[1], item[0]))
        return tuple(Ranked(code, p, tuple(dict.fromkeys(words[code]))) for code, p in best)

    @property
    def best(self) -> Ranked | None:
        """The first candidate, or None when nothing speaks."""
        return self.ranked[0] if self.ranked else None

    @property
    def code(self) -> str | None:
        return self.ranked[0].code if self.ranked else None

    @property
    def p(self) -> float:
        return self.ranked[0].p if self.ranked else 0.0


class Classifier(Protocol):
    """Anything that answers; `name` is stored with every proposal so that a decision can be replayed."""

    @property
    def name(self) -> str: ...

    def suggest(self, text: str) -> Suggestion: ...

    def suggest_many(self, texts: Sequence[str]) -> list[Suggestion]: ...
