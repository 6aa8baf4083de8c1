"""How well the classifier and the reviewer's assistant do on real messages, beside plain baselines measured in the same run.

`python -m tests.bench.classifier [quick]`; the messages lie in HOTLINE_DATA (see tests/conftest.py), and without them
nothing is measured. quick leaves out what takes longest (cold and warm start, the English tables).
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from classifier.evaluate import cross_validate, examples_of, figures, measure, read_rows, speed
from classifier.starter import blend, mapped
from classifier.train import Example, fold_of, groups_of, train
from hotline.city.loader import load_city
from hotline.learning.files import Columns, cold, read_table
from hotline.learning.material import starter_pairs
from hotline.settings import ROOT

DATA = Path(os.environ.get("HOTLINE_DATA", ROOT.parent / "shared" / "data"))
MAP = Path(__file__).parent / "map7.csv"
CITY = ROOT / "hotline" / "city" / "anyang"
FIELDS = "teddy2020_classify_train.jsonl.gz"
WARM, DRAWS = 444, 5


def main() -> None:
    if not (DATA / FIELDS).is_file():
        print(f"no real messages in {DATA} (set HOTLINE_DATA): nothing measured")
        return
    parts: list[Callable[[], None]] = [fields, one_message, replies]
    if sys.argv[1:] != ["quick"]:
        parts += [cold_start, warm_start, partial(english, "en_nyc311_train.jsonl.gz", "detail", "unit"),
                  partial(english, "en_banking77_train.jsonl.gz", "text", "label")]
    for part in parts:
        started = perf_counter()
        part()
        print(f"  ({perf_counter() - started:.0f} s)", flush=True)


def say(what: str, plain: object, ours: object, reach: str) -> None:
    print(f"{what:<62} plain {_short(plain):<18} ours {_short(ours):<18} reach {reach}", flush=True)


def fields() -> None:
    examples = examples_of(read_rows(DATA / FIELDS))
    ours, plain = cross_validate(examples), baseline(examples)
    say("7 fields, macro-F1, grouped 5-fold", plain["macro_f1"], ours["macro_f1"], "0.92")
    say("  share answered at precision 0.97 (threshold chosen apart)", plain["best_coverage"], ours["coverage"], "0.85")
    say("  share answered at precision 0.97 (threshold chosen on them)", plain["best_coverage"], ours["best_coverage"], "0.85")
    say("  precision reached at the chosen threshold", "", ours["precision"], "0.97")
    say("  calibration error, 15 bins", plain["ece"], ours["ece"], "0.02")


def baseline(examples: Sequence[Example]) -> dict[str, Any]:
    """TF-IDF over words with logistic regression, on the same folds."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    from classifier.words import words_of

    labels = sorted({one.label for one in examples})
    truth = np.array([one.label for one in examples])
    read = [" ".join(words_of(one.text)) for one in examples]
    fold = np.array([fold_of(group, 5, 2021) for group in groups_of(examples)])
    p = np.zeros((len(examples), len(labels)))
    for number in range(5):
        here, rest = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        plain = make_pipeline(TfidfVectorizer(token_pattern=r"\S+", min_df=2, sublinear_tf=True), LogisticRegression(C=5, max_iter=300))
        plain.fit([read[at] for at in rest], truth[rest])
        p[here] = plain.predict_proba([read[at] for at in here])
    return figures(labels, p, list(truth), 0.97)


def one_message() -> None:
    """Cut and all answers, of a model with all categories of the city; the plain one is jieba, TF-IDF and one sparse product."""
    texts = [one.text for one in examples_of(read_rows(DATA / FIELDS))][:400]
    found = speed(train(blend(starter_pairs(CITY), [])), texts)
    say("one message, 175 categories, median ms", "1.2", found["ms_median"], "1")
    say("  95th percentile ms", "3.9", found["ms_p95"], "3")
    say("  messages a second in bulk, one core", "", found["batch_per_second"], "3000 on 2 cores")


def replies() -> None:
    from classifier.replies.evaluate import evaluate_reply_files

    found = evaluate_reply_files(DATA / "teddy2020_reply_train.jsonl.gz", DATA / "reply_verdicts_train.jsonl.gz")
    plain, length, ours = found["baseline_tfidf"], found["baseline_length"], found["model"]
    say("reply verdicts, grouped 5-fold, ROC AUC (TF-IDF)", plain["auc"], ours["auc"], "0.95")
    say("  the same (length alone)", length["auc"], ours["auc"], "0.95")
    say("  precision at recall 0.90", plain["precision_at_recall_90"], ours["precision_at_recall_90"], "0.75")


def cold_start() -> None:
    found = cold(load_city(CITY), starter_pairs(CITY), DATA / FIELDS, MAP, Columns(), 2020, lambda step, share: None)
    say("cold start, 7 fields, accuracy (keywords)", found["keywords_accuracy"], found["accuracy"], "0.80")


def warm_start() -> None:
    """Starter and 444 labels of theirs; the plain one learns from the 444 alone."""
    examples = examples_of(read_rows(DATA / FIELDS))
    starter = mapped(starter_pairs(CITY), read_table(MAP))
    with_it, without = [], []
    for seed in range(DRAWS):
        taught = set(random.Random(seed).sample(range(len(examples)), WARM))
        own = [examples[at] for at in sorted(taught)]
        rest = [one for at, one in enumerate(examples) if at not in taught]
        with_it.append(measure(train(blend(starter, own)), rest)["macro_f1"])
        without.append(measure(train(own), rest)["macro_f1"])
    say(f"warm start with {WARM} labels, macro-F1, mean of {DRAWS} draws", np.mean(without), np.mean(with_it), "0.86")


def english(file: str, text: str, label: str) -> None:
    """The same pipeline on English."""
    examples = examples_of(read_rows(DATA / file), text, label)
    ours, plain = cross_validate(examples), baseline(examples)
    say(f"{file.split('_train')[0]}, accuracy, grouped 5-fold", plain["accuracy"], ours["accuracy"], "measure")


def _short(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
