"""A small installation that learns: four categories of the model city, a few texts each, on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.outbox.transports import NoTransport
from hotline.settings import Settings
from models import Ticket
from tests.support.doubles.fakes import MemorySender
from tests.support.life import Life
from tests.support.papers.texts import FOUR, texts


@pytest.fixture
def small_city(tmp_path: Path) -> Path:
    """A folder whose examples are few."""
    folder = tmp_path / "city"
    (folder / "examples").mkdir(parents=True)
    lines = [
        "# code, type, urgency, text",
        *(f"{code}\thelp\tnormal\t{text}" for code in FOUR for text in texts(code, 24)),
    ]
    (folder / "examples" / "01.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def installation(
    sqlite_engine: Engine, city: Any, clock: StoppedClock, sender: MemorySender, tmp_path: Path, small_city: Path
) -> Installation:
    settings = Settings(
        database_url=str(sqlite_engine.url),
        secret_key="s" * 40,
        twilio_auth_token="t" * 40,
        var=tmp_path,
        city_dir=small_city,
        testing=True,
    )
    return build_installation(
        settings, city=city, clock=clock, engine=sqlite_engine, sender=sender, transport=NoTransport()
    )


@pytest.fixture
def life(installation: Installation, city: Any, clock: StoppedClock) -> Iterator[Life]:
    with installation.sessions() as db:
        yield Life(db, city, clock)


@pytest.fixture
def finished(life: Life) -> Any:
    """`finished(n, wrong=False)`: n tickets of the four categories, finished one an hour. wrong: filed under the next category."""

    def make(count: int, wrong: bool = False) -> list[Ticket]:
        made = []
        for n in range(count):
            life.clock.forward(hours=1)
            code = FOUR[n % 4]
            ticket = life.ticket(phone=f"1380000{n:04d}", words=texts(code, count, "甲")[n])
            ticket.state, ticket.closed_at = "closed", life.now
            ticket.category_code = FOUR[(n + 1) % 4] if wrong else code
            made.append(ticket)
        life.db.commit()
        return made

    return make
