"""A province of a few cities on clean databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotline.clock import StoppedClock
from tests.support.cities.nation import Nation, nation_of
from tests.support.pages import chinese_again
from tests.support.services import SqliteTests

__all__ = ["chinese_again"]


@pytest.fixture
def nation(city: Any, clock: StoppedClock, tmp_path: Path, sqlite_tests: SqliteTests) -> Iterator[Nation]:
    yield from nation_of(city, clock, tmp_path, sqlite_tests.apart)
