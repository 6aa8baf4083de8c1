"""Scores become probabilities one can believe, and a wished precision becomes a threshold with its interval.

Both are fitted on out-of-fold answers only: a model's own training answers would flatter it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Z95 = 1.96


@dataclass(frozen=True)
class Calibration:
    """How members are mixed (`shares`) and each class shifted (`bias`) so that softmax gives true frequencies."""

    shares: Floats
    bias: Floats


@dataclass(frozen=True)
class Threshold:
    """Answers with at least `p` may act: on out-of-fold answers they were right `precision` of the time.

    `low` and `high` bound that precision (Wilson, 95 %); `coverage` is the share of messages answered, of `n`.
    `p` above 1 means that no threshold reaches the wish.
    """

    wished: float
    p: float
    precision: float
    coverage: float
    low: float
    high: float
    n: int


def softmax(scores: Floats) -> Floats:
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def fit_calibration(members: Sequence[Floats], truth: Ints, weights: Floats | None = None) -> Calibration:
    """Shares and biases with the least log loss on out-of-fold `members` (each texts × classes).

    Temperature scaling (Guo et al. 2017) with one temperature per member and a lightly held bias per class.
    """
    count, classes = members[0].shape
    stacked = np.stack(members)
    weight = np.ones(count) if weights is None else weights
    target = np.zeros((count, classes))
    target[np.arange(count), truth] = 1
    scale = np.array([max(float(member.std()), 1e-9) for member in members])
    hold = 2.0 / weight.sum()

    def loss(values: Floats) -> tuple[float, Floats]:
        shares, bias = values[: len(members)] / scale, values[len(members) :]
        probability = softmax(np.tensordot(shares, stacked, 1) + bias)
        right = np.maximum(probability[np.arange(count), truth], 1e-12)
        gap = (probability - target) * (weight / weight.sum())[:, None]
        slope = np.concatenate([np.tensordot(stacked, gap, 2) / scale, gap.sum(axis=0) + 2 * hold * bias])
        return float(-(weight * np.log(right)).sum() / weight.sum() + hold * (bias @ bias)), slope

    start = np.concatenate([np.full(len(members), 2.0), np.zeros(classes)])
    bounds = [(0.0, 200.0)] * len(members) + [(-8.0, 8.0)] * classes
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300}).x
    return Calibration(best[: len(members)] / scale, best[len(members) :])


def expected_calibration_error(confidence: Floats, right: npt.NDArray[np.bool_], bins: int = 15) -> float:
    """ECE over equally wide bins (Naeini et al. 2015): the mean gap between confidence and accuracy."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    sums = np.bincount(place, confidence - right, bins)
    return float(np.abs(sums).sum() / max(len(confidence), 1))


def reliability(confidence: Floats, right: npt.NDArray[np.bool_], bins: int = 15) -> list[tuple[float, float, int]]:
    """(mean confidence, accuracy, how many) of each bin that holds anything, for the curve."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        (float(confidence[place == b].mean()), float(right[place == b].mean()), int((place == b).sum()))
        for b in range(bins)
        if (place == b).any()
    ]


def threshold_for(confidence: Floats, right: npt.NDArray[np.bool_], wished: float) -> Threshold:
    """The lowest confidence above which at least `wished` of the answers were right, never splitting equal ones."""
    if not len(confidence):
        return Threshold(wished, 2.0, 0.0, 0.0, 0.0, 1.0, 0)
    order = np.argsort(-confidence, kind="stable")
    sure, hits = confidence[order], np.cumsum(right[order])
    answered = np.arange(1, len(sure) + 1)
    last_of_equals = np.append(sure[1:] != sure[:-1], True)
    good = np.flatnonzero((hits / answered >= wished) & last_of_equals)
    if not len(good):
        return Threshold(wished, 2.0, 0.0, 0.0, 0.0, 1.0, len(sure))
    at = good[-1]
    low, high = wilson(int(hits[at]), int(answered[at]))
    coverage = float(answered[at] / len(sure))
    return Threshold(wished, float(sure[at]), float(hits[at] / answered[at]), coverage, low, high, len(sure))


def coverage_curve(confidence: Floats, right: npt.NDArray[np.bool_], points: int = 60) -> list[tuple[float, float]]:
    """(coverage, precision) from the surest answers to all of them."""
    order = np.argsort(-confidence, kind="stable")
    hits = np.cumsum(right[order])
    steps = np.unique(np.linspace(1, len(order), min(points, len(order))).astype(int))
    return [(float(step / len(order)), float(hits[step - 1] / step)) for step in steps]


def wilson(hits: int, n: int, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of a share (Wilson 1927); (0, 1) when nothing was seen."""
    if n == 0:
        return 0.0, 1.0
    share, spread = hits / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
