"""Whether today's texts still look like those the model was trained on and tested with: words, shares, sureness, corrections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from classifier.wilson import wilson

FEW = 50


@dataclass(frozen=True, slots=True)
class Drift:
    """One alarm lamp: `value` against `limit` (`kind`: words, classes, confidence, corrections); None when too few to say."""

    kind: str
    value: float
    limit: float
    alarm: bool | None
    n: int


@dataclass(frozen=True, slots=True)
class Period:
    """What a span of time looked like: how many answers per label, their confidences, share of known words, corrections."""

    labels: Mapping[str, int]
    confidences: Sequence[float]
    heard: Sequence[float]
    corrected: int
    judged: int


def drift(then: Period, now: Period) -> list[Drift]:
    """Four lamps. Limits: 0.2 is the usual line for a population stability index (Siddiqi 2006); the others are ours.

    A lamp says nothing while either period holds fewer than `FEW`: a new installation has not moved away from anything.
    """
    n = min(sum(now.labels.values()), sum(then.labels.values()))
    shares = stability(then.labels, now.labels)
    sureness = stability(_tenths(then.confidences), _tenths(now.confidences))
    unheard = _mean(then.heard) - _mean(now.heard)
    return [
        _lamp("words", unheard, 0.05, min(len(now.heard), len(then.heard))),
        _lamp("classes", shares, 0.2, n),
        _lamp("confidence", sureness, 0.2, min(len(now.confidences), len(then.confidences))),
        _corrections(then, now),
    ]


def stability(then: Mapping[str, int], now: Mapping[str, int]) -> float:
    """The population stability index of two counts, each smoothed by half a case per label; 0 is the same."""
    labels = set(then) | set(now)
    before, after = sum(then.values()) + len(labels) / 2, sum(now.values()) + len(labels) / 2
    pairs = (((then.get(one, 0) + 0.5) / before, (now.get(one, 0) + 0.5) / after) for one in sorted(labels))
    return sum((new - old) * log(new / old) for old, new in pairs)


def _corrections(then: Period, now: Period) -> Drift:
    """Alarm when today's correction rate is surely above the former one: its whole interval lies above."""
    low, _ = wilson(now.corrected, now.judged)
    _, before = wilson(then.corrected, then.judged)
    rate = now.corrected / now.judged if now.judged else 0.0
    return Drift("corrections", rate, before, low > before if min(now.judged, then.judged) >= FEW else None, now.judged)


def _lamp(kind: str, value: float, limit: float, n: int) -> Drift:
    return Drift(kind, value, limit, value > limit if n >= FEW else None, n)


def _tenths(values: Sequence[float]) -> Mapping[str, int]:
    return Counter(str(min(int(value * 10), 9)) for value in values)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
