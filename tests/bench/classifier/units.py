"""Sets of answers that hold the right one as often as is said, over shuffles."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from classifier.category.conformal import Decided, answers_above, floors
from classifier.category.seed_corpus import blend
from classifier.category.train import train
from classifier.category.trained import TrainedClassifier
from classifier.text.words import load_words
from hotline.city.loader import load_city
from hotline.training.examples import starter_pairs
from hotline.triage.active_classifier import parents_of
from hotline.triage.unit_sets import unit_odds
from routing.facts import Facts
from routing.rules import decide
from tests.bench.classifier.ground import say
from tests.support.new_model import CITY

SHUFFLES, STATED = 20, 0.98


def say_sets(what: str, right: Any, all_p: Any) -> None:
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


def units() -> None:
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
