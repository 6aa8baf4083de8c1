"""What the person who imports said, and what follows from it when nothing was said."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hotline.intake.importing.arrivals import Manner

LONGEST_SOURCE = 32
TEXTS = ("recent", "all", "none")
_ENDINGS = (
    ".gz",
    ".jsonl",
    ".ndjson",
    ".json",
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".et",
    ".ods",
    ".fods",
    ".dbf",
    ".mht",
    ".htm",
    ".html",
    ".rejects",
)


@dataclass(frozen=True)
class Wish:
    """source: names the other system; its numbers are unique within it. sheet: only this one. heading_row: 0 to look for it.

    texts: whom the hotline may text about these rows: recent (only rows told within the last three days; a row without a
    time is old), all, or none. history: what another system settled comes in settled. called: the file's own name, when
    it is stored under another.
    """

    path: Path
    source: str = ""
    channel: str = "web"
    columns: Mapping[str, str] = field(default_factory=dict)
    batch: int = 200
    texts: str = "recent"
    sheet: str = ""
    heading_row: int = 0
    history: bool = True
    called: str = ""

    @property
    def name(self) -> str:
        return self.called or self.path.name

    @property
    def provider(self) -> str:
        """The other system's name; without one the whole name of the file, of which a dot is no end."""
        return _short(self.source or _stem(self.name))

    @property
    def manner(self) -> Manner:
        return Manner(self.provider, self.channel, self.texts, self.history)

    def rejects(self, otherwise: Path) -> Path:
        """Where wrong rows are written: beside the file, or, where nobody may write there, into the folder `otherwise`."""
        folder = self.path.parent if os.access(self.path.parent, os.W_OK) else otherwise
        return folder / f"{self.path.name}.rejects.jsonl"


def _stem(name: str) -> str:
    while (ending := Path(name).suffix.lower()) in _ENDINGS and len(name) > len(ending):
        name = name[: -len(ending)]
    return name


def _short(name: str) -> str:
    """Two long names that begin alike stay two names."""
    if len(name) <= LONGEST_SOURCE:
        return name
    return f"{name[: LONGEST_SOURCE - 9]}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"
