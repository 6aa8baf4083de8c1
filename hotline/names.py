"""What may stand on a page as somebody's or something's name: no sign that nobody sees, and none of the names of those who are nobody."""

from __future__ import annotations

import unicodedata

from classifier.text.normalise import plain

UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Kinds of signs that nobody sees: line ends, zero width, turned direction. Rare family names may lie in an area of private
use and stay."""

NOBODY = frozenset({"系统", "时钟", "市民", "匿名", "匿名市民", "system", "clock", "citizen", "thesystem"})
"""By these the story names those who are no staff, no unit and no machine, in plain writing and without blanks."""


def hides_signs(text: str, lines: bool = False) -> bool:
    """lines: a text of several lines may be."""
    return any(unicodedata.category(sign) in UNSEEN for sign in text if not (lines and sign == "\n"))


def one_line(text: str) -> str:
    """On one line, every blank once, without the signs that nobody sees: what is set into a text, a head of a letter or a cell."""
    return " ".join(
        "".join(sign for sign in text if sign.isspace() or unicodedata.category(sign) not in UNSEEN).split()
    )


def same(name: str) -> str:
    """The name as a reader takes it: two names with the same are told apart by nobody."""
    return "".join(plain(name).casefold().split())


def is_nobody(name: str) -> bool:
    return same(name) in NOBODY
