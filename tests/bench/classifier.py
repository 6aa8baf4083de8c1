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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import numpy as np

from classifier.category.background_model import background_model_of
from classifier.category.conformal import Decided, answers_above, floors
from classifier.category.evaluate import (
    TIMED,
    cross_validate,
    examples_of,
    figures,
    measure,
    out_of_fold,
    read_rows,
    speed,
)
from classifier.category.keywords import KeywordClassifier
from classifier.category.seed_corpus import blend, mapped
from classifier.category.store import save
from classifier.category.train import Example, Model, fold_of, groups_of, train
from classifier.category.trained import TrainedClassifier
from classifier.suggestion import Suggestion
from classifier.text.words import load_words, words_of
from hotline.city.loader import load_city
from hotline.settings import ROOT
from hotline.training.classify_rows import classify
from hotline.training.examples import starter_pairs, starter_requests
from hotline.training.labelled_files import Columns, cold, examples_of_words, read_table
from hotline.training.nightly import hear_requests
from hotline.triage.active_classifier import ActiveClassifier, keyword_classifier, parents_of
from hotline.triage.blending import blended, share_of_keywords
from hotline.triage.model_registry import ModelRegistry
from hotline.triage.unit_sets import unit_odds
from routing.facts import Facts
from routing.rules import decide
from tests.support import same_matters

DATA = Path(os.environ.get("HOTLINE_DATA", ROOT.parent / "shared" / "data"))
MAP = Path(__file__).parent / "map7.csv"
CITY = ROOT / "hotline" / "city" / "anyang"
FIELDS = "teddy2020_classify_train.jsonl.gz"
TOKENS = "teddy2020_classify_tokens_train.jsonl.gz"
SHUFFLES, STATED = 20, 0.98
CORES = len(os.sched_getaffinity(0))
WARM, DRAWS = (100, 444), 5
FIELD_SEEDS = 5
REPLY_SEEDS = 5


def main() -> None:
    if not (DATA / FIELDS).is_file():
        print(f"no real messages in {DATA} (set HOTLINE_DATA): nothing measured")
        return
    parts: list[Callable[[], None]] = [one_message, in_bulk, rounds, promises]
    if sys.argv[1:] != ["quick"]:
        parts += [
            same_matter,
            unit_sets_simulated,
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
    """With the texts of which only words are known to learn from as well; mean and deviation of `FIELD_SEEDS` ways to fold."""
    examples = examples_of(read_rows(DATA / FIELDS))
    words = examples_of_words([DATA / TOKENS], Columns(), set(groups_of(examples)))
    background, plain = background_model_of(starter_pairs(CITY), 2020), baseline(examples)
    truth = [one.label for one in examples]
    answers = [
        out_of_fold(examples, seed=seed, background=background, beside=words)
        for seed in range(2020, 2020 + FIELD_SEEDS)
    ]
    runs = [figures(labels, p, truth, limits) for labels, p, limits in answers]
    labels, p, _limits = answers[0]
    say("7 fields, macro-F1, grouped 5-fold", plain["macro_f1"], _over(runs, "macro_f1"), "0.925")
    say(
        "  share answered at precision 0.97 (threshold chosen apart)",
        plain["best_coverage"],
        _over(runs, "coverage"),
        "0.84",
    )
    say(
        "  share answered at precision 0.97 (threshold chosen on them)",
        plain["best_coverage"],
        _over(runs, "best_coverage"),
        "0.84",
    )
    _say_sets("7 fields", np.array([labels.index(one) for one in truth]), p)
    say("  precision reached at the chosen threshold", "", _over(runs, "precision"), "0.97")
    say("  calibration error, 15 bins", plain["ece"], _over(runs, "ece"), "0.02")


def _over(runs: Sequence[Mapping[str, Any]], key: str) -> str:
    values = [run[key] for run in runs]
    return f"{np.mean(values):.4f}±{np.std(values):.4f}"


def _say_sets(what: str, right: Any, all_p: Any) -> None:
    """Sets of answers over shuffles: half of the decided ones give the floor, the other half is looked at. Plain: the first two."""
    told = [
        Decided([(str(at), float(p)) for at, p in enumerate(row)], str(int(truth)), "read")
        for row, truth in zip(all_p, right, strict=True)
    ]
    second = np.sort(all_p, axis=1)[:, -2]
    two = float((all_p[np.arange(len(right)), right] >= second).mean())
    for stated in (0.95, 0.97, STATED):
        held, size = zip(*(_shuffled(told, stated, seed) for seed in range(SHUFFLES)), strict=True)
        ours = f"{np.mean(held):.4f} ({min(held):.3f}–{max(held):.3f})"
        say(f"{what}: sets that state {stated:.0%} hold the right one (first two)", two, ours, f"±0.005 of {stated}")
        say("  mean size", 2.0, float(np.mean(size)), "1.3 at 98 %")


def _shuffled(told: Sequence[Decided], stated: float, seed: int) -> tuple[float, float]:
    mixed_ = random.Random(seed).sample(told, len(told))
    half = len(mixed_) // 2
    (floor,) = floors(mixed_[:half], stated, fewest=1)
    sets = [(one, answers_above(_best_first(one), floor.p)) for one in mixed_[half:]]
    return float(np.mean([one.truth in found for one, found in sets])), float(
        np.mean([len(found) for _, found in sets])
    )


def _best_first(one: Decided) -> list[tuple[str, float]]:
    return sorted(one.odds, key=lambda answer: -answer[1])


def unit_sets_simulated() -> None:
    """Units of the city: a third of its own sentences is kept apart, each with a district by chance, and routed by catalogue.

    The right unit is the one its true category leads to; one of fifty went to another unit that handles tickets.
    """
    city, chance = load_city(CITY), random.Random(7)
    load_words(city.vocabulary)
    pairs = random.Random(5).sample(starter_pairs(CITY), len(starter_pairs(CITY)))
    kept = pairs[: len(pairs) // 3]
    model = TrainedClassifier(train(blend(pairs[len(kept) :], [])), parents_of(city))
    handling, told = sorted(code for code, unit in city.units.items() if unit.handles), []
    for said, (text, category) in zip(model.suggest_many([text for text, _ in kept]), kept, strict=True):
        facts = Facts(text=text, category=category, area=chance.choice(list(city.areas)))
        lead = decide(city.rules, facts, city.directory).lead or ""
        truth = chance.choice(handling) if chance.random() < 0.02 else lead
        told.append(Decided(unit_odds(city, said, facts, stated=False), truth, "read"))
    for stated in (0.95, STATED):
        held, size = zip(*(_shuffled(told, stated, seed) for seed in range(SHUFFLES)), strict=True)
        first = float(np.mean([one.truth == one.odds[0][0] for one in told if one.odds]))
        ours = f"{np.mean(held):.4f} ({min(held):.3f}–{max(held):.3f})"
        say(f"units: sets that state {stated:.0%} hold the right one (the first)", first, ours, f"±0.005 of {stated}")
        say("  mean size", 1.0, float(np.mean(size)), "1.3")


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


def same_matter() -> None:
    """Five hundred matters told again in other words among a hundred thousand tickets, by the path of the pages; plain: likeness of letters."""
    city = load_city(CITY)
    parents = parents_of(city)
    model, keywords = TrainedClassifier(starter_model(), parents), keyword_classifier(city)
    planted_, hand, plain = same_matters.measure(Blended(model, keywords, parents))
    for whose, found in (("planted", planted_), ("by hand", hand)):
        say(f"the same matter in other words ({whose}), F0.5", plain.f_half, found.f_half, "0.90")
        say("  precision", plain.precision, found.precision, "measure")
        say("  recall", plain.recall, found.recall, "measure")
    say(
        "  one search among 100,000, median ms (95th percentile)",
        "",
        f"{planted_.ms:.1f} ({planted_.ms_p95:.1f})",
        "60",
    )


@dataclass(frozen=True)
class Blended:
    """What a new installation answers: its starter model and its keywords."""

    model: TrainedClassifier
    keywords: KeywordClassifier
    parents: Mapping[str, str]
    name: str = "starter"

    def suggest(self, text: str) -> Suggestion:
        return blended(self.model.suggest(text), self.keywords.suggest(text), share_of_keywords(0, 1), self.parents)

    def suggest_many(self, texts: Sequence[str]) -> list[Suggestion]:
        return [self.suggest(text) for text in texts]


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
    say("cold start, 7 fields, accuracy (keywords)", found["keywords_accuracy"], found["accuracy"], "measure")
    say("  macro-F1 (the model without keywords)", found["model_macro_f1"], found["macro_f1"], "0.84")


def warm_start() -> None:
    """Starter and a hundred or 444 labels of theirs; the plain one learns from those alone."""
    for count, reach in zip(WARM, ("0.80", "0.86"), strict=True):
        _warm(count, reach)


def _warm(count: int, reach: str) -> None:
    examples = examples_of(read_rows(DATA / FIELDS))
    starter = mapped(starter_pairs(CITY), read_table(MAP))
    background = background_model_of(starter_pairs(CITY), 2020)
    with_it, without = [], []
    for seed in range(DRAWS):
        taught = set(random.Random(seed).sample(range(len(examples)), count))
        own = [examples[at] for at in sorted(taught)]
        rest = [one for at, one in enumerate(examples) if at not in taught]
        with_it.append(measure(train(blend(starter, own), background=background), rest)["macro_f1"])
        without.append(measure(train(own), rest)["macro_f1"])
    ours = f"{np.mean(with_it):.4f}±{np.std(with_it):.4f}"
    say(f"warm start with {count} labels, macro-F1, mean of {DRAWS} draws", float(np.mean(without)), ours, reach)


def english(file: str, text: str, label: str) -> None:
    """The same pipeline on English."""
    examples = examples_of(read_rows(DATA / file), text, label)
    ours, plain = cross_validate(examples), baseline(examples)
    say(f"{file.split('_train')[0]}, accuracy, grouped 5-fold", plain["accuracy"], ours["accuracy"], "measure")


def _short(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
