"""Days that do not tell all by themselves: the order of 3/5/26 is read from the whole column, the year of 3月15日 from its table.

What neither tells is not understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from classifier.text.normalise import plain

ORDERS = ("ymd", "mdy", "dmy")
PADDED = "0"
"""After an order: the column writes 03 for 3. A 3 among them was written by somebody else, perhaps in another order."""
NEAR = timedelta(days=15 * 366)
"""Of two readings of a year in two digits, the one within the last fifteen years."""
_TRIPLE = re.compile(r"(?P<a>\d{1,2})(?P<sign>[-/.])\s?(?P<b>\d{1,2})(?P=sign)\s?(?P<c>\d{4}|\d{1,2})(?![\d:])")

_YEARLESS = re.compile(r"(?P<m>\d{1,2})(?:\s*月\s*(?P<d>\d{1,2})\s*[日号]?|[-/](?P<n>\d{1,2})(?![-/.]))(?!\d)")
_YEARS = re.compile(r"(?<!\d)20[0-4]\d(?=\s*年|[-_./]?(?:0[1-9]|1[0-2])(?:[0-3]\d)?(?!\d)|$)")


class NoDay(ValueError):
    """Three numbers that are no day, or that can be two."""


@dataclass(frozen=True)
class Triple:
    """Three numbers as they stand; sign: what is between them. end: where they end in their text."""

    numbers: tuple[int, int, int]
    sign: str
    long_year: bool
    end: int
    padded: bool = False
    lengths: tuple[int, int, int] = (2, 2, 2)

    @property
    def short(self) -> bool:
        """Whether a number below ten stands without its 0."""
        return not self.padded and min(self.numbers[:2]) < 10


def triple_of(text: str) -> Triple | None:
    """The three numbers that a text begins with."""
    if (found := _TRIPLE.match(text)) is None:
        return None
    numbers = (int(found["a"]), int(found["b"]), int(found["c"]))
    padded = any(len(told) == 2 and told[0] == "0" for told in (found["a"], found["b"]))
    lengths = (len(found["a"]), len(found["b"]), len(found["c"]))
    return Triple(numbers, found["sign"], lengths[2] == 4, found.end(), padded, lengths)


def day_in(triple: Triple, order: str) -> date:
    """Read in this order; without one only what can be one day alone is a day. Raises NoDay."""
    if triple.long_year and triple.sign == "." and order != "mdy":
        order = "dmy"  # 05.03.2026 is written where the day comes first
    if order.endswith(PADDED):
        order = "" if triple.short else order.removesuffix(PADDED)
    days = {day for one in ([order] if order else ORDERS) if (day := _read(triple, one)) is not None}
    if len(days) != 1:
        raise NoDay(triple.numbers)
    return days.pop()


def order_of(texts: Iterable[str], today: date) -> str:
    """The one order in which all of a column's days are days; empty when none, or more than one, is.

    Of years in two digits also today is asked: matters are told before they are written down, and not fifteen years before.
    """
    triples = {found for text in texts if (found := triple_of(plain(text).strip()))}
    left = [order for order in ORDERS if all(_read(one, order) for one in triples)]
    if not any(one.long_year for one in triples):
        for fits in (lambda day: day <= today + timedelta(days=1), lambda day: day >= today - NEAR):
            if len(left) > 1:
                left = [o for o in left if all((d := _read(one, o)) and fits(d) for one in triples)] or left
    if not triples or len(left) != 1:
        return ""
    return left[0] + (PADDED if any(one.padded for one in triples) else "")


def yearless(text: str) -> tuple[int, int, int] | None:
    """(month, day, where they end) of a text that begins with a day and names no year: 3月15日, 03-15."""
    found = _YEARLESS.match(text)
    return (int(found["m"]), int(found["d"] or found["n"]), found.end()) if found else None


def year_in(*around: str) -> int:
    """The one year that stands around a table, the nearest first: its name, its title, the name of the file. 0 when several do, or none."""
    for texts in around:
        if years := set(_YEARS.findall(plain(texts))):
            return int(years.pop()) if len(years) == 1 else 0
    return 0


def _read(triple: Triple, order: str) -> date | None:
    told = dict(zip(order, triple.numbers, strict=True))
    if triple.lengths[order.index("y")] == 1 or (triple.long_year and order == "ymd"):
        return None  # no year is written with one digit
    try:
        return date(told["y"] + (0 if triple.long_year else 2000), told["m"], told["d"])
    except ValueError:
        return None
