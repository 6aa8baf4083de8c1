"""How sure one can be of a share that was counted: Wilson's score interval, for figures, thresholds and drift alike."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959964
"""The 97.5 % point of the normal distribution: nineteen of twenty intervals hold the true share."""


def wilson(hits: float, of: int) -> tuple[float, float]:
    """The 95 % score interval of hits / of (Wilson, J. Am. Stat. Assoc. 22, 1927); (0, 1) when nothing was counted.

    It stays inside 0–1 and is honest for small numbers and for 0 % and 100 %, where n ± 2σ is not. hits may carry weights.
    """
    if of <= 0:
        return 0.0, 1.0
    share, spread = hits / of, Z95 * Z95 / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z95 * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))
