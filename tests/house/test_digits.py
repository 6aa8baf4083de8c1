"""What becomes a number is asked for `isdecimal`: "²" is a digit to `isdigit`, and `int` cannot read it."""

from __future__ import annotations

import re

import pytest

from tests.support.repository import python

ROOMS = ("classifier/", "hotline/", "models/", "routing/", "webhooks/")
TURNED = re.compile(r"\bint\(")


def turned_after_isdigit(text: str) -> list[str]:
    """Lines that ask `isdigit` alone and make a number of it there or in the next line."""
    lines = text.splitlines()
    return [
        line.strip()
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if ".isdigit()" in line and "isascii" not in line and TURNED.search(line + following)
    ]


def turned_without_a_bound(text: str) -> list[str]:
    """Lines that ask whether it is decimal and make a number of it, of however many digits it is: `int` refuses 5,000 of them, and
    no row has the number of 25."""
    lines = text.splitlines()
    bounded = re.compile(r"len\(|\[:\d|re\.|fullmatch")
    return [
        line.strip()
        for before, line, following in zip(["", *lines], lines, [*lines[1:], ""], strict=False)
        if ".isdecimal()" in line and TURNED.search(line + following) and not bounded.search(before + line + following)
    ]


def test_no_number_from_outside_is_longer_than_a_row_can_have(texts: dict[str, str]) -> None:
    outside = ("hotline/web/", "hotline/api/", "hotline/open311/", "hotline/webhook_handlers/", "webhooks/")
    found = {name: turned_without_a_bound(text) for name, text in python(texts) if name.startswith(outside)}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert turned_without_a_bound("x = [int(one) for one in many if one.isdecimal()]")
    assert not turned_without_a_bound("x = [int(one) for one in many if one.isdecimal() and len(one) < 9]")


def test_nothing_becomes_a_number_because_it_looks_like_digits(texts: dict[str, str]) -> None:
    found = {name: turned_after_isdigit(text) for name, text in python(texts) if name.startswith(ROOMS)}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("text", ["x = int(t) if t.isdigit() else 0", "if t.isdigit():\n    return int(t)"])
def test_both_ways_of_doing_it_are_seen(text: str) -> None:
    assert turned_after_isdigit(text)
    assert not turned_after_isdigit(text.replace("isdigit", "isdecimal"))
