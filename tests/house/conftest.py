"""What the rules of the house look at: the files that the repository holds."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SET_APART = (".git/", ".venv/", "var/", "build/", "hotline/web/static/vendor/")


@cache
def repository_files() -> tuple[Path, ...]:
    """Every file that is or would be committed, as git sees it; all files where git is not there."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = (
        listed.stdout.split("\0")
        if listed.returncode == 0
        else [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if "__pycache__" not in path.parts]
    )
    kept = (ROOT / name for name in names if name and not name.startswith(SET_APART))
    return tuple(sorted(path for path in kept if path.is_file()))


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
