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
from classifier.suggestion import Suggestion
from classifier.text.words import load_words
from hotline.city.loader import load_city
from hotline.city.schema import City
from hotline.training.examples import starter_pairs
from hotline.triage.active_classifier import OWN_TO_ACT, keyword_classifier, parents_of
from hotline.triage.blending import blended, share_of_keywords
from hotline.triage.unit_sets import unit_odds
from routing.facts import Facts
from routing.rules import decide
from tests.bench.classifier.ground import say
from tests.support.cities.new_model import CITY

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
        runs = [run for seed in range(SHUFFLES) if (run := _shuffled(told, stated, seed)) is not None]
        held, size = zip(*runs, strict=True)
        ours = f"{np.mean(held):.4f} ({min(held):.3f}–{max(held):.3f})"
        say(f"{what}: sets that state {stated:.0%} hold the right one (first two)", two, ours, f"±0.005 of {stated}")
        say("  mean size", 2.0, float(np.mean(size)), "1.3 at 98 %")


def _shuffled(told: Sequence[Decided], stated: float, seed: int) -> tuple[float, float] | None:
    """(share of sets that hold the right one, mean size); None where the floor says that nothing can be promised."""
    mixed_ = random.Random(seed).sample(told, len(told))
    half = len(mixed_) // 2
    (floor,) = floors(mixed_[:half], stated, fewest=1)
    if not floor.p:
        return None
    sets = [(one, answers_above(_best_first(one), floor.p)) for one in mixed_[half:]]
    return float(np.mean([one.truth in found for one, found in sets])), float(
        np.mean([len(found) for _, found in sets])
    )


def _best_first(one: Decided) -> list[tuple[str, float]]:
    return sorted(one.odds, key=lambda answer: -answer[1])


def units() -> None:
    """Units of the city: a third of its own sentences is kept apart, each with a district by chance, and routed by catalogue.

    The right unit is the one its true category leads to, but for a share that went to any other unit that handles tickets:
    nothing foretells those, and where they are more than the promise leaves over, none may be made. Model and keywords speak
    together, as they do in a new installation.
    """
    city = load_city(CITY)
    load_words(city.vocabulary)
    pairs = random.Random(5).sample(starter_pairs(CITY), len(starter_pairs(CITY)))
    kept = pairs[: len(pairs) // 3]
    model = TrainedClassifier(train(blend(pairs[len(kept) :], [])), parents_of(city))
    texts, share = [text for text, _ in kept], share_of_keywords(0, OWN_TO_ACT)
    voices = zip(model.suggest_many(texts), keyword_classifier(city).suggest_many(texts), strict=True)
    said = [blended(*pair, share, parents_of(city)) for pair in voices]
    for elsewhere in (0.0, 0.01, 0.02):
        _say_units(city, kept, said, elsewhere)


def _say_units(city: City, kept: Sequence[tuple[str, str]], said: Sequence[Suggestion], elsewhere: float) -> None:
    chance = random.Random(7)
    handling, told = sorted(code for code, unit in city.units.items() if unit.handles), []
    for heard, (text, category) in zip(said, kept, strict=True):
        facts = Facts(text=text, category=category, area=chance.choice(list(city.areas)))
        lead = decide(city.rules, facts, city.directory).lead or ""
        truth = chance.choice(handling) if chance.random() < elsewhere else lead
        told.append(Decided(unit_odds(city, heard, facts, stated=False), truth, "read"))
    first = float(np.mean([one.truth == one.odds[0][0] for one in told if one.odds]))
    for stated in (0.95, STATED):
        runs = [run for seed in range(SHUFFLES) if (run := _shuffled(told, stated, seed)) is not None]
        what = f"units, {elsewhere:.0%} elsewhere: sets that state {stated:.0%} hold the right one (the first)"
        if len(runs) < SHUFFLES:
            say(what, first, f"no promise in {SHUFFLES - len(runs)} of {SHUFFLES}", f"±0.005 of {stated}")
        if runs:
            held, size = zip(*runs, strict=True)
            say(what, first, f"{np.mean(held):.4f} ({min(held):.3f}–{max(held):.3f})", f"±0.005 of {stated}")
            say("  mean size", 1.0, float(np.mean(size)), "1.3")
