"""Scores become probabilities one can believe, and a wished precision becomes a threshold with its interval.

Both are fitted on out-of-fold answers only: a model's own training answers would flatter it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from classifier.wilson import wilson

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
PLAIN = (1.0, 0.0)
HOLD = 10.0
NOISES = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08)


@dataclass(frozen=True)
class Calibration:
    """How members are mixed (`shares`) and each class shifted (`bias`) so that softmax gives true frequencies.

    `noise` is the share of labels that no reading explains: however clear a text, its label is any of them then.
    `temper` (slope, offset) corrects the log odds of the first answer: those of the clear texts are promised too high
    by any softmax, those of the doubtful ones too low.
    """

    shares: Floats
    bias: Floats
    noise: float = 0.0
    temper: tuple[float, float] = PLAIN

    def probabilities(self, members: Sequence[Floats]) -> Floats:
        """texts × classes, from the members' scores."""
        scores = sum(share * member for share, member in zip(self.shares, members, strict=True))
        return spread(np.asarray(scores + self.bias), self.noise, self.temper)


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


def spread(scores: Floats, noise: float, temper: tuple[float, float] = PLAIN) -> Floats:
    """Softmax of texts × classes, `noise` of the mass shared by all classes alike, the first answer's odds tempered."""
    p = np.asarray((1 - noise) * softmax(scores) + noise / scores.shape[1])
    return p if temper == PLAIN else _tempered(p, *temper)


def _tempered(p: Floats, slope: float, offset: float) -> Floats:
    """The others keep their proportions among each other, and none comes before the first."""
    rows, first = np.arange(len(p)), p.argmax(axis=1)
    sure = np.clip(p[rows, first], 1e-9, 1 - 1e-9)
    second = np.partition(p, -2, axis=1)[:, -2]
    told = np.maximum(1 / (1 + np.exp(-slope * np.log(sure / (1 - sure)) - offset)), second / (1 - sure + second))
    p = p * ((1 - told) / (1 - sure))[:, None]
    p[rows, first] = told
    return np.asarray(p / p.sum(axis=1, keepdims=True))


def fit_calibration(members: Sequence[Floats], truth: Ints, counts: Floats | None = None) -> Calibration:
    """Shares, biases and noise with the least log loss on out-of-fold `members` (each texts × classes).

    counts: what each text counts for, 1.0 unless told.

    Temperature scaling (Guo et al. 2017), one temperature per member and a lightly held bias per class; the noise is
    tried in steps, because labels of real boards are not clean and a clear text must not promise more than they keep.
    The first answers are then tempered (Platt 1999).
    """
    counts = np.ones(len(truth)) if counts is None else counts
    tried = [_fitted(np.stack(members), truth, counts, noise) for noise in NOISES]
    best = min(tried, key=lambda pair: pair[0])[1]
    p = best.probabilities(members)
    return replace(best, temper=_temper(p.max(axis=1), p.argmax(axis=1) == truth, counts))


def _temper(sure: Floats, right: npt.NDArray[np.bool_], counts: Floats) -> tuple[float, float]:
    """Slope and offset with the least log loss of "the first answer is right", held near `PLAIN` when texts are few."""
    odds, sign = np.log(np.clip(sure, 1e-6, None) / np.clip(1 - sure, 1e-6, None)), np.where(right, -1.0, 1.0)

    def loss(values: Floats) -> float:
        slope, offset = values
        return float(counts @ np.logaddexp(0, sign * (slope * odds + offset)) + HOLD * ((slope - 1) ** 2 + offset**2))

    from scipy.optimize import minimize

    slope, offset = minimize(loss, PLAIN, method="L-BFGS-B", bounds=[(0.3, 3.0), (-2.0, 2.0)]).x
    return float(slope), float(offset)


def _fitted(stacked: Floats, truth: Ints, counts: Floats, noise: float) -> tuple[float, Calibration]:
    """(log loss, calibration) for one share of noise."""
    count, (parts, _, classes) = counts.sum(), stacked.shape
    here = np.arange(len(truth))
    scale = np.maximum(stacked.std(axis=(1, 2)), 1e-9)
    hold = 2.0 / count

    def loss(values: Floats) -> tuple[float, Floats]:
        shares, bias = values[:parts] / scale, values[parts:]
        p = softmax(np.tensordot(shares, stacked, 1) + bias)
        clean = p[here, truth].copy()
        told = (1 - noise) * clean + noise / classes + 1e-12
        p[here, truth] -= 1
        p *= (counts * (1 - noise) * clean / told / count)[:, None]
        slope = np.concatenate([np.tensordot(stacked, p, 2) / scale, p.sum(axis=0) + 2 * hold * bias])
        return float(-(counts @ np.log(told)) / count + hold * (bias @ bias)), slope

    from scipy.optimize import minimize

    start = np.concatenate([np.full(parts, 2.0), np.zeros(classes)])
    bounds = [(0.0, 200.0)] * parts + [(-8.0, 8.0)] * classes
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200})
    return float(best.fun), Calibration(best.x[:parts] / scale, best.x[parts:], noise)


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


def thresholds_above(p: Floats, truth: Ints, owner: Ints, wished: Iterable[float]) -> tuple[Threshold, ...]:
    """The same one level up: `owner` is the number of each label's parent, whose labels' probabilities are summed."""
    mass = np.stack([p[:, owner == one].sum(axis=1) for one in range(owner.max() + 1)], axis=1)
    sure, right = mass.max(axis=1), mass.argmax(axis=1) == owner[truth]
    return tuple(threshold_for(sure, right, wish) for wish in wished)


def fitting(chosen: Iterable[Threshold], wished: float) -> Threshold:
    """The one for a wish, else the next stricter, else one that nothing reaches."""
    strict = sorted((one for one in chosen if one.wished >= wished - 1e-9), key=lambda one: one.wished)
    return strict[0] if strict else Threshold(wished, 2.0, 0.0, 0.0, 0.0, 1.0, 0)


def coverage_curve(confidence: Floats, right: npt.NDArray[np.bool_], points: int = 60) -> list[tuple[float, float]]:
    """(coverage, precision) from the surest answers to all of them."""
    order = np.argsort(-confidence, kind="stable")
    hits = np.cumsum(right[order])
    steps = np.unique(np.linspace(1, len(order), min(points, len(order))).astype(int))
    return [(float(step / len(order)), float(hits[step - 1] / step)) for step in steps]
