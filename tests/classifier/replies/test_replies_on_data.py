"""The reviewer's assistant on real replies and careful readers' verdicts; skipped where the data folder is absent."""

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score

from classifier.replies.evaluate import evaluate_reply_files, join, measures
from classifier.replies.judge import Judge
from classifier.replies.outcome import likeliest_outcomes, outcome_by_rules

DATA = Path(os.environ.get("HOTLINE_DATA", Path(__file__).parents[3] / "../shared/data")).resolve()
REPLIES, VERDICTS = DATA / "teddy2020_reply_train.jsonl.gz", DATA / "reply_verdicts_train.jsonl.gz"
pytestmark = pytest.mark.skipif(not VERDICTS.exists(), reason=f"no data in {DATA} (set HOTLINE_DATA)")


def test_the_untrained_judge_beats_length_and_answers_in_ten_milliseconds() -> None:
    rows = [row for row in join(REPLIES, VERDICTS) if row.send_back is not None]
    judge, target = Judge(), [bool(row.send_back) for row in rows]
    said = measures(target, np.array(judge.probability([row.reading for row in rows])))
    length = measures(target, -np.array([float(len(row.reading.stripped.whole)) for row in rows]))
    assert said["auc"] > length["auc"] + 0.01 and said["auc"] > 0.9
    judge.judge_reading(rows[0].reading)  # what it learns once from replies of our own
    start = time.process_time()
    for row in rows[:200]:
        judge.judge(row.reading.message + " ", row.reading.stripped.whole + " ")
    assert (time.process_time() - start) / 200 < 0.01


def test_a_city_without_verdicts_is_told_the_outcome_better_than_by_rules() -> None:
    rows = [row for row in join(REPLIES, VERDICTS) if row.outcome]
    truth, said = [row.outcome for row in rows], likeliest_outcomes([row.reading for row in rows])
    ruled = f1_score(truth, [outcome_by_rules(row.reading) for row in rows], average="macro")
    assert f1_score(truth, said, average="macro") > ruled + 0.02


@pytest.mark.slow
def test_the_trained_judge_beats_both_baselines() -> None:
    report = evaluate_reply_files(REPLIES, VERDICTS)
    assert report["model"]["auc"] >= 0.92
    assert report["model"].keys() >= {"kappa", "outcome_macro_f1", "reasons_micro_f1", "auc_where_sure"}
    assert report["model"]["auc"] > max(report["baseline_tfidf"]["auc"], report["baseline_length"]["auc"])
    assert report["model"]["precision_at_recall_90"] > report["baseline_tfidf"]["precision_at_recall_90"]
    json.dumps(report)
