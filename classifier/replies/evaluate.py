"""Measures the reviewer's assistant against reviewers' verdicts, beside the plain baselines, on the same splits."""

import gzip
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, cohen_kappa_score, f1_score, precision_recall_curve, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline

from classifier.replies.features import read
from classifier.replies.judge import Judge, ReplyJudgement, train_judge
from classifier.replies.model import VerdictRow

Numbers = NDArray[np.float64]
TIMED = 100
Source = str | Path | Iterable[Mapping[str, Any]]


def load_rows(source: Source) -> list[dict[str, Any]]:
    """Rows of a jsonl or jsonl.gz file, or the rows themselves."""
    if not isinstance(source, str | Path):
        return [dict(row) for row in source]
    path = Path(source)
    opener: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def join(replies: Source, verdicts: Source | None = None) -> list[VerdictRow]:
    """Replies (id, subject, body, reply, optionally group) with their verdicts, read once."""
    said = {str(row["id"]): row for row in load_rows(verdicts)} if verdicts is not None else {}
    return [_row(reply, said.get(str(reply["id"]))) for reply in load_rows(replies)]


def _row(reply: Mapping[str, Any], verdict: Mapping[str, Any] | None) -> VerdictRow:
    message = f"{reply.get('subject') or ''}\n{reply.get('body') or ''}"
    return VerdictRow(
        id=str(reply["id"]),
        reading=read(message, str(reply.get("reply") or "")),
        send_back=None if verdict is None else verdict["verdict"] == "send_back",
        outcome=str(verdict.get("outcome") or "") if verdict else "",
        reasons=tuple(verdict.get("reasons") or ()) if verdict else (),
        group=str(reply.get("group") or reply["id"]),
        sure=bool(verdict.get("sure", True)) if verdict else True,
    )


def measures(target: Sequence[bool], scores: Numbers) -> dict[str, float]:
    """ROC AUC, average precision, and the best precision among thresholds that find at least 90 % of the send-backs."""
    precision, recall, _ = precision_recall_curve(target, scores)
    return {
        "auc": round(float(roc_auc_score(target, scores)), 4),
        "average_precision": round(float(average_precision_score(target, scores)), 4),
        "precision_at_recall_90": round(float(precision[recall >= 0.9].max()), 4),
    }


def evaluate_reply_files(
    replies: Source,
    verdicts: Source,
    test_replies: Source | None = None,
    test_verdicts: Source | None = None,
    seeds: Sequence[int] = (0,),
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> dict[str, Any]:
    """With test files: train on the first pair, measure on the second. Without: grouped 5-fold, once a seed, with the
    spread. Beside it length alone, TF-IDF with logistic regression, and the cold judge."""
    rows = join(replies, verdicts)
    if test_verdicts is not None:
        return _on_test(rows, join(test_replies if test_replies is not None else replies, test_verdicts))
    runs = [_cross_validate(rows, seed) for seed in progress(list(seeds))]
    names = list(runs[0])
    report: dict[str, Any] = {name: _spread([run[name] for run in runs]) for name in names}
    return {
        "way": "grouped 5-fold",
        "seeds": list(seeds),
        "verdicts": sum(r.send_back is not None for r in rows),
        **report,
    }


def _spread(runs: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    mean = {key: round(float(np.mean([run[key] for run in runs])), 4) for key in runs[0]}
    return mean | (
        {f"{key}_spread": round(float(np.std([run[key] for run in runs])), 4) for key in runs[0]}
        if len(runs) > 1
        else {}
    )


def _on_test(rows: list[VerdictRow], tested: list[VerdictRow]) -> dict[str, Any]:
    away = {row.id for row in tested if row.send_back is not None} | {
        row.group for row in tested if row.send_back is not None
    }
    rows = [row for row in rows if row.id not in away and row.group not in away]
    tested = [row for row in tested if row.send_back is not None]
    judge = train_judge(rows)
    said = judge.judge_readings([row.reading for row in tested])
    target = [bool(row.send_back) for row in tested]
    return {
        "way": "train and test files",
        "verdicts": sum(row.send_back is not None for row in rows),
        "tested": len(tested),
        "model": measures(target, np.array([one.p_send_back for one in said])) | agreement(tested, said),
        **{name: measures(target, scores) for name, scores in _baselines(rows, tested).items()},
        "ms_per_reply": _milliseconds(judge, tested[:TIMED]),
    }


def _milliseconds(judge: Judge, rows: Sequence[VerdictRow]) -> float:
    """For one reply by itself, read and judged, as the pages do."""
    start = time.perf_counter()
    for row in rows:
        judge.judge_reading(read(row.reading.message, row.reading.stripped.whole))
    return round((time.perf_counter() - start) * 1000 / max(len(rows), 1), 2)


def _cross_validate(rows: list[VerdictRow], seed: int) -> dict[str, dict[str, float]]:
    judged = [row for row in rows if row.send_back is not None]
    said, scores = judged_apart(rows, seed)
    report = {name: measures([bool(row.send_back) for row in judged], values) for name, values in scores.items()}
    report["model"] |= agreement(judged, said)
    return report


def judged_apart(rows: Sequence[VerdictRow], seed: int = 0) -> tuple[list[ReplyJudgement], dict[str, Numbers]]:
    """What a judge that never saw its group says of each judged row, and the scores of "model" and of the baselines."""
    judged = [row for row in rows if row.send_back is not None]
    target = np.array([bool(row.send_back) for row in judged])
    groups = np.array([row.group for row in judged])
    scores: dict[str, Numbers] = {}
    said: dict[int, ReplyJudgement] = {}
    for _, held in StratifiedGroupKFold(5, shuffle=True, random_state=seed).split(target, target, groups):
        away = set(groups[held])
        known, tested = [row for row in rows if row.group not in away], [judged[n] for n in held]
        judge = train_judge(known, seed)
        said |= dict(zip(map(int, held), judge.judge_readings([row.reading for row in tested]), strict=True))
        fold = {"model": np.array([said[int(n)].p_send_back for n in held]), **_baselines(known, tested)}
        for name, values in fold.items():
            scores.setdefault(name, np.zeros(len(judged)))[held] = values
    return [said[n] for n in range(len(judged))], scores


def agreement(rows: Sequence[VerdictRow], said: Sequence[ReplyJudgement]) -> dict[str, float]:
    """How often the judge says what the reader said: kappa of the verdicts (sent back from 0.5 on), macro-F1 of the outcomes
    that were told, micro-F1 of the reasons, and the AUC where the reader was sure."""
    back = [bool(row.send_back) for row in rows]
    told = [{why.code for why in one.reasons} if one.p_send_back >= 0.5 else set() for one in said]
    named = [(row.outcome, one.outcome) for row, one in zip(rows, said, strict=True) if row.outcome]
    sure = [n for n, row in enumerate(rows) if row.sure]
    where_sure = [back[n] for n in sure], [said[n].p_send_back for n in sure]
    return {
        "kappa": round(float(cohen_kappa_score(back, [one.p_send_back >= 0.5 for one in said])), 4),
        "outcome_macro_f1": round(float(f1_score(*zip(*named, strict=True), average="macro")), 4) if named else 0.0,
        "reasons_micro_f1": micro_f1([set(row.reasons) for row in rows], told),
        "auc_where_sure": round(float(roc_auc_score(*where_sure)), 4) if len(set(where_sure[0])) == 2 else 0.0,
    }


def _baselines(known: Sequence[VerdictRow], tested: Sequence[VerdictRow]) -> dict[str, Numbers]:
    judged = [row for row in known if row.send_back is not None]
    plain = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(max_iter=500),
    )
    plain.fit([row.reading.stripped.whole for row in judged], [bool(row.send_back) for row in judged])
    texts = [row.reading.stripped.whole for row in tested]
    return {
        "cold": np.array(Judge().probability([row.reading for row in tested])),
        "baseline_tfidf": np.asarray(plain.predict_proba(texts)[:, 1]),
        "baseline_length": -np.array([len(text) for text in texts], dtype=np.float64),
    }


def micro_f1(truth: Sequence[set[str]], told: Sequence[set[str]]) -> float:
    """F1 over all (reply, code) pairs."""
    hits = sum(len(one & other) for one, other in zip(truth, told, strict=True))
    total = sum(map(len, truth)) + sum(map(len, told))
    return round(2 * hits / total, 4) if total else 1.0
