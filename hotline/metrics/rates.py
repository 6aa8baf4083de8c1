"""A rate that is honest about itself: what it counts, what it leaves out and why, and how sure one can be of it."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.wilson import wilson


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


def interval(n: float, of: int) -> tuple[float, float] | None:
    """The 95 % interval of a rate (see `wilson`); None when nothing was counted, for then nothing is shown."""
    return wilson(n, of) if of > 0 else None
