"""An installation of its own for each test that imports, and files written the way other systems write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from hotline.city.sync import sync
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.intake.importing.take import Outcome, import_file
from hotline.intake.importing.wish import Wish
from hotline.jobs.build import build_installation
from hotline.settings import Settings
from tests.support.imported import Take


@pytest.fixture
def installation(sqlite_engine: Engine, city: Any, clock: StoppedClock, tmp_path: Path) -> Installation:
    settings = Settings(secret_key="k" * 40, twilio_auth_token="t" * 40, var=tmp_path, testing=True)
    built = build_installation(settings, city=city, clock=clock, engine=sqlite_engine)
    with built.sessions() as db:
        sync(db, city, clock.now())
        db.commit()
    return built


@pytest.fixture
def take(installation: Installation) -> Take:
    """Import a file; every row that was read is accounted for."""

    def import_it(path: Path, **wish: Any) -> Outcome:
        outcome = import_file(installation, Wish(path, **wish))
        assert outcome.read == outcome.new + outcome.known + outcome.conflict + outcome.rejected
        return outcome

    return import_it
