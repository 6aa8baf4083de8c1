"""A count of a pattern that is written into a filled-in string needs two braces: with one it becomes the words of a tuple, and matches nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.support.repository import python


def lost_counts(code: str) -> Iterator[str]:
    """What was meant as {1,3} or {2} and is filled in as (1, 3) or 2."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.Tuple | ast.Constant):
            yield ast.unparse(node.value)


def test_no_count_of_a_pattern_is_lost(texts: dict[str, str]) -> None:
    found = {name: list(lost_counts(text)) for name, text in python(texts)}
    assert {name: lost for name, lost in found.items() if lost} == {}


@pytest.mark.parametrize(
    ("code", "lost"),
    [
        ("rf'[一二]{1,3}楼'", ["(1, 3)"]),
        ("f'{x}{2}'", ["2"]),
        ("rf'[一二]{{1,3}}楼{x}'", []),
        ("r'[一二]{1,3}楼'", []),
    ],
)
def test_a_lost_count_is_seen(code: str, lost: list[str]) -> None:
    assert list(lost_counts(code)) == lost
