"""The file of rows that made no ticket: line, reason and row, so that a person can mend them and import them again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hotline.intake.importing.reading.cells import TORN
from hotline.intake.importing.reading.sheets import Row
from models.store.hidden import Ring

LONGEST_VALUE, LONGEST_ROW = 2_000, 20_000


class Rejects:
    """Made with the first of them, gone when there are none.

    ring: hides each line, where the program keeps the file; the one that a command leaves to whoever gave it is theirs to read.
    """

    def __init__(self, path: Path, *, afresh: bool = True, ring: Ring | None = None):
        self.path, self.ring = path, ring
        if afresh:
            path.unlink(missing_ok=True)

    def write(self, row: Row, reason: str) -> None:
        held = {"line": row.line, **({"sheet": row.sheet} if row.sheet else {}), "reason": reason, "row": _cut(row)}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(held, ensure_ascii=False, default=str).replace(TORN, "�")
        with self.path.open("a", encoding="utf-8", errors="replace") as file:
            file.write((self.ring.hide(line) if self.ring else line) + "\n")


def _cut(row: Row) -> Any:
    """The row, without the mass of what nobody can mend anyway."""
    if not row.values:
        return row.raw[:LONGEST_ROW]
    return dict(_shortened(row.values))


def _shortened(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    left = LONGEST_ROW
    for name, value in values.items():
        held: Any = value
        if len(str(value)) > min(LONGEST_VALUE, left):
            held = str(value)[: max(min(LONGEST_VALUE, left), 0)] + "…"
        left -= len(str(held))
        yield name, held
