"""One place is one place however its address is written, and two are two."""

from __future__ import annotations

from itertools import combinations

import pytest

from hotline.web.core.limits.rate_limits import network_of

SAME = [
    ("198.51.100.7", "::ffff:198.51.100.7", "::ffff:c633:6407", "::FFFF:C633:6407"),
    ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", "2001:0db8:0000:0001::2"),
    ("2002:c633:6407::1", "2002:c633:6407:ffff::1"),
]


@pytest.mark.parametrize("written", SAME)
def test_one_place_counts_as_one(written: tuple[str, ...]) -> None:
    assert len({network_of(one) for one in written}) == 1


def test_two_places_are_two() -> None:
    """All of IPv4 behind a socket of both kinds would else be one network, which one person could shut for everybody."""
    places = (
        "198.51.100.7",
        "::ffff:198.51.100.8",
        "2001:db8:0:2::1",
        "2002:c633:6408::1",
        "::1",
        "not an address",
        "::ffff:0:1",
    )
    assert all(network_of(one) != network_of(other) for one, other in combinations(places, 2))
