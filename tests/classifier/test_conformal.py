"""A set of answers holds the right one as often as it says: counted on decided answers, whatever the numbers are worth."""

from __future__ import annotations

import random

import numpy as np

from classifier.category.conformal import Decided, answers_above, floor_of, floors

UNITS = [f"unit{n}" for n in range(8)]


def decided(count: int, seed: int, noise: float = 0.03, kind: str = "read", boast: float = 1.0) -> list[Decided]:
    """Answers of a judge that says which units are likely; boast: how much too sure it is of itself."""
    chance = np.random.default_rng(seed)
    made = []
    for _n in range(count):
        p = chance.dirichlet(np.full(8, 0.15))
        truth = UNITS[chance.choice(8, p=p)] if chance.random() > noise else UNITS[chance.integers(8)]
        told = p**boast / (p**boast).sum()
        made.append(Decided(sorted(zip(UNITS, told, strict=True), key=lambda one: -one[1]), truth, kind))
    return made


def held(found: list[Decided], floor: float) -> float:
    return sum(one.truth in answers_above(one.odds, floor) for one in found) / len(found)


def test_sets_hold_the_right_one_as_often_as_they_say_also_those_of_a_boaster() -> None:
    for boast in (0.5, 1.0, 3.0):
        whole, shares = decided(4000, seed=1, boast=boast), []
        for shuffle in range(20):
            random.Random(shuffle).shuffle(whole)
            (floor,) = floors(whole[:2000], 0.95, fewest=100)
            shares.append(held(whole[2000:], floor.p))
        assert 0.945 <= np.mean(shares) <= 0.96


def test_each_kind_has_its_own_floor_and_the_rare_ones_share_one() -> None:
    told = [*decided(300, 1, kind="read"), *decided(300, 2, noise=0.2, kind="open"), *decided(60, 3, kind="a")]
    found = floors([*told, *decided(60, 4, kind="b")], 0.9, fewest=100)
    assert [(one.kind, one.n) for one in found] == [("read", 300), ("open", 300), ("", 120)]
    read, rare = floor_of(found, "read"), floor_of(found, "b")
    assert read is not None and rare is not None and read.kind == "read" and rare.kind == ""


def test_nothing_is_promised_where_the_truth_is_not_even_named_or_too_little_is_known() -> None:
    unnamed = [Decided([("a", 0.9)], "z", "read") for _ in range(10)] + [
        Decided([("a", 0.9)], "a", "read") for _ in range(190)
    ]
    assert floors(unnamed, 0.98, fewest=100)[0].p == 0
    assert floors(unnamed, 0.9, fewest=100)[0].p == 0.9
    assert floors(unnamed[10:50], 0.98, fewest=30)[0].p == 0  # forty answers cannot tell of one in fifty
    assert floors(unnamed, 0.98, fewest=500) == [] and floor_of([], "read") is None


def test_a_set_holds_what_reaches_the_floor_and_nothing_else() -> None:
    """An answer less sure than every one that was counted is no promise, be it the likeliest."""
    assert answers_above([("a", 0.6), ("b", 0.3)], 0.3) == ("a", "b")
    assert answers_above([("a", 0.4), ("b", 0.3)], 0.5) == () == answers_above([], 0.5)
