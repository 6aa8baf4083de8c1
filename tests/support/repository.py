"""The files that the repository holds, for the rules of the house."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CODE = ("hotline/", "classifier/", "routing/", "webhooks/", "models/")
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


def python(texts: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, text) for name, text in texts.items() if name.endswith(".py") and name.startswith(CODE)]
