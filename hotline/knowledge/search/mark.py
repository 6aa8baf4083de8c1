"""The marks: what is less close than the first is not shown, and what is less sure than the second is shown as a guess."""

from __future__ import annotations

from collections.abc import Sequence

from hotline.knowledge.search.index import Found

MARK = 0.40
"""Chosen on the articles' own questions by `python -m tests.bench knowledge`, never on those of the tests."""

SURE, AHEAD = 0.85, 0.05
"""How close the first must be, and how far ahead of the second, to be told as the answer: see decision 025."""


STRANGE, UNMET = 0.3, 1
"""How much the question may name, and of how many things it may speak, that the first does not speak of."""


def is_sure(found: Sequence[Found]) -> bool:
    """Whether the first of these, the closest first, is the answer; else all of them are guesses that a person reads first."""
    first, second = (*(one.closeness for one in found[:2]), 0.0, 0.0)[:2]
    is_close = first >= SURE and first - second >= AHEAD
    return is_close and found[0].strange <= STRANGE and found[0].unmet <= UNMET
