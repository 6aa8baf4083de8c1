"""Lists of ways to say a thing: a line is a name and the patterns that mean it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Way:
    """name: of what is said so; asked: the pattern as it is written; said: the pattern."""

    name: str
    asked: str
    said: re.Pattern[str]


@cache
def ways_in(path: Path) -> tuple[Way, ...]:
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return tuple(Way(name, asked, re.compile(asked)) for name, *ways in lines for asked in ways)
