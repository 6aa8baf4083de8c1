"""A trained model of a few categories: some told apart by their words, two siblings of one unit that nobody can tell apart."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from classifier.category import store
from classifier.category.conformal import Floor
from classifier.category.train import Example, train
from hotline.city.schema import City
from hotline.triage.active_classifier import ActiveClassifier, keyword_classifier, parents_of
from hotline.triage.model_registry import ModelRegistry
from tests.support.papers.texts import texts

TWINS = ("0401", "0402")
"""Housing: the same words stand in both, and both lead to one unit."""

AT = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture(scope="session")
def trained(city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shelf whose model has enough own examples to act, and whose sets of units are counted."""
    examples = [Example(text, code) for code in ("0204", "0701", "1001") for text in texts(code, 90)]
    coin = Random(12345)
    examples += [Example(text, coin.choice(TWINS)) for text in texts("0401", 90)]
    registry = ModelRegistry(tmp_path_factory.mktemp("models"))
    model = train(examples, parents=parents_of(city))
    model.about.update(own=len(examples), starter="", until="")
    registry.point(store.save(model, registry.folder).name, AT, "clock", "accepted")
    registry.choose_anew({"unit": [asdict(Floor("read", 0.98, 0.05, 400))]})
    return registry.folder


@pytest.fixture
def classifier(city: City, trained: Path) -> ActiveClassifier:
    return ActiveClassifier(keyword_classifier(city), ModelRegistry(trained), parents_of(city), at_once=True)
