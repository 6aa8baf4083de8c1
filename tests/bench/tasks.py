"""`python -m tests.bench tasks`: do every daily task in a real browser and write what it cost into docs/tasks.md."""

from __future__ import annotations

import logging
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from hotline.city.loader import load_city
from hotline.city.schema import City
from hotline.city.sync import sync
from hotline.clock import StoppedClock
from hotline.tickets.search.full_text import create_search
from tests.support.desks.tasks import TASKS, Hand, Task, table
from tests.support.make import BORN
from tests.support.repository import ROOT
from tests.support.services import CHROMIUM, CHROMIUM_WORDS, LiveServer, SqliteTests, make_keys
from tests.support.town import close_town, open_town

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

PAGE = ROOT / "docs" / "tasks.md"
HEAD = """# 每天的事要按几个键 · What the daily tasks cost

Measured in a real browser by `python -m tests.bench tasks`, which writes this page; `tests/journeys/test_tasks.py` does the same tasks and
compares. A key is a combination beyond typing the words (Alt+S is one), a load is a full page. "Before" is the first measurement.

"""


def run() -> None:
    from playwright.sync_api import sync_playwright

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    city = load_city(ROOT / "hotline" / "city" / "anyang")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        databases = SqliteTests(Path(folder), (create_search, make_keys, lambda connection: _load(connection, city)))
        rows = [(one, _measure(one, databases, city, Path(folder), play)) for one in TASKS]
    PAGE.write_text(HEAD + table(rows) + "\n")
    print(table(rows))


def _load(connection: Connection, city: City) -> None:
    session = Session(bind=connection, join_transaction_mode="rollback_only")
    sync(session, city, BORN)
    session.flush()


def _measure(one: Task, databases: SqliteTests, city: City, folder: Path, play: Playwright) -> Hand:
    """In a hotline, a database and a browser of its own."""
    browser = play.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_WORDS)
    servers: list[LiveServer] = []

    def serve(app: object) -> str:
        servers.append(LiveServer(app).start())
        return servers[-1].url

    engine = databases.fresh()
    town = open_town(engine, city, StoppedClock(datetime(2026, 3, 4, 2, 0, tzinfo=UTC)), folder, browser, serve)
    try:
        return one.do(town)
    finally:
        close_town(town)
        browser.close()
        for server in servers:
            server.stop()
        engine.dispose()
