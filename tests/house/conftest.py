"""What the rules of the house look at: the files that the repository holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.repository import ROOT, repository_files


@pytest.fixture(scope="session")
def files() -> tuple[Path, ...]:
    return repository_files()


@pytest.fixture(scope="session")
def texts(files: tuple[Path, ...]) -> dict[str, str]:
    """The files that can be read as text, by their path in the repository."""
    found = {}
    for path in files:
        raw = path.read_bytes()
        if b"\0" not in raw[:4096]:
            found[str(path.relative_to(ROOT))] = raw.decode("utf-8", "replace")
    return found
