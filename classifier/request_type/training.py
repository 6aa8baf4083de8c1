"""From sentences with a request type and an urgency to the model that answers both; decided by the rows and the seed alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.metrics import precision_recall_fscore_support

from classifier.category.calibrate import PLAIN, Floats, Ints, fit_calibration
from classifier.category.pipeline import LinearScorer, features_of_clean, fit_scorers, mixed
from classifier.category.train import SEED, counted_once, fold_of
from classifier.nearness import bare
from classifier.request_type.model import CueVectorizer, Head, RequestModel, level_of
from classifier.suggestion import REQUEST_TYPES, URGENCIES
from classifier.text.cue_reading import Heard, hear_many
from classifier.text.cues import READ
from classifier.text.words import normalise

FOLDS = 4
FEWEST, MANY = 30, 5_000
Chosen = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class LabelledRequest:
    """One sentence and what its caller wants; an empty type or urgency was not told and teaches nothing.

    `prior` marks text that helps to learn and is never a test.
    """

    text: str
    request_type: str
    urgency: str
    weight: float = 1.0
    prior: bool = False
    group: str = ""


def train_requests(examples: Sequence[LabelledRequest], seed: int = SEED) -> RequestModel | None:
    """The model, or None where fewer than `FEWEST` sentences could test it, or all of them say the same.

    1. Features and cues of every text. 2. Judges on each fold's rest answer the fold: that calibrates them, and gives
    the figures. 3. Judges of everything, both questions side by side.
    """
    if not all(
        _can_learn([getattr(one, name) for one in examples if not one.prior]) for name in ("request_type", "urgency")
    ):
        return None
    sheet = _sheet(examples)
    kinds = _question(sheet, [one.request_type for one in examples], REQUEST_TYPES, seed)
    levels = _question(sheet, [one.urgency for one in examples], URGENCIES, seed)
    weights = np.hstack([kinds.judge.weights, levels.judge.weights])
    judge = LinearScorer(np.ascontiguousarray(weights), np.concatenate([kinds.judge.bias, levels.judge.bias]))
    about = {"rows": len(examples), "data": requests_hash(examples), **_figures(sheet, kinds, levels)}
    return RequestModel(sheet.ear, judge, kinds.half, levels.half, about)


def measure_requests(model: RequestModel, asked: Sequence[LabelledRequest]) -> dict[str, Any]:
    """Figures of the answers to labelled texts, beside what the cues alone would have said."""
    clean = [normalise(one.text[:READ]) for one in asked]
    heard, cued = model.hear(clean, [features_of_clean(one) for one in clean]), hear_many(clean)
    kinds = [
        (one.request_type, said.request_types[0].code, plain.request_types[0].code)
        for one, said, plain in zip(asked, heard, cued, strict=True)
        if one.request_type
    ]
    levels = [
        (one.urgency, said.urgency, plain.urgency)
        for one, said, plain in zip(asked, heard, cued, strict=True)
        if one.urgency
    ]
    both = (("request_type", kinds, REQUEST_TYPES), ("urgency", levels, URGENCIES))
    return {name: scored(rows, names) for name, rows, names in both if rows}


def requests_hash(examples: Sequence[LabelledRequest]) -> str:
    """Names the training data: any change of a row or of the order gives another name."""
    lines = (
        f"{one.request_type}\x1f{one.urgency}\x1f{one.weight:.6g}\x1f{one.prior}\x1f{one.text}" for one in examples
    )
    return sha256("\x1e".join(lines).encode("utf-8", "replace")).hexdigest()[:12]


@dataclass(frozen=True)
class _Sheet:
    """All examples as numbers, one row each; `fold` is -1 where a row is never a test."""

    ear: CueVectorizer
    rows: csr_matrix
    cued: Sequence[Heard]
    weight: Floats
    counts: Floats
    fold: Ints


@dataclass(frozen=True)
class _Answer:
    """A question that was learned: the judge of all rows, and what was said of the tested rows (`at`) out of fold."""

    half: Head
    judge: LinearScorer
    at: Ints
    p: Floats
    truth: Ints


def _can_learn(told: Sequence[str]) -> bool:
    said = [one for one in told if one]
    return len(said) >= FEWEST and len(set(said)) > 1


def _sheet(examples: Sequence[LabelledRequest]) -> _Sheet:
    clean = [normalise(one.text[:READ]) for one in examples]
    read = [features_of_clean(one) for one in clean]
    cued = hear_many(clean)
    ear = CueVectorizer.of(clean, read, least=1 if len(examples) < MANY else 2)
    groups = [one.group or bare(one.text)[:100] for one in examples]
    fold = [-1 if one.prior else fold_of(group, FOLDS, SEED) for one, group in zip(examples, groups, strict=True)]
    counts = counted_once(groups)
    weight = np.array([one.weight for one in examples]) * counts
    return _Sheet(ear, ear.rows(clean, read, cued), cued, weight, counts, np.array(fold))


def _question(sheet: _Sheet, said: Sequence[str], names: Sequence[str], seed: int) -> _Answer:
    labels = tuple(name for name in names if name in said)
    truth = np.array([labels.index(one) if one in labels else -1 for one in said])
    members = [np.zeros((len(truth), len(labels))) for _ in range(2)]
    for number in range(FOLDS):
        here = sheet.fold == number
        for member, judge in zip(members, _judges(sheet, truth, ~here, len(labels), seed), strict=True):
            member[here] = judge.scores(sheet.rows[here])
    at = np.flatnonzero((sheet.fold >= 0) & (truth >= 0))
    told = [member[at] for member in members]
    found = replace(fit_calibration(told, truth[at], sheet.counts[at]), temper=PLAIN)
    judges = _judges(sheet, truth, truth >= 0, len(labels), seed)
    half = Head(labels, found.noise)
    return _Answer(half, mixed(judges, found.shares, found.bias), at, found.probabilities(told), truth[at])


def _judges(sheet: _Sheet, truth: Ints, taught: Chosen, classes: int, seed: int) -> list[LinearScorer]:
    chosen = np.flatnonzero(taught & (truth >= 0))
    return fit_scorers(sheet.rows[chosen], truth[chosen], classes, sheet.weight[chosen], seed)


def _figures(sheet: _Sheet, kinds: _Answer, levels: _Answer) -> dict[str, Any]:
    """Both answers out of fold as they would have been given, beside what the cues alone would have said."""
    return {
        "request_type": scored(_kinds(sheet, kinds), REQUEST_TYPES),
        "urgency": scored(_levels(sheet, levels), URGENCIES),
    }


def _kinds(sheet: _Sheet, found: _Answer) -> list[tuple[str, str, str]]:
    labels, plain = found.half.labels, [sheet.cued[at].request_types[0].code for at in found.at]
    return [
        (labels[truth], labels[best], cue)
        for truth, best, cue in zip(found.truth, found.p.argmax(axis=1), plain, strict=True)
    ]


def _levels(sheet: _Sheet, found: _Answer) -> list[tuple[str, str, str]]:
    labels, plain = found.half.labels, [sheet.cued[at].urgency for at in found.at]
    raised = [max(level_of(labels, p), cue, key=URGENCIES.index) for p, cue in zip(found.p, plain, strict=True)]
    return [(labels[truth], level, cue) for truth, level, cue in zip(found.truth, raised, plain, strict=True)]


def scored(rows: Sequence[tuple[str, str, str]], names: Sequence[str]) -> dict[str, Any]:
    """From (truth, answer, answer of the cues alone): accuracy and macro-F1 of both, and each class that occurs."""
    truth, said, plain = (list(column) for column in zip(*rows, strict=True))
    labels = [name for name in names if name in truth]
    precision, recall, f1, support = precision_recall_fscore_support(truth, said, labels=labels, zero_division=0)
    each = zip(labels, precision.tolist(), recall.tolist(), f1.tolist(), support.tolist(), strict=True)
    cues_f1 = precision_recall_fscore_support(truth, plain, labels=labels, zero_division=0)[2]
    return {
        "n": len(truth),
        "accuracy": _hits(truth, said),
        "macro_f1": float(f1.mean()),
        "cues_accuracy": _hits(truth, plain),
        "cues_macro_f1": float(cues_f1.mean()),
        "per_class": [dict(zip(("label", "precision", "recall", "f1", "support"), row, strict=True)) for row in each],
    }


def _hits(truth: Sequence[str], said: Sequence[str]) -> float:
    return sum(one == other for one, other in zip(truth, said, strict=True)) / len(truth)
