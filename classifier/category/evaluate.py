"""How good a model is on texts it has not seen, in figures anyone can print again."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

from classifier.category import calibrate
from classifier.category.background_model import BackgroundModel
from classifier.category.calibrate import Floats
from classifier.category.seed_corpus import blend
from classifier.category.store import versions
from classifier.category.train import (
    FOLDS,
    SEED,
    WISHED,
    Example,
    Model,
    Progress,
    data_hash,
    fold_of,
    groups_of,
    train,
)
from classifier.category.trained import TrainedClassifier
from classifier.wilson import wilson

Rows = Sequence[Mapping[str, object]]
Pairs = Sequence[tuple[str, str]]
TIMED, BATCH = 400, 256


def read_rows(path: Path) -> list[dict[str, object]]:
    """The rows of a .jsonl, .jsonl.gz or .csv file (UTF-8, with or without BOM)."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = content.decode("utf-8-sig")
    if path.name.removesuffix(".gz").endswith(".csv"):
        return [dict(row) for row in csv.DictReader(io.StringIO(text))]
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def examples_of(rows: Rows, text: str = "text", label: str = "label", group: str = "group") -> list[Example]:
    """Rows as examples; rows without a text or a label are left out."""
    return [
        Example(str(row[text]), str(row[label]), str(row.get(group) or ""))
        for row in rows
        if row.get(text) and row.get(label)
    ]


def evaluate_files(
    train_path: Path,
    test_path: Path,
    text: str = "text",
    label: str = "label",
    starter: Pairs = (),
    seed: int = SEED,
    progress: Progress | None = None,
) -> dict[str, object]:
    """Train on one file, measure on another; the threshold is chosen on the first alone."""
    taught = examples_of(read_rows(train_path), text, label)
    asked = examples_of(read_rows(test_path), text, label)
    model = train(_with_starter(taught, starter), seed, progress=progress)
    return {"train_rows": len(taught), "test_rows": len(asked), **measure(model, asked), "model": model.about}


def measure(model: Model, asked: Sequence[Example], wished: float = WISHED) -> dict[str, object]:
    """All figures of one model on labelled texts. A label that the model never saw counts as wrong."""
    p = model.probabilities([one.text for one in asked])
    truth = [one.label for one in asked]
    threshold = model.threshold(wished)
    return {**figures(model.labels, p, truth, threshold.p), **speed(model, [one.text for one in asked])}


def figures(labels: Sequence[str], p: Floats, truth: Sequence[str], threshold: float | Floats) -> dict[str, object]:
    """macro-F1, accuracy, top-2, top-3, ECE, and coverage and precision of the answers at or above `threshold`."""
    order = np.argsort(-p, axis=1, kind="stable")
    said = np.array(labels)[order]
    right = said == np.array(truth)[:, None]
    sure = p.max(axis=1)
    acted = sure >= threshold
    hits = int(right[acted, 0].sum())
    return {
        "macro_f1": float(f1_score(truth, said[:, 0], average="macro", zero_division=0)),
        "accuracy": float(right[:, 0].mean()),
        "top2": float(right[:, :2].any(axis=1).mean()),
        "top3": float(right[:, :3].any(axis=1).mean()),
        "ece": calibrate.expected_calibration_error(sure, right[:, 0]),
        "threshold": float(np.mean(threshold)),
        "coverage": float(acted.mean()),
        "precision": hits / max(int(acted.sum()), 1),
        "precision_interval": wilson(hits, int(acted.sum())),
        "best_coverage": calibrate.threshold_for(sure, right[:, 0], WISHED).coverage,
    }


def speed(model: Model, texts: Sequence[str]) -> dict[str, float]:
    """Processor milliseconds for one text (cut and every answer), median and 95th percentile, and texts a second in batches.

    Processor time: a machine that is busy with something else gives the same figure.
    """
    classifier, times = TrainedClassifier(model), []
    some, others = list(texts[:TIMED]), list(texts[TIMED : 6 * TIMED])  # what was read once is remembered
    for one in others[-20:]:
        classifier.suggest(one)
    for one in some:
        started = process_time()
        classifier.suggest(one)
        times.append((process_time() - started) * 1000)
    many = others or some
    started = process_time()
    for first in range(0, len(many), BATCH):
        classifier.suggest_many(many[first : first + BATCH])
    bulk = len(many) / max(process_time() - started, 1e-9)
    return {"ms_median": float(np.median(times)), "ms_p95": float(np.quantile(times, 0.95)), "batch_per_second": bulk}


def cross_validate(
    examples: Sequence[Example],
    folds: int = FOLDS,
    seed: int = SEED,
    starter: Pairs = (),
    progress: Progress | None = None,
    background: BackgroundModel | None = None,
    beside: Sequence[Example] = (),
) -> dict[str, object]:
    """Grouped k-fold: each fold is answered by a model (calibrated, threshold chosen) that never saw its groups.

    beside: examples that every model learns from and none is asked; they must share no group with `examples`.
    """
    labels, p, limits = out_of_fold(examples, folds, seed, starter, progress, background, beside)
    truth = [one.label for one in examples]
    return {**figures(labels, p, truth, limits), "data": data_hash(examples), **detail(labels, p, truth)}


def out_of_fold(
    examples: Sequence[Example],
    folds: int = FOLDS,
    seed: int = SEED,
    starter: Pairs = (),
    progress: Progress | None = None,
    background: BackgroundModel | None = None,
    beside: Sequence[Example] = (),
) -> tuple[list[str], Floats, Floats]:
    """(labels, examples × labels, the threshold in force for each): what `cross_validate` measures."""
    labels = sorted({one.label for one in examples})
    fold = np.array([fold_of(group, folds, seed + 1) for group in groups_of(examples)])
    p, limits = np.zeros((len(examples), len(labels))), np.zeros(len(examples))
    for number in range(folds):
        here = np.flatnonzero(fold == number)
        rest = [one for one, at in zip(examples, fold, strict=True) if at != number]
        asked = [one.text for one, at in zip(examples, fold, strict=True) if at == number]
        model = train([*_with_starter(rest, starter), *beside], seed, background=background)
        places = np.array([labels.index(label) for label in model.labels if label in labels])
        known = [i for i, label in enumerate(model.labels) if label in labels]
        p[here[:, None], places] = model.probabilities(asked)[:, known]
        limits[here] = model.threshold(WISHED).p
        if progress:
            progress(f"fold {number + 1}", (number + 1) / folds)
    return labels, p, limits


def detail(labels: Sequence[str], p: Floats, truth: Sequence[str]) -> dict[str, object]:
    """Per-class table, confusion, reliability and coverage curves: what a model card prints beside the figures."""
    said = np.array(labels)[p.argmax(axis=1)]
    right: npt.NDArray[np.bool_] = said == np.array(truth)
    sure = p.max(axis=1)
    precision, recall, f1, support = precision_recall_fscore_support(truth, said, labels=labels, zero_division=0)
    return {
        "labels": list(labels),
        "per_class": [
            {"label": one, "precision": float(a), "recall": float(b), "f1": float(c), "support": int(n)}
            for one, a, b, c, n in zip(labels, precision, recall, f1, support, strict=True)
        ],
        "confusion": confusion_matrix(truth, said, labels=labels).tolist(),
        "reliability": calibrate.reliability(sure, right),
        "coverage_curve": calibrate.coverage_curve(sure, right),
        "versions": versions(),
    }


def classify_rows(
    classifier: TrainedClassifier, rows: Iterable[Mapping[str, object]], text: str = "text"
) -> Iterator[dict[str, object]]:
    """Each row's id with everything that can be said of its text."""
    from classifier.text.extract import extract
    from classifier.text.title import title

    for row in rows:
        told = str(row.get(text) or "")
        said = classifier.suggest(told)
        yield {
            "id": row.get("id"),
            "ranked": [{"code": one.code, "p": round(one.p, 6), "words": list(one.words)} for one in said.ranked],
            "known": said.known,
            "request_type": said.request_type,
            "urgency": said.urgency,
            "safety": [one.code for one in said.safety],
            "words": list(said.words),
            "title": title(told),
            "found": [
                {"kind": one.kind, "start": one.start, "end": one.end, "personal": one.personal}
                for one in extract(told)
            ],
            "model": said.model,
        }


def _with_starter(taught: Sequence[Example], starter: Pairs) -> list[Example]:
    return blend(starter, taught) if starter else [replace(one) for one in taught]
