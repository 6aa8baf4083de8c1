"""Two models on the same texts, which neither has seen: is the new one worse?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from classifier.category.evaluate import detail, figures
from classifier.category.train import WISHED, Example, Model

FEWEST_JUDGED = 20
SLACK = 0.005
"""Half a point: what the former model may be ahead by before the new one counts as worse."""


def compare(
    candidate: Model, present: Model | None, judged: Sequence[Example], fresh: Sequence[Example]
) -> dict[str, Any]:
    """The candidate's figures on texts it has not seen; the present model is measured on those that are new to it too."""
    p, truth = candidate.probabilities([one.text for one in judged]), [one.label for one in judged]
    found = figures(candidate.labels, p, truth, candidate.threshold(WISHED).p)
    said: dict[str, Any] = {"judged": len(judged), **found, "detail": _curves(candidate, p, truth)}
    if present is not None and len(fresh) >= FEWEST_JUDGED:
        said |= {
            "fresh": len(fresh),
            "candidate_accuracy": _accuracy(candidate, fresh),
            "present_accuracy": _accuracy(present, fresh),
        }
    return said


def is_worse(said: dict[str, Any], model: Model, present: Model | None) -> bool:
    """By the newest tickets where both were compared on them, else by what each reached out of fold."""
    if present is None:
        return False
    if "present_accuracy" in said:
        return bool(said["candidate_accuracy"] < said["present_accuracy"] - SLACK)
    now, then = model.about.get("out_of_fold_accuracy"), present.about.get("out_of_fold_accuracy")
    alike = bool(model.about.get("own")) == bool(present.about.get("own"))
    return alike and isinstance(now, float) and isinstance(then, float) and now < then - 4 * SLACK


def _accuracy(model: Model, asked: Sequence[Example]) -> float:
    said = model.probabilities([one.text for one in asked]).argmax(axis=1)
    return sum(model.labels[at] == one.label for at, one in zip(said, asked, strict=True)) / len(asked)


def _curves(model: Model, p: Any, truth: list[str]) -> dict[str, Any]:
    """What the page draws: reliability, coverage, and the categories that came up."""
    said: dict[str, Any] = detail(model.labels, p, truth)
    return {
        "reliability": said["reliability"],
        "coverage_curve": said["coverage_curve"],
        "per_class": [one for one in said["per_class"] if one["support"]],
    }
