"""A hidden file as it was sent, readable only for as long as somebody reads it, in memory where there is room."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotline.keys import hidden_files
from models.store.hidden import Ring

MEMORY = Path("/dev/shm")


@contextmanager
def readable(path: Path, ring: Ring, mark: str, beside: Path) -> Iterator[Path]:
    """A copy under the file's own name. mark: what its folder's name begins with. beside: the folder for it when memory is short.

    Raises NoKey and OSError.
    """
    room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 * path.stat().st_size
    with tempfile.TemporaryDirectory(prefix=mark, dir=MEMORY if room else beside) as place:
        copy = Path(place) / path.name
        with hidden_files.opened(path, ring) as held, copy.open("wb") as out:
            shutil.copyfileobj(held, out, 1 << 20)
        yield copy


def forget_readable(mark: str, beside: Path) -> None:
    """What a reader that was killed left readable."""
    for place in (MEMORY, beside):
        for left in place.glob(f"{mark}*"):
            shutil.rmtree(left, ignore_errors=True)
