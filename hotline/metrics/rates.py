"""A rate that is honest about itself: what it counts, what it leaves out and why, and how sure one can be of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z95 = 1.959964


@dataclass(frozen=True)
class Rate:
    """value: n / of in 0–1, None when nothing was counted. n may carry weights ("partly solved" counts w).

    of: how many were counted. parts: how many of them were hit, partly, miss. excluded: left out, why: the reasons with
    their numbers. interval: 95 %, by Wilson. too_few: fewer than the city thinks enough to judge anybody by.
    """

    key: str
    name: str
    value: float | None
    n: float
    of: int
    excluded: int
    why: tuple[tuple[str, int], ...]
    interval: tuple[float, float] | None
    too_few: bool
    reference: str
    parts: dict[str, int]
    good: bool | None
    version: str


def wilson(n: float, of: int) -> tuple[float, float] | None:
    """The 95 % score interval of a proportion (Wilson, J. Am. Stat. Assoc. 22, 1927); None when nothing was counted.

    It stays inside 0–1 and is honest for small numbers and for 0 % and 100 %, where n ± 2σ is not.
    """
    if of <= 0:
        return None
    share, z2 = n / of, Z95 * Z95
    middle = share + z2 / (2 * of)
    half = Z95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low, high = (middle - half) / (1 + z2 / of), (middle + half) / (1 + z2 / of)
    return max(0.0, min(low, share)), min(1.0, max(high, share))
