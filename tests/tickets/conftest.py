"""The life of tickets on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.clock import StoppedClock
from tests.support.life import Life


@pytest.fixture
def life(db: Session, city: City, clock: StoppedClock) -> Life:
    return Life(db, city, clock)
