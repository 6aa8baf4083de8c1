"""How long one message takes, and how many go through in bulk."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from classifier.category.evaluate import TIMED, examples_of, read_rows, speed
from classifier.category.store import save
from classifier.category.train import Example
from classifier.category.trained import TrainedClassifier
from classifier.text.words import load_words
from hotline.city.loader import load_city
from hotline.training.classify_rows import classify
from hotline.triage.active_classifier import ActiveClassifier, keyword_classifier, parents_of
from hotline.triage.model_registry import ModelRegistry
from tests.bench.classifier.ground import CORES, FIELDS, say
from tests.bench.classifier.in_the_way import in_the_way, short
from tests.support.cities.new_model import CITY, starter_model


def one_message() -> None:
    """Cut and all answers; the plain one is jieba, TF-IDF and logistic regression. In processor time, which others at work do not add to."""
    examples = examples_of(read_rows(FIELDS))
    found, plain = speed(starter_model(), [one.text for one in examples]), _plain_speed(examples)
    say("one message, 175 categories, median ms (7 fields)", statistics.median(plain), found["ms_median"], "1")
    say("  95th percentile ms", statistics.quantiles(plain, n=20)[18], found["ms_p95"], "3")
    say(
        f"  the same in batches, messages a second on {CORES} cores",
        CORES * 1000 * len(plain) / sum(plain),
        CORES * found["batch_per_second"],
        "3000",
    )
    in_the_way("the millisecond", lambda: _slowest([one.text for one in examples[:TIMED]]))


def _slowest(texts: Sequence[str]) -> list[str]:
    classifier, took = TrainedClassifier(starter_model()), []
    for text in texts:
        started = process_time()
        classifier.suggest(text)
        took.append((process_time() - started) * 1000)
    slow = sorted(zip(took, texts, strict=True), key=lambda one: -one[0])
    return [f"{ms:.1f} ms, {len(text)} letters  {short(text)}" for ms, text in slow]


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
                city, classifier, FIELDS, Path(folder) / "out.jsonl", "text", lambda done, of: None, processes
            )
            found[processes] = rows / (perf_counter() - started)
    say(
        f"the whole `hotline classify`, messages a second ({CORES} processes, plain: 1)", found[1], found[CORES], "3000"
    )
