"""Which of six outcomes a reply tells, before a city's reviewers have named any: rules, and replies of our own writing."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from classifier.replies.features import Reading, read
from classifier.replies.model import VerdictTable, fit
from classifier.replies.speech_acts import acts_in

OUTCOMES = ("resolved", "explained", "planned", "promised", "forwarded", "off_topic")
_WRITTEN = Path(__file__).with_name("outcome.txt")
_STRENGTH = 5.0
_RULES = 1.0
"""What the rules' word adds to the log-odds of an outcome."""


def likeliest_outcomes(readings: Sequence[Reading]) -> list[str]:
    """Of each reply: what the rules say and what the written replies taught, together."""
    if not readings:
        return []
    table, taught = _taught()
    told = table.without_words(readings)["both"] @ taught.coef_.T + taught.intercept_
    ruled = taught.classes_ == np.array([[outcome_by_rules(reading)] for reading in readings])
    return [str(taught.classes_[at]) for at in (told + _RULES * ruled).argmax(axis=1)]


def outcome_by_rules(reading: Reading) -> str:
    """The likeliest outcome by the acts of the sentences and the kind of request."""
    acts = acts_in(reading.stripped.sentences)
    if reading.numbers["nothing"] and acts["outcome_max"] < 0.6:
        return "forwarded"
    said = {
        "resolved": max(acts["max_done"], acts["max_found"]),
        "explained": max(acts["max_rule"], acts["max_refuse"]) * 1.1,
        "planned": acts["max_plan"],
        "promised": max(acts["mean_promise"], acts["mean_studying"]) * (1.0 if acts["outcome_max"] < 0.5 else 0.5),
        "forwarded": max(acts["mean_consult"], acts["mean_forward"], acts["mean_not_ours"]),
        "off_topic": max(acts["mean_ask_more"], acts["mean_talk"] * 0.8),
    }
    return max(OUTCOMES, key=lambda outcome: said[outcome])


@cache
def _taught() -> tuple[VerdictTable, Any]:
    """In a fifth of a second, at the first reply."""
    outcomes, readings = [], []
    for line in _WRITTEN.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            outcome = line.strip("[]")
        elif not line.startswith("#"):
            outcomes.append(outcome)
            readings.append(read(*line.split("\t")))
    with threadpool_limits(1):
        table = VerdictTable(readings, words=False)
        return table, fit(table.without_words(readings)["both"], outcomes, np.ones(len(outcomes)), _STRENGTH)
