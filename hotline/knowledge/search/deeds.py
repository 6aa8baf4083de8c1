"""Of which of the things that are done with a paper or an enterprise a text speaks: had at first, changed, renewed, given up.

Published matters differ by nothing else: the same licence is granted, changed, continued, made out again and given back, each under a
title of its own, with the deed before or behind it. So what is done with another deed than the question names is less close than it sounds.
"""

from __future__ import annotations

import re
from pathlib import Path

from hotline.knowledge.search.lists import ways_in

LIST = Path(__file__).with_name("deeds.txt")
OTHER_DEED, NO_DEED, SAME_DEED = 0.75, 0.9, 0.35
"""What is left of the closeness where the deed is another, and where none is spoken of though some matter does it; how much of what is
missing is given where it is the same."""

_BEHIND = re.compile(r"^([^（(]{2,12})[（(]([^（）()]{2,20})[）)]$")


_SENTENCE = re.compile(r"[。？！?!；;\n]+")


def deeds_in(text: str) -> frozenset[str]:
    return frozenset(way.name for way in ways_in(LIST) if way.said.search(text))


def deeds_asked(text: str) -> frozenset[str]:
    """Of a caller who tells a story first: those of the last sentence, in which she asks."""
    sentences = [one for one in _SENTENCE.split(text) if one.strip()]
    return deeds_in(sentences[-1]) if sentences else frozenset()


def weighed(closeness: float, asked: frozenset[str], done: frozenset[str], said: frozenset[str]) -> float:
    """The closeness to a question that asks for these deeds of what does those and speaks of these."""
    if asked & done:
        return 1 - (1 - closeness) * (1 - SAME_DEED)
    return closeness * (OTHER_DEED if done else 1.0 if asked & said else NO_DEED)


def other_way_round(title: str) -> list[str]:
    """A title that names its thing in brackets behind the deed, with the thing first: callers know no order."""
    return [f"{found[2]}{found[1]}"] if (found := _BEHIND.match(title)) else []
