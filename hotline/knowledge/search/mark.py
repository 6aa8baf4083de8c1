"""The marks: sense says which article is the closest, words say whether any is close; and what is not sure is shown as a guess."""

from __future__ import annotations

from collections.abc import Sequence

from hotline.knowledge.search.index import Found

MARK = 0.5
"""How close in words one of the closest must be: the highest that loses no right answer of every other question of the older files, see
decision 056. `python -m tests.bench knowledge` prints beside it what nine of ten of the articles' own questions reach."""

BESIDE = 0.6
"""What part of the first's closeness another must reach to be shown beside it."""

SURE, AHEAD, NAMED = 0.6, 0.14, 0.05
"""How close the first must be, and how far ahead of the second, to be told as the answer; and how far where the question
says its title whole, for a matter and the article about it are close: see decisions 025, 052 and 056."""


STRANGE, UNMET = 0.15, 1
"""How much the question may name, and of how many things it may speak, that the first does not speak of."""


def fitting(found: Sequence[Found]) -> list[Found]:
    """Those that are shown, the closest first: none where no word of theirs says that anything fits."""
    if all(one.in_words < MARK for one in found):
        return []
    return [one for one in found if one.closeness >= BESIDE * found[0].closeness]


def is_sure(found: Sequence[Found]) -> bool:
    """Whether the first of these, the closest first, is the answer; else all of them are guesses that a person reads first."""
    first, second = (*(one.closeness for one in found[:2]), 0.0, 0.0)[:2]
    ahead = NAMED if found and found[0].named else AHEAD
    is_close = first >= SURE and first - second >= ahead
    return is_close and found[0].strange <= STRANGE and found[0].unmet <= UNMET
