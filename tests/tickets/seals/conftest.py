"""A city that lived under seals: what the tests of damage are planted in."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.settings import Settings
from hotline.tickets import petitions
from hotline.tickets.privacy import audit
from hotline.tickets.seals import chain, log_marks, row_seals, seal_files
from models import make_sessions
from tests.support.life import Life


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, secret_key="s" * 40)


@pytest.fixture
def lived(engine: Engine, settings: Settings, city: City, clock: StoppedClock) -> Life:
    """Three tickets that were closed, each after a petition, with the audit of what was done beside; all under the chain."""
    sessions, key = make_sessions(engine), seal_files.seal_key(settings)
    row_seals.watch(sessions, key, clock)
    log_marks.watch(sessions, key)
    life = Life(sessions(), city, clock)
    for n in range(3):
        ticket = life.to("handling")
        petitions.ask(life.db, city, ticket, "extension", life.people["he"], life.now, {"reason": f"等配件{n}"})
        life.do(ticket, "he", "reply")
        life.do(ticket, "ren", "pass")
        life.do(ticket, "citizen", "record")
        audit.record(life.db, "reveal", life.people["an"], life.now, subject=f"phone {n}", reason="核实")
        life.db.commit()
    clock.forward(minutes=10)
    chain.seal(life.db, clock.now(), key=key)
    life.db.commit()
    return life
