"""An interval is honest: inside 0–1, around the share, and narrower with more answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import drift
from classifier.category import calibrate, evaluate
from classifier.wilson import wilson
from hotline.metrics.rates import interval


def test_the_interval_is_wilsons() -> None:
    """8 of 10: the textbook gives 0.490 and 0.943."""
    low, high = wilson(8, 10)
    assert low == pytest.approx(0.4902, abs=1e-4)
    assert high == pytest.approx(0.9433, abs=1e-4)


def test_all_of_ten_is_not_certainty_and_nothing_counted_has_no_interval() -> None:
    low, high = wilson(10, 10)
    assert low == pytest.approx(0.7225, abs=1e-4)
    assert high == 1.0
    assert wilson(0, 0) == (0.0, 1.0) and interval(0, 0) is None


@given(st.integers(1, 100_000), st.floats(0, 1))
def test_the_interval_holds_the_share_and_stays_inside(of: int, share: float) -> None:
    low, high = wilson(share * of, of)
    assert 0 <= low <= min(share + 1e-9, 1) and max(share - 1e-9, 0) <= high <= 1


@given(st.integers(1, 1000))
def test_more_answers_make_it_narrower(n: int) -> None:
    few, many = wilson(n, 2 * n), wilson(10 * n, 20 * n)
    assert many[1] - many[0] < few[1] - few[0]


@given(st.integers(0, 500), st.integers(1, 500))
def test_figures_and_thresholds_of_the_classifier_are_as_sure_as_each_other(n: int, of: int) -> None:
    assert interval(min(n, of), of) == wilson(min(n, of), of)
    assert {room.wilson for room in (calibrate, drift, evaluate)} == {wilson}  # type: ignore[attr-defined]
