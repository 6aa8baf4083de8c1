"""A simulated city for tests: a few weeks with holidays in them, on an installation of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from hotline.city.schema import City
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.keys.master_key import write
from hotline.outbox.transports import NoTransport
from hotline.settings import Settings
from hotline.simulate.city import Wish
from tests.support.services import MASTER

SINCE_MID_AUTUMN = Wish(seed=5, contacts=1100, days=45, until=datetime(2026, 10, 21, 4, 0, tzinfo=UTC), book=26)
"""With Mid-Autumn, the National Day and two make-up working days in it."""


def installation_on(engine: Engine, city: City, folder: Path) -> Installation:
    settings = Settings(
        database_url=str(engine.url), secret_key="s" * 40, twilio_auth_token="t" * 40, var=folder, testing=True
    )
    write(settings.master_key, [MASTER])
    asked = replace(city, policy=replace(city.policy, direct_sample=1.0))
    return build_installation(settings, city=asked, engine=engine, transport=NoTransport())
