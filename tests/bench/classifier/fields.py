"""The seven fields of real letters: learned from their own labels, from none of them, and from the first hundred."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from classifier.category.background_model import background_model_of
from classifier.category.evaluate import cross_validate, examples_of, figures, measure, out_of_fold, read_rows
from classifier.category.seed_corpus import blend, mapped
from classifier.category.train import Example, fold_of, groups_of, train
from classifier.text.words import words_of
from hotline.city.loader import load_city
from hotline.training.examples import starter_pairs
from hotline.training.labelled_files import Columns, cold_answers, cold_figures, examples_of_words, read_table
from tests.bench.classifier.ground import DATA, FIELDS, MAP, SEEDS, TOKENS, over, say, spread
from tests.bench.classifier.in_the_way import in_the_way, surest_errors
from tests.bench.classifier.units import say_sets
from tests.support.cities.new_model import CITY

FIRST_SEED = 2020


def fields() -> None:
    """With the texts of which only words are known to learn from as well; every seed folds both in the same way."""
    examples = examples_of(read_rows(FIELDS))
    words = examples_of_words([TOKENS], Columns(), set(groups_of(examples)))
    background = background_model_of(starter_pairs(CITY), FIRST_SEED)
    truth = [one.label for one in examples]
    seeds = range(FIRST_SEED, FIRST_SEED + SEEDS)
    answers = [out_of_fold(examples, seed=seed, background=background, beside=words) for seed in seeds]
    runs = [figures(labels, p, truth, limits) for labels, p, limits in answers]
    plain = [baseline(examples, seed) for seed in seeds]
    say("7 fields, macro-F1, grouped 5-fold", over(plain, "macro_f1"), over(runs, "macro_f1"), "0.925")
    say("  alone at precision 0.97 (threshold chosen apart)", "", over(runs, "coverage"), "0.84")
    say(
        "  alone at precision 0.97 (threshold chosen on them)",
        over(plain, "best_coverage"),
        over(runs, "best_coverage"),
        "0.84",
    )
    say("  precision reached at the chosen threshold", "", over(runs, "precision"), "0.97")
    say("  calibration error, 15 bins", over(plain, "ece"), over(runs, "ece"), "0.02")
    labels, p, _limits = answers[0]
    say_sets("7 fields", np.array([labels.index(one) for one in truth]), p)
    in_the_way("the seven fields", lambda: surest_errors([one.text for one in examples], truth, labels, p))


def baseline(examples: Sequence[Example], seed: int = FIRST_SEED) -> dict[str, Any]:
    """TF-IDF over words with logistic regression, on the same folds."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    labels = sorted({one.label for one in examples})
    truth = np.array([one.label for one in examples])
    read = [" ".join(words_of(one.text)) for one in examples]
    fold = np.array([fold_of(group, 5, seed + 1) for group in groups_of(examples)])
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


def cold_start() -> None:
    """No label of theirs is known; nothing is drawn by chance, so there is one figure."""
    said = cold_answers(
        load_city(CITY), starter_pairs(CITY), FIELDS, MAP, Columns(), FIRST_SEED, lambda step, share: None
    )
    found = cold_figures(said)
    say("cold start, 7 fields, accuracy (keywords)", found["keywords_accuracy"], found["accuracy"], "measure")
    say("  macro-F1 (the model without keywords)", found["model_macro_f1"], found["macro_f1"], "0.84")
    in_the_way("the cold start", lambda: surest_errors(said.texts, said.truth, said.labels, said.p))


def warm_start() -> None:
    """Starter and the first labels of theirs; the plain one learns from those alone."""
    for count, reach in ((100, "0.80"), (400, "0.86")):
        _warm(count, reach)


def _warm(count: int, reach: str) -> None:
    examples = examples_of(read_rows(FIELDS))
    starter = mapped(starter_pairs(CITY), read_table(MAP))
    background = background_model_of(starter_pairs(CITY), FIRST_SEED)
    with_it: list[Any] = []
    without: list[Any] = []
    for seed in range(SEEDS):
        taught = set(random.Random(seed).sample(range(len(examples)), count))
        own = [examples[at] for at in sorted(taught)]
        known = {examples[at].group for at in taught}
        rest = [one for at, one in enumerate(examples) if at not in taught and one.group not in known]
        with_it.append(measure(train(blend(starter, own), background=background), rest)["macro_f1"])
        without.append(measure(train(own), rest)["macro_f1"])
    say(f"warm start with {count} labels, macro-F1, {SEEDS} draws", spread(without), spread(with_it), reach)


def requests() -> None:
    """The same pipeline on New York's coded requests."""
    _english("en_nyc311_train.jsonl.gz", "detail", "unit")


def banking() -> None:
    """The same pipeline on questions to an English bank."""
    _english("en_banking77_train.jsonl.gz", "text", "label")


def _english(file: str, text: str, label: str) -> None:
    examples = examples_of(read_rows(DATA / file), text, label)
    ours, plain = cross_validate(examples), baseline(examples)
    say(f"{file.split('_train')[0]}, accuracy, grouped 5-fold", plain["accuracy"], ours["accuracy"], "measure")
