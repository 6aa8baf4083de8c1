"""One thing lifted out of a text, with its place."""

from __future__ import annotations

from dataclasses import dataclass

PERSONAL = frozenset({"phone", "id_number", "plate", "bank_card", "email", "name", "account", "room", "paper", "known"})
"""The kinds that are masked on screens, exports and logs. known: what the ticket itself says of its citizen."""


@dataclass(frozen=True, slots=True)
class TextFinding:
    """One thing lifted out of a text: `text[start:end]` is where it stood, `value` its plain writing."""

    kind: str
    value: str
    start: int
    end: int
    sure: bool = True

    @property
    def personal(self) -> bool:
        return self.kind in PERSONAL
