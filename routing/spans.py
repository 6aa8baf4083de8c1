"""A length of time as a city writes it: "24h", "30min", "180d", "3wd" (working days), "8wh" (working hours)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

UNITS = ("min", "h", "d", "wd", "wh")
ROUGH_SECONDS = {"min": 60, "h": 3600, "d": 86400, "wd": 86400, "wh": 10800}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*(min|wd|wh|h|d)")


@dataclass(frozen=True, slots=True)
class Span:
    """amount: never negative; halves are allowed ("2.5wd"). unit: one of UNITS."""

    amount: float
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS or self.amount < 0:
            raise ValueError(f"not a span: {self.amount!r} {self.unit!r}")

    @classmethod
    def parse(cls, written: str) -> Span:
        """Raises ValueError when the text is not a number with one of the five units."""
        found = _WRITTEN.fullmatch(written.strip())
        if not found:
            raise ValueError(f"not a span: {written!r}")
        return cls(float(found[1]), found[2])

    @property
    def working(self) -> bool:
        """Runs in working time only."""
        return self.unit in ("wd", "wh")

    @property
    def natural(self) -> timedelta:
        """The natural length; for working spans a rough one, good for comparing only."""
        return timedelta(seconds=self.amount * ROUGH_SECONDS[self.unit])

    def half(self) -> Span:
        return Span(self.amount / 2, self.unit)

    def __str__(self) -> str:
        return f"{self.amount:g}{self.unit}"
