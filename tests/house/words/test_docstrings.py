"""What a class says about its columns and fields is true: each name it explains is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.repository import python

EXPLAINED = re.compile(r"(?:^|(?<=[.;] )|(?<=[.;]\n))\s*([a-z][a-z_0-9]*(?:, [a-z][a-z_0-9]*)*): ", re.M)
"""`name: …` or `name, other: …` at the beginning of a sentence."""

PLAIN_WORDS = {"note", "example", "source", "raises", "returns"}


def fields(held: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> set[str] | None:
    """The attributes, properties, methods and arguments of a class; None when a base is not in the same file."""
    found: set[str] = set()
    for base in held.bases:
        name = ast.unparse(base).split("[")[0]
        if name in classes:
            inherited = fields(classes[name], classes)
            if inherited is None:
                return None
            found |= inherited
        elif name.split(".")[-1] not in PLAIN_BASES:
            return None
    for node in ast.walk(held):
        if isinstance(node, ast.FunctionDef):
            found |= {node.name} | {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
    return found


PLAIN_BASES = {
    "Base",
    "NamedTuple",
    "Protocol",
    "Generic",
    "Exception",
    "TypedDict",
    "Thread",
    "object",
    "StrEnum",
    "Enum",
}


def stale(text: str) -> Iterator[str]:
    classes = {node.name: node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)}
    for held in classes.values():
        there = fields(held, classes)
        for names in EXPLAINED.findall(ast.get_docstring(held) or ""):
            for name in names.split(", "):
                if there is not None and name not in there | PLAIN_WORDS:
                    yield f"{held.lineno}: {held.name} explains {name}, which it has not"


def test_every_field_that_a_class_explains_is_there(texts: dict[str, str]) -> None:
    assert [f"{name}:{found}" for name, text in python(texts) for found in stale(text)] == []


def test_many_fields_are_explained(texts: dict[str, str]) -> None:
    """The rule above reads something at all."""
    classes = [
        one for _name, text in python(texts) for one in ast.walk(ast.parse(text)) if isinstance(one, ast.ClassDef)
    ]
    assert sum(len(EXPLAINED.findall(ast.get_docstring(one) or "")) for one in classes) > 100


@pytest.mark.parametrize(
    "wrong",
    [
        'class A(Base):\n    """One row. turn: its number."""\n    move_count: int',
        'class A:\n    """x.\n\n    one, two: numbers."""\n    one: int',
        'class B:\n    """y."""\n    at: int\nclass A(B):\n    """x. moved: when."""',
    ],
)
def test_a_field_that_is_gone_is_seen(wrong: str) -> None:
    assert list(stale(wrong))


def test_a_field_of_the_base_is_there() -> None:
    assert (
        list(stale('class B:\n    at: int\nclass A(B):\n    """x. at: when; moved_at: else."""\n    moved_at: int'))
        == []
    )
