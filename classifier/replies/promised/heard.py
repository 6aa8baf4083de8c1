"""Does somebody bind himself to this day? Learnt from clauses, since no list holds the ways of saying it.

`classifier/said/dated.tsv` has clauses of replies whose day, in brackets, is promised (+), and others whose day is the
citizen's, the law's, a paper's, past, or hangs on a condition (-). Only letters are heard: every number reads as nought.
"""

from __future__ import annotations

import re

from classifier.said.reader import said

_NUMBERS = re.compile(r"\d+(?:\.\d+)?|[一二三四五六七八九十两]+(?=[个月日号天周年点时季])")
_LEAD = 14
"""Letters of the sentence before the clause: who speaks, and of what."""


def as_heard(before: str, when: str, after: str) -> str:
    """The clause with its day in brackets."""
    return _NUMBERS.sub("0", f"{before}[{when}]{after}")


def binds(sentence: str, start: int, end: int, when: tuple[int, int]) -> float:
    """How surely the day at `when` is promised, 0 to 1. start, end: the clause it stands in."""
    lead = max(0, start - _LEAD)
    return said("dated", [as_heard(sentence[lead : when[0]], sentence[when[0] : when[1]], sentence[when[1] : end])])[0]
