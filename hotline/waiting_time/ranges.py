"""From when to when eight of ten matters of a kind were closed; nothing is said of a kind with too few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hotline.waiting_time.measured import COLD, WARM, Wait


class Kind(NamedTuple):
    """unit, season: "" for all units, for the whole year."""

    category: str
    unit: str = ""
    season: str = ""


class Range(NamedTuple):
    """low to high working days. share: of `tickets` matters, how many lie in it; whole days make it more than 0.8 at times."""

    low: int
    high: int
    share: float
    tickets: int


def middle(days: Sequence[int]) -> Range:
    """The 10 % and 90 % quantiles, as the order statistics that hold the next matter in at least 8 of 10 cases.

    Of n values in order the ones of rank ⌊(n+1)/10⌋ and ⌈9(n+1)/10⌉ (Wilks, Ann. Math. Stat. 12, 1941). Needs 9 values.
    """
    ordered, n = sorted(days), len(days)
    low, high = ordered[(n + 1) // 10 - 1], ordered[min(n, -(-9 * (n + 1) // 10)) - 1]
    return Range(low, high, sum(low <= day <= high for day in ordered) / n, n)


def ranges(found: Iterable[Wait], few: int) -> dict[Kind, Range]:
    """By category and unit, by category, and by top-level kind, each where at least `few` matters tell it.

    A kind is split by half of the year only where both halves have enough.
    """
    days: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: {WARM: [], COLD: []})
    for wait in found:
        for key in {(wait.category, wait.unit), (wait.category, ""), (wait.top, "")}:
            days[key][wait.season].append(wait.days)
    enough = max(few, 9)
    told: dict[Kind, Range] = {}
    for (category, unit), halves in days.items():
        if min(map(len, halves.values())) >= enough:
            told |= {Kind(category, unit, season): middle(half) for season, half in halves.items()}
        elif len(both := halves[WARM] + halves[COLD]) >= enough:
            told[Kind(category, unit)] = middle(both)
    return told
