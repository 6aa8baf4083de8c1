"""The tiny town, and a copy that may be spoilt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hotline.city import City, load_city

TINYTOWN = Path(__file__).parent.parent / "tinytown"


@pytest.fixture(scope="module")
def city() -> City:
    return load_city(TINYTOWN)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tiny town that a test may spoil."""
    return Path(shutil.copytree(TINYTOWN, tmp_path / "town"))
