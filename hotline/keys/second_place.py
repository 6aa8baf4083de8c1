"""The second place of attachments: a folder on another disk or machine, known by a mark that both sides hold.

A disk that is not mounted is an empty folder: without the mark it is not written to, and nothing in it counts as missing. A folder
with the mark of another installation is never touched.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from hotline.settings import Settings

MARK, OWN = ".hotline-second-place", "second_place"
"""The mark there, and what it must say, in our own folder."""

ACKNOWLEDGED = ".hotline-acknowledged"
"""Which tickets were acknowledged (`standby.acknowledged`)."""

OURS = frozenset({MARK, ACKNOWLEDGED, f"{ACKNOWLEDGED}-former"})


def stands(settings: Settings) -> bool:
    """Whether the place is there and ours. A place that is new to an installation becomes its own when it is first looked at."""
    if settings.second_place is None:
        return False
    own = settings.var / OWN
    try:
        if not own.exists():
            return begin(settings)
        return (settings.second_place / MARK).read_text() == own.read_text()
    except OSError:
        return False


def begin(settings: Settings) -> bool:
    """Take an empty folder, or our own, as the second place; False for one that is somebody else's or cannot be written."""
    place, own = settings.second_place, settings.var / OWN
    if place is None:
        return False
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        there = (place / MARK).read_text() if (place / MARK).exists() else ""
        ours = own.read_text() if own.exists() else secrets.token_hex(16)
        if there and there != ours:
            return False
        if not there and any(place.iterdir()):
            return False
        settings.var.mkdir(parents=True, exist_ok=True)
        _write(own, ours)
        _write(place / MARK, ours)
    except OSError:
        return False
    return True


def _write(path: Path, words: str) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(words)
