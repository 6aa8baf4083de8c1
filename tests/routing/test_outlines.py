"""A point is found in the outlines of a city: inside or outside, how far away, and where the middle is."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.outlines import DEGREE, Point, inside, metres, metres_to, middle, size

SQUARE = (Point(36.0, 114.0), Point(36.0, 114.2), Point(36.2, 114.2), Point(36.2, 114.0))
HORSESHOE = (
    Point(0.0, 0.0),
    Point(3.0, 0.0),
    Point(3.0, 1.0),
    Point(1.0, 1.0),
    Point(1.0, 2.0),
    Point(3.0, 2.0),
    Point(3.0, 3.0),
    Point(0.0, 3.0),
)


@pytest.mark.parametrize(("lat", "lon", "within"), [(36.1, 114.1, True), (36.1, 114.3, False), (35.9, 114.1, False)])
def test_a_point_is_inside_or_outside(lat: float, lon: float, within: bool) -> None:
    assert inside(Point(lat, lon), SQUARE) is within


def test_the_bay_of_a_horseshoe_is_outside() -> None:
    assert not inside(Point(2.0, 1.5), HORSESHOE)
    assert (
        inside(Point(2.0, 0.5), HORSESHOE) and inside(Point(2.0, 2.5), HORSESHOE) and inside(Point(0.5, 1.5), HORSESHOE)
    )


@given(st.floats(35.9, 36.3), st.floats(113.9, 114.3))
def test_a_square_holds_what_lies_between_its_sides(lat: float, lon: float) -> None:
    assert inside(Point(lat, lon), SQUARE) is (36.0 <= lat < 36.2 and 114.0 <= lon < 114.2)


@given(st.floats(35.9, 36.3), st.floats(113.9, 114.3), st.integers(0, 3))
def test_it_does_not_matter_at_which_corner_an_outline_begins(lat: float, lon: float, turn: int) -> None:
    point, turned = Point(lat, lon), SQUARE[turn:] + SQUARE[:turn]
    assert inside(point, SQUARE) == inside(point, turned)
    assert math.isclose(metres_to(point, SQUARE), metres_to(point, turned), abs_tol=1e-6)


def test_distances_are_those_of_the_ground() -> None:
    station, museum = Point(36.1003, 114.3335), Point(36.1270, 114.3130)
    assert metres(station, museum) == pytest.approx(3496, rel=0.01)  # by the haversine formula
    assert metres(station, station) == 0


def test_the_way_to_an_outline_is_the_shortest_one() -> None:
    assert metres_to(Point(36.1, 114.0), SQUARE) == pytest.approx(0, abs=0.01)
    assert metres_to(Point(35.99, 114.1), SQUARE) == pytest.approx(0.01 * DEGREE, rel=0.001)
    assert metres_to(Point(35.99, 113.99), SQUARE) == pytest.approx(metres(Point(35.99, 113.99), SQUARE[0]), rel=0.001)


def test_the_middle_of_a_square_is_its_centre() -> None:
    assert middle(SQUARE) == pytest.approx(Point(36.1, 114.1))
    assert middle(tuple(reversed(SQUARE))) == pytest.approx(Point(36.1, 114.1))
    assert size(SQUARE) == pytest.approx(0.04)


def test_a_line_has_no_area_and_still_a_middle() -> None:
    assert middle((Point(1.0, 1.0), Point(2.0, 2.0), Point(3.0, 3.0))) == Point(1.0, 1.0)
