"""A command as a person types it, on a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from hotline.city.sync import sync
from hotline.cli.main import cli
from hotline.clock import Clock
from hotline.keys.master_key import write
from models import make_sessions
from tests.support.services import MASTER, SqliteTests

Run = Callable[..., Result]


@pytest.fixture
def database(sqlite_tests: SqliteTests, city: Any, tmp_path: Path) -> Iterator[Engine]:
    """The installation of `run`, with the city loaded."""
    write(tmp_path / "master_key", [MASTER])
    engine = sqlite_tests.apart(tmp_path / "hotline.db")
    with make_sessions(engine)() as db:
        sync(db, city, Clock().now())
        db.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def run(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name, value in {
        "DATABASE_URL": str(database.url),
        "HOTLINE_VAR": str(tmp_path),
        "HOTLINE_MODE": "development",
    }.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(cli, list(words))
