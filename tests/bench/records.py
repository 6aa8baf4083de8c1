"""Faults of twelve kinds planted in two thousand records: how many the machine's checks find, and how often rightly.

The rules were built beside the first writing and mended after each of the others but the fourth; decision 031 has the first readings.
"""

from __future__ import annotations

import time

from classifier.category.trained import TrainedClassifier
from classifier.suggestion import Classifier
from classifier.text.words import load_words
from hotline.city.loader import load_city
from hotline.triage.active_classifier import keyword_classifier
from tests.support.cities.new_model import starter_model
from tests.support.planted.records import figures, planted, writing
from tests.support.repository import ROOT

MANY, SEEDS = 2000, (7, 8, 9)


def run() -> None:
    city = load_city(ROOT / "hotline/city/anyang")
    load_words(city.vocabulary)
    minds: dict[str, Classifier] = {"words": keyword_classifier(city), "learnt": TrainedClassifier(starter_model())}
    print(
        f"{'writing':<8} {'by':<7} {'seed':>4} {'recall':>7} {'precision':>10} {'ms a record':>12}  missed, wrongly found"
    )
    for name in (
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
    ):
        for by, mind in minds.items():
            for seed in SEEDS:
                rows, started = planted(city, writing(name), MANY, seed), time.perf_counter()
                found = figures(city, mind, rows)
                spent = (time.perf_counter() - started) / MANY * 1000
                wrong = " ".join(
                    f"{kind} {missed} {extra}" for kind, (missed, extra) in found.by_kind.items() if missed or extra
                )
                print(
                    f"{name:<8} {by:<7} {seed:>4} {found.recall:>7.3f} {found.precision:>10.3f} {spent:>12.2f}  {wrong}",
                    flush=True,
                )
