"""How well the classifier and the reviewer's assistant do on real messages, beside plain baselines measured in the same run.

`python -m tests.bench.classifier [quick]`; the messages lie in HOTLINE_DATA (see tests/conftest.py), and without them
nothing is measured. quick leaves out what takes longest (the fields, cold and warm start, the English tables).
"""

from __future__ import annotations

import math
import os
import random
import statistics
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import numpy as np

from classifier.category.background_model import background_model_of
from classifier.category.evaluate import TIMED, cross_validate, examples_of, figures, measure, read_rows, speed
from classifier.category.seed_corpus import blend, mapped
from classifier.category.store import save
from classifier.category.train import Example, Model, fold_of, groups_of, train
from classifier.near_duplicates import near_duplicate_groups
from classifier.text.words import load_words, words_of
from hotline.city.loader import load_city
from hotline.settings import ROOT
from hotline.training.classify_rows import classify
from hotline.training.examples import starter_pairs, starter_requests
from hotline.training.labelled_files import Columns, cold, read_table
from hotline.training.nightly import hear_requests
from hotline.triage.active_classifier import ActiveClassifier, keyword_classifier, parents_of
from hotline.triage.model_registry import ModelRegistry

DATA = Path(os.environ.get("HOTLINE_DATA", ROOT.parent / "shared" / "data"))
MAP = Path(__file__).parent / "map7.csv"
CITY = ROOT / "hotline" / "city" / "anyang"
FIELDS = "teddy2020_classify_train.jsonl.gz"
HOT = "teddy2020_hot_train.jsonl.gz"
CORES = len(os.sched_getaffinity(0))
WARM, DRAWS = 444, 5
REPLY_SEEDS = 5


def main() -> None:
    if not (DATA / FIELDS).is_file():
        print(f"no real messages in {DATA} (set HOTLINE_DATA): nothing measured")
        return
    parts: list[Callable[[], None]] = [near_identical, one_message, in_bulk, rounds, promises]
    if sys.argv[1:] != ["quick"]:
        parts += [
            replies,
            fields,
            cold_start,
            warm_start,
            partial(english, "en_nyc311_train.jsonl.gz", "detail", "unit"),
            partial(english, "en_banking77_train.jsonl.gz", "text", "label"),
        ]
    for number, part in enumerate(parts, 1):
        started = perf_counter()
        print(f"[{number}/{len(parts)}] …", end="\r", file=sys.stderr, flush=True)
        part()
        print(f"  ({perf_counter() - started:.0f} s)", flush=True)


def say(what: str, plain: object, ours: object, reach: str) -> None:
    print(f"{what:<62} plain {_short(plain):<18} ours {_short(ours):<18} reach {reach}", flush=True)


def fields() -> None:
    examples = examples_of(read_rows(DATA / FIELDS))
    ours, plain = (
        cross_validate(examples, background=background_model_of(starter_pairs(CITY), 2020)),
        baseline(examples),
    )
    say("7 fields, macro-F1, grouped 5-fold", plain["macro_f1"], ours["macro_f1"], "0.92")
    say("  share answered at precision 0.97 (threshold chosen apart)", plain["best_coverage"], ours["coverage"], "0.85")
    say(
        "  share answered at precision 0.97 (threshold chosen on them)",
        plain["best_coverage"],
        ours["best_coverage"],
        "0.85",
    )
    say("  precision reached at the chosen threshold", "", ours["precision"], "0.97")
    say("  calibration error, 15 bins", plain["ece"], ours["ece"], "0.02")


def baseline(examples: Sequence[Example]) -> dict[str, Any]:
    """TF-IDF over words with logistic regression, on the same folds."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    labels = sorted({one.label for one in examples})
    truth = np.array([one.label for one in examples])
    read = [" ".join(words_of(one.text)) for one in examples]
    fold = np.array([fold_of(group, 5, 2021) for group in groups_of(examples)])
    p = np.zeros((len(examples), len(labels)))
    for number in range(5):
        here, rest = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        plain = make_pipeline(
            TfidfVectorizer(token_pattern=r"\S+", min_df=2, sublinear_tf=True), LogisticRegression(C=5, max_iter=300)
        )
        plain.fit([read[at] for at in rest], truth[rest])
        seen = [labels.index(label) for label in plain.classes_]  # a rare label may be in no other fold
        p[np.ix_(here, seen)] = plain.predict_proba([read[at] for at in here])
    return figures(labels, p, list(truth), 0.97)


@cache
def starter_model() -> Model:
    """A model with all categories of the city, request types and urgency, as a new installation has it."""
    load_words(load_city(CITY).vocabulary)
    model = train(blend(starter_pairs(CITY), []))
    hear_requests(model, starter_requests(CITY))
    return model


def one_message() -> None:
    """Cut and all answers; the plain one is jieba, TF-IDF and logistic regression. In processor time, which others at work do not add to."""
    examples = examples_of(read_rows(DATA / FIELDS))
    found, plain = speed(starter_model(), [one.text for one in examples]), _plain_speed(examples)
    say("one message, 175 categories, median ms (7 fields)", statistics.median(plain), found["ms_median"], "1")
    say("  95th percentile ms", statistics.quantiles(plain, n=20)[18], found["ms_p95"], "3")
    say(
        f"  the same in batches, messages a second on {CORES} cores",
        CORES * 1000 * len(plain) / sum(plain),
        CORES * found["batch_per_second"],
        "3000",
    )


def _plain_speed(examples: Sequence[Example]) -> list[float]:
    """Processor milliseconds for each of the first `TIMED` messages, one at a time."""
    import jieba
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    plain = make_pipeline(
        TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, min_df=2, sublinear_tf=True),
        LogisticRegression(C=5, max_iter=300),
    )
    plain.fit([one.text for one in examples[:2000]], [one.label for one in examples[:2000]])
    took = []
    for one in examples[:TIMED]:
        started = process_time()
        plain.predict_proba([one.text])
        took.append((process_time() - started) * 1000)
    return took


def in_bulk() -> None:
    """The whole of `hotline classify` (categories, type, urgency, unit, words, title, place, personal data) but its start."""
    city, found = load_city(CITY), {}
    load_words(city.vocabulary)
    with TemporaryDirectory() as folder:
        registry = ModelRegistry(Path(folder))
        starter_model().about.update(own=0)
        registry.point(save(starter_model(), Path(folder)).name, datetime.now(UTC), "bench", "accepted")
        classifier = ActiveClassifier(keyword_classifier(city), registry, parents_of(city), glance=math.inf)
        classifier.look()
        for processes in (1, CORES):
            started = perf_counter()
            rows = classify(
                city, classifier, DATA / FIELDS, Path(folder) / "out.jsonl", "text", lambda done, of: None, processes
            )
            found[processes] = rows / (perf_counter() - started)
    say(
        f"the whole `hotline classify`, messages a second ({CORES} processes, plain: 1)", found[1], found[CORES], "3000"
    )


def near_identical() -> None:
    """Pairs of one group among the messages of the hot board; the plain ones: the same text, and TF-IDF cosine above 0.9."""
    rows = read_rows(DATA / HOT)
    texts = [(str(row["id"]), f"{row['subject']}\n{row['body']}") for row in rows]
    truth = _pairs_of((str(row["group"]), str(row["id"])) for row in rows)
    ours = _pairs_of((str(number), id) for number, ids in enumerate(near_duplicate_groups(texts)) for id in ids)
    same = _pairs_of((text.partition("\n")[2].strip(), id) for id, text in texts)
    cosine = _near_by_cosine(texts)
    for what, at in (("precision", 0), ("recall", 1)):
        say(
            f"near-identical pairs, {what} (the same text)",
            _agreement(same, truth)[at],
            _agreement(ours, truth)[at],
            "0.98",
        )
        say(f"  {what} (TF-IDF cosine > 0.9)", _agreement(cosine, truth)[at], _agreement(ours, truth)[at], "0.98")


def _near_by_cosine(texts: Sequence[tuple[str, str]]) -> set[frozenset[str]]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = TfidfVectorizer(analyzer=words_of, min_df=2, sublinear_tf=True).fit_transform([text for _, text in texts])
    alike = (rows @ rows.T).tocoo()
    found = (
        (texts[a][0], texts[b][0])
        for a, b, value in zip(alike.row, alike.col, alike.data, strict=True)
        if a < b and value > 0.9
    )
    return {frozenset(pair) for pair in found}


def _pairs_of(members: Iterable[tuple[str, str]]) -> set[frozenset[str]]:
    """(group, member) → every pair within a group."""
    groups: dict[str, list[str]] = {}
    for group, member in members:
        groups.setdefault(group, []).append(member)
    return {frozenset(pair) for ids in groups.values() for pair in combinations(ids, 2)}


def _agreement(found: set[frozenset[str]], truth: set[frozenset[str]]) -> tuple[float, float]:
    """(precision, recall)"""
    return len(found & truth) / max(len(found), 1), len(found & truth) / len(truth)


def replies() -> None:
    """The reviewer's assistant on real verdicts, mean of `REPLY_SEEDS` grouped cross-validations, with the spread."""
    from classifier.replies.evaluate import evaluate_reply_files

    found = evaluate_reply_files(
        DATA / "teddy2020_reply_train.jsonl.gz", DATA / "reply_verdicts_train.jsonl.gz", seeds=range(REPLY_SEEDS)
    )
    plain, length, ours = found["baseline_tfidf"], found["baseline_length"], found["model"]
    say("reply verdicts, grouped 5-fold, ROC AUC (TF-IDF)", plain["auc"], _spread(ours, "auc"), "0.955")
    say("  the same (length alone)", length["auc"], ours["auc"], "0.955")
    say("  the same, where the reader was sure", "", _spread(ours, "auc_where_sure"), "measure")
    say("  precision at recall 0.90", plain["precision_at_recall_90"], _spread(ours, "precision_at_recall_90"), "0.75")
    say("  outcome, six kinds, macro-F1", "", _spread(ours, "outcome_macro_f1"), "0.70")
    say("  reasons, micro-F1", "", _spread(ours, "reasons_micro_f1"), "0.65")
    say("  agreement with a reader, kappa", "", _spread(ours, "kappa"), "0.75")


def _spread(found: Mapping[str, float], key: str) -> str:
    return f"{found[key]:.4f}±{found.get(f'{key}_spread', 0.0):.4f}"


def rounds() -> None:
    """Replies of a second round, planted; the plain comparison asks for the very same text."""
    from classifier.replies.changes import compare
    from tests.support.planted_rewordings import renewed, reworded
    from tests.support.planted_rounds import honest, polished

    for whose, same, other in (("", polished(200), honest(200)), (" by other hands", reworded(200), renewed(200))):
        found, suspected = (sum(compare(a, b).unchanged for a, b in pairs) for pairs in (same, other))
        say(f"replies polished{whose} found, of 200", sum(a == b for a, b in same), found, "200")
        say("  honest ones suspected, of 200", sum(a == b for a, b in other), suspected, "≤ 2")


def promises() -> None:
    """Dated promises in 300 planted replies; the plain reader takes every day and month for a promise."""
    import re

    from tests.support.planted_promises import agreement, planted

    replies_ = planted(300)
    precision, recall, _wrong = agreement(replies_)
    said = [re.findall(r"(\d{1,2})月(\d{1,2})日", text) for text, _on, _days in replies_]
    meant = [{(str(day.month), str(day.day)) for day in days} for _text, _on, days in replies_]
    hits = sum(pair in days for pairs, days in zip(said, meant, strict=True) for pair in pairs)
    say(
        "dated promises in 300 replies, precision (every day and month)",
        hits / max(sum(map(len, said)), 1),
        precision,
        "0.95",
    )
    say("  recall", hits / max(sum(map(len, meant)), 1), recall, "0.95")


def cold_start() -> None:
    found = cold(load_city(CITY), starter_pairs(CITY), DATA / FIELDS, MAP, Columns(), 2020, lambda step, share: None)
    say("cold start, 7 fields, accuracy (keywords)", found["keywords_accuracy"], found["accuracy"], "0.80")


def warm_start() -> None:
    """Starter and 444 labels of theirs; the plain one learns from the 444 alone."""
    examples = examples_of(read_rows(DATA / FIELDS))
    starter = mapped(starter_pairs(CITY), read_table(MAP))
    background = background_model_of(starter_pairs(CITY), 2020)
    with_it, without = [], []
    for seed in range(DRAWS):
        taught = set(random.Random(seed).sample(range(len(examples)), WARM))
        own = [examples[at] for at in sorted(taught)]
        rest = [one for at, one in enumerate(examples) if at not in taught]
        with_it.append(measure(train(blend(starter, own), background=background), rest)["macro_f1"])
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
