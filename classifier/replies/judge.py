"""The reviewer's assistant: would a strict reviewer send this reply back, why, and what is missing. It never decides."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from classifier.replies.features import Reading, Sign, read
from classifier.replies.match import Match
from classifier.replies.model import VerdictModel, VerdictRow, VerdictTable, part_of
from classifier.replies.outcome import likeliest_outcomes
from classifier.replies.promised.open_ended import found_and_open_ended, hangs, only_open_ended
from classifier.replies.promised.zeal import first_zeal, only_zeal
from classifier.replies.reasons import Why, missing_of, reasons_of
from classifier.replies.speech_acts import acts_in

_FEWEST = 60
_FEWEST_BACK = 15
_LEARNT_REASON = 0.5
_HARDLY = 0.2


@dataclass(frozen=True)
class ReplyJudgement:
    """`p_send_back` is a probability; `reasons` carry R codes, `missing` the items of a full answer by name; `covered`
    pairs every request with the sentence that fits it best; `stripped` is what the reply says without formulas."""

    p_send_back: float
    reasons: tuple[Why, ...]
    missing: tuple[Why, ...]
    covered: tuple[Match, ...]
    outcome: str
    stripped: str
    trained: bool


_HANGING, _FOUND_AND_HANGING = 0.85, 0.6
"""At least so likely is a send-back of a plan without a day that waits for money, and of one after a finding."""

_ZEALOUS = 0.6
"""The same of a reply that praises its own zeal and tells no fact: of 1,330 real ones five are such, and all were sent back."""

COLD: Mapping[str, float] = {"told_max": -0.4, "told_top": -0.6, "soft_share": 1.0, "last_soft": 0.3}
"""Hand-set weights for a city without verdicts: what tells an outcome speaks for a reply, what puts off against it."""
_COLD_START = 0.4
_UNTAUGHT_SHARE = 0.15


def cold_score(reading: Reading) -> float:
    """The untrained judgement, as log-odds."""
    seen = {**reading.numbers, **acts_in(reading.stripped.sentences)}
    return _COLD_START + sum(weight * seen[name] for name, weight in COLD.items())


def beside_untaught(score: float, reading: Reading) -> float:
    """What was learnt, with a little of the untaught judgement: replies of other habits than those learnt from fool it less."""
    return _logistic(_logit(score) + _UNTAUGHT_SHARE * cold_score(reading))


@dataclass(frozen=True)
class Judge:
    """Judges replies: cold (no model) by hand-set weights, trained by the verdicts of reviewers."""

    model: VerdictModel | None = None
    slope: float = 1.0
    shift: float = 0.0

    def judge(self, message: str, reply: str) -> ReplyJudgement:
        """Judge one reply; `message` is subject, line break, body (or the body alone)."""
        return self.judge_reading(read(message, reply))

    def judge_reading(self, reading: Reading) -> ReplyJudgement:
        """The same for a pair already read."""
        return self.judge_readings([reading])[0]

    def judge_readings(self, readings: Sequence[Reading]) -> list[ReplyJudgement]:
        """The same for many, in one go."""
        learnt = self.model.say(readings) if self.model is not None else [None] * len(readings)
        taught = self.model is not None and self.model.tells_outcomes
        outcomes = [said[1] for said in learnt if said] if taught else likeliest_outcomes(readings)
        return [self._judged(*one) for one in zip(readings, learnt, outcomes, strict=True)]

    def _judged(
        self, reading: Reading, learnt: tuple[float, str, dict[str, float]] | None, outcome: str
    ) -> ReplyJudgement:
        acts = acts_in(reading.stripped.sentences)
        seen = reasons_of(reading, acts)
        if learnt is None:
            p = _logistic(cold_score(reading))
        else:
            score, _outcome, reasons = learnt
            p = self._calibrated(beside_untaught(score, reading))
            seen = seen if p < _HARDLY else _with_learnt(reading, seen, reasons)
        if (least := _least(reading)) > 0:
            p, outcome, seen = max(p, least), "promised", _with_condition(reading, seen)
        elif only_zeal(reading.stripped.text):
            p, seen = max(p, _ZEALOUS), _with_zeal(reading, seen)
        return ReplyJudgement(
            p_send_back=round(p, 4),
            reasons=tuple(seen),
            missing=tuple(missing_of(reading, acts)),
            covered=reading.matches,
            outcome=outcome,
            stripped=reading.stripped.text,
            trained=self.model is not None,
        )

    def probability(self, readings: Sequence[Reading]) -> list[float]:
        """P(send back) of each."""
        if self.model is None:
            scores = [_logistic(cold_score(reading)) for reading in readings]
        else:
            taught = zip(self.model.send_back(readings), readings, strict=True)
            scores = [self._calibrated(beside_untaught(*one)) for one in taught]
        return [
            max(score, _least(reading), _ZEALOUS * only_zeal(reading.stripped.text))
            for score, reading in zip(scores, readings, strict=True)
        ]

    def _calibrated(self, score: float) -> float:
        return _logistic(self.slope * _logit(score) + self.shift)


def _least(reading: Reading) -> float:
    """Below this no verdicts may bring a plan that hangs on a condition and names no day."""
    sentences = reading.stripped.sentences
    if only_open_ended(sentences):
        return _HANGING
    return _FOUND_AND_HANGING if found_and_open_ended(sentences) else 0.0


def _with_condition(reading: Reading, seen: list[Why]) -> list[Why]:
    """The reason for it first, in the words it was seen in."""
    evidence = next((sentence for sentence in reading.stripped.sentences if hangs(sentence)), "")
    return [Why("R09", "waits_for", evidence), *(why for why in seen if why.code not in ("R09", "R01"))]


def _with_zeal(reading: Reading, seen: list[Why]) -> list[Why]:
    empty = Why("R10", "template", first_zeal(reading.stripped.text))
    return [empty, *(why for why in seen if why.code != "R10")]


def _with_learnt(reading: Reading, seen: list[Why], learnt: Mapping[str, float]) -> list[Why]:
    """What reviewers would say, the likeliest first, in the words of what was seen where that is the same."""
    strongest = max(learnt.values(), default=0.0)
    by_code = {why.code: why for why in reversed(seen)}
    params = {"request": reading.main.text[:30]}
    said = [
        by_code.get(code) or Why(code, _KEYS.get(code, "no_outcome"), _evidence(reading), params)
        for code, weight in sorted(learnt.items(), key=lambda pair: -pair[1])
        if weight >= _LEARNT_REASON or weight == strongest
    ]
    return said or seen


_KEYS = {
    "R01": "no_outcome",
    "R02": "off_the_matter",
    "R07": "elsewhere_only",
    "R08": "left_out",
    "R09": "promise_only",
    "R10": "template",
    "R20": "only_forwarded",
}


def _evidence(reading: Reading) -> str:
    return reading.first(Sign.PROMISE, Sign.STUDYING, Sign.ELSEWHERE, Sign.ASK_MORE) or reading.stripped.text[:60]


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def _logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def train_judge(rows: Sequence[VerdictRow], seed: int = 0, calibrate: bool = True) -> Judge:
    """A judge taught by verdicts; with too few of them (60, of which 15 send back) the cold judge. The probability is
    calibrated on groups the inner models have not seen."""
    judged = [row for row in rows if row.send_back is not None]
    if len(judged) < _FEWEST or sum(bool(row.send_back) for row in judged) < _FEWEST_BACK:
        return Judge()
    with threadpool_limits(1):  # so small a problem costs threads more than it gains, worst on a busy machine
        table = VerdictTable([row.reading for row in rows])
        views = table.views([row.reading for row in judged])
        slope, shift = _calibration(table, views, judged, seed) if calibrate else (1.0, 0.0)
        return Judge(VerdictModel(table, judged, views), slope, shift)


def _calibration(
    table: VerdictTable, views: Mapping[str, Any], judged: Sequence[VerdictRow], seed: int
) -> tuple[float, float]:
    """The table knows how all replies are worded, and of the held ones nothing of how they were judged."""
    target = np.array([bool(row.send_back) for row in judged])
    groups = np.array([row.group or row.id for row in judged])
    scores = np.zeros(len(judged))
    for known, held in StratifiedGroupKFold(3, shuffle=True, random_state=seed).split(target, target, groups):
        model = VerdictModel(table, [judged[n] for n in known], part_of(views, known), only_verdict=True)
        said = model.send_back([], part_of(views, held))
        scores[held] = [beside_untaught(score, judged[n].reading) for score, n in zip(said, held, strict=True)]
    line = LogisticRegression(C=10).fit(np.array([[_logit(score)] for score in scores]), target)
    return float(line.coef_[0, 0]), float(line.intercept_[0])
