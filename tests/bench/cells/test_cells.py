"""A small nation with every test run; the long one is `python -m tests.bench cells`."""

from __future__ import annotations

import pytest

from tests.bench.cells.nation import nation
from tests.bench.cells.storm import storm


@pytest.mark.slow
def test_three_cities_lose_nothing_when_one_of_them_is_killed() -> None:
    with nation(3) as here:
        found = storm(here, seconds=12.0, rate=3.0, down=4.0)
    assert found.well, "\n".join(found.lines())
    assert found.contacts > 6 and found.handed > 0, found.lines()
