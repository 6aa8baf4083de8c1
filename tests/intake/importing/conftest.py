"""An installation of its own for each test that imports, and files written the way other systems write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.intake.importing.take import Outcome, import_file
from hotline.intake.importing.wish import Wish
from tests.support.cities.imported import Take, house_on


@pytest.fixture
def installation(sqlite_engine: Engine, city: Any, clock: StoppedClock, tmp_path: Path) -> Installation:
    return house_on(sqlite_engine, city, clock, tmp_path)


@pytest.fixture
def take(installation: Installation) -> Take:
    """Import a file; every row that was read is accounted for."""

    def import_it(path: Path, **wish: Any) -> Outcome:
        outcome = import_file(installation, Wish(path, **wish))
        assert outcome.read == outcome.new + outcome.known + outcome.conflict + outcome.rejected
        return outcome

    return import_it
