"""The number another system gave a matter, and the print of its words: together they say whether we were told of it before."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping

from hotline.intake.first_told import print_of_words
from hotline.intake.importing.reading.cells import is_error, says_nothing
from webhooks.numbers import outer_number

LONGEST_NUMBER = 64
_ROUNDED = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+")
_TOLD_BY = ("body", "title", "phone", "name", "place", "happened_at")


def own_number(told: str) -> str:
    """The number as told; empty when it is a placeholder, an error, or was rounded by a spreadsheet: then it is nobody's number."""
    number = outer_number(told)
    if says_nothing(number) or number.strip("0") == "" or is_error(number) or is_rounded(number):
        return ""
    return number if len(number) <= LONGEST_NUMBER else _print(number)


def is_rounded(told: str) -> bool:
    return _ROUNDED.fullmatch(told.strip()) is not None


def number_by_words(text: Mapping[str, str], seen: Counter[str]) -> str:
    """A print of what was said, by whom and when, and which of its equals it is; a changed state makes no other matter of it."""
    name = _print(json.dumps({fact: text.get(fact, "") for fact in _TOLD_BY}, ensure_ascii=False, sort_keys=True))
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}.{seen[name]}"


def _print(text: str) -> str:
    return "sha-" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]


__all__ = ["is_rounded", "number_by_words", "own_number", "print_of_words"]
