"""What callers ask that is nobody's office: the best maker of stoves, the price of pork, a remedy for snoring.

Such a question shares its things with an article (stove, pork, the dog) and not what is asked. An article that speaks of
such things itself, as the one on sick pigs does, may answer it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("elsewhere.txt")


def ways_elsewhere(text: str) -> set[str]:
    """In which ways a text asks what no office answers."""
    return {asked for asked, way in _ways() if way.search(text)}


@cache
def _ways() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lines = [line.split() for line in LIST.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return tuple((asked, re.compile(asked)) for _kind, *ways in lines for asked in ways)
