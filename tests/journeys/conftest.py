"""Journeys: a live hotline over a clean database, and a window of a real browser for everybody who takes part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine

from hotline.city.schema import City
from hotline.clock import StoppedClock
from tests.journeys.demo_city import demo, numbers, own_words, windows
from tests.support.town import Town, close_town, open_town
from tests.support.windows import keep_picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["demo", "numbers", "own_words", "windows"]

WENT_WRONG = pytest.StashKey[bool]()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A fixture can ask how its test went: the windows of a journey that failed are kept."""
    outcome = yield
    item.stash[WENT_WRONG] = item.stash.get(WENT_WRONG, False) or outcome.get_result().failed  # type: ignore[attr-defined]


@pytest.fixture
def town(
    request: pytest.FixtureRequest,
    sqlite_engine: Engine,
    city: City,
    clock: StoppedClock,
    tmp_path: Path,
    browser: Browser,
    serve: Callable[[Any], str],
) -> Iterator[Town]:
    """The hotline of this journey; errors of scripts and of the content policy in any window fail the test."""
    town = open_town(sqlite_engine, city, clock, tmp_path / "var", browser, serve)
    yield town
    for number, window in enumerate(town.windows, 1):
        if request.node.stash.get(WENT_WRONG, False):
            for page in window.pages:
                keep_picture(page, f"wrong-{request.node.name}-{number}")
    close_town(town)
    assert not town.complaints, "the browser complained: " + "; ".join(town.complaints)


@pytest.fixture
def keep() -> Callable[[Page, str], Path]:
    """`keep(page, name)` keeps what this window shows, from its top, under build/screenshots."""

    def from_the_top(page: Page, name: str) -> Path:
        page.evaluate("() => scrollTo(0, 0)")
        return keep_picture(page, name)

    return from_the_top
