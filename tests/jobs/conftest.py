"""People and tickets for the tests of promises."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.installation import Installation
from tests.support.fakes import MemoryCalls
from tests.support.life import Life


@pytest.fixture
def life(db: Session, city: City, clock: StoppedClock) -> Life:
    return Life(db, city, clock)


@pytest.fixture
def line(house: Installation) -> MemoryCalls:
    """The telephone exchange of this test; it remembers whether the database was held while it was spoken to."""
    house.calls = MemoryCalls(house.engine.pool)
    return house.calls
