"""Sets of answers that hold the right one as often as they say, whatever the probabilities are worth.

Split conformal prediction with the least ambiguous sets (Sadinle, Lei and Wasserman, J. Am. Stat. Assoc. 114, 2019): a set
is everything with at least some probability, and that floor is counted off answers whose truth has come out since. Where
kinds of answers differ, each has its own floor (Mondrian; Vovk, Gammerman and Shafer 2005).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor as rounded_down

Odds = Sequence[tuple[str, float]]
"""(answer, probability), the likeliest first; what is missing to 1 is everything that was not named."""


@dataclass(frozen=True)
class Decided:
    """What was thought of one matter, and what it turned out to be. kind: the kind of answer, with a floor of its own."""

    odds: Odds
    truth: str
    kind: str


@dataclass(frozen=True)
class Floor:
    """From which probability on an answer belongs to the set; 0 where nothing can be promised.

    stated: the share of sets that hold the truth; n: how many decided answers it was counted on.
    """

    kind: str
    stated: float
    p: float
    n: int


def floors(decided: Iterable[Decided], stated: float, fewest: int) -> list[Floor]:
    """A floor for each kind with enough decided answers, and one for all the others together under the kind "".

    It is 0 where the truth was so often not even named that no set can keep the promise.
    """
    kinds: defaultdict[str, list[float]] = defaultdict(list)
    for one in decided:
        kinds[one.kind].append(dict(one.odds).get(one.truth, 0.0))
    rare = [p for told in kinds.values() if len(told) < fewest for p in told]
    counted = {**{kind: told for kind, told in kinds.items() if len(told) >= fewest}, "": rare}
    return [
        Floor(kind, stated, _floor(told, stated), len(told)) for kind, told in counted.items() if len(told) >= fewest
    ]


def _floor(right: Sequence[float], stated: float) -> float:
    """The k-th smallest probability that the truth had, k = ⌊(n + 1)(1 − stated)⌋; 0 when n is too small for the promise."""
    k = rounded_down((len(right) + 1) * (1 - stated) + 1e-9)
    return sorted(right)[k - 1] if k else 0.0


def answers_above(odds: Odds, floor: float) -> tuple[str, ...]:
    """The set; empty where nothing reaches the floor: it is less sure than those that were counted, and promises nothing."""
    return tuple(answer for answer, p in odds if p >= floor)


def floor_of(found: Iterable[Floor], kind: str) -> Floor | None:
    """The floor of a kind, else that of all the rare ones."""
    by_kind: Mapping[str, Floor] = {one.kind: one for one in found}
    return by_kind.get(kind) or by_kind.get("")
