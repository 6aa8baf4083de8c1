"""The street of these tests: one hotline on a clean SQLite, and whatever partners a test connects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hotline.clock import StoppedClock
from hotline.installation import Installation
from tests.support.cities.partners import Street
from tests.support.life import Life
from tests.support.pages import browse, chinese_again, installation, settings

__all__ = ["browse", "chinese_again", "installation", "settings"]


@pytest.fixture
def street(installation: Installation, city: Any, clock: StoppedClock, serve: Callable[[Any], str]) -> Iterator[Street]:
    with installation.sessions() as db:
        yield Street(installation, Life(db, city, clock), clock, serve)


@pytest.fixture
def life(street: Street) -> Life:
    return street.life


@pytest.fixture
def app(street: Street) -> Any:
    """The application of the street, for browsers."""
    made = street.client.application
    made.config["WTF_CSRF_ENABLED"] = False
    return made
