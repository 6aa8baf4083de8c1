"""Tables as CSV that no spreadsheet takes for anything but words: whoever wrote a cell, a heading or a sheet's name may be a stranger."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any, TextIO

from classifier.text.normalise import plain

FORMULA = ("=", "+", "-", "\u2212", "@", "\t", "\r", "\n")
"""A spreadsheet takes a text that begins so for a formula; some take the wide and the small ones of these signs as well."""

UNSEEN_AT_MOST = 256
"""So many signs that nobody sees are looked through for the first that somebody does."""


class Digits(str):
    """Digits that stay the digits they are when Excel opens the file and saves it; our own import reads them back."""

    __slots__ = ()

    def __new__(cls, digits: str) -> Digits:
        assert digits.isdigit()
        return super().__new__(cls, f'="{digits}"')


class CsvWriter:
    """As csv.writer, cell by cell."""

    def __init__(self, out: TextIO) -> None:
        self._out = csv.writer(out)

    def writerow(self, row: Iterable[Any]) -> None:
        self._out.writerow([plain_cell(value) for value in row])

    def writerows(self, rows: Iterable[Iterable[Any]]) -> None:
        for row in rows:
            self.writerow(row)


def plain_cell(value: Any) -> Any:
    """A text that looks like a formula stays a text; a lone sign is none."""
    if not isinstance(value, str) or isinstance(value, Digits) or len(value) < 2:
        return value
    return f"'{value}" if value.startswith(FORMULA) or _seen(value).startswith(FORMULA) else value


def _seen(value: str) -> str:
    """The first sign that a person sees, in its everyday form: some spreadsheets cut off what stands before it."""
    head = plain(value[:UNSEEN_AT_MOST])
    return next((sign for sign in head if sign.isprintable() and sign != " "), "")
