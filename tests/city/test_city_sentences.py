"""Every sentence of the city's files and of routing has its English twin, with the same places to fill."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from hotline.i18n import english

ROOT = Path(__file__).parent.parent.parent
PLACE = re.compile(r"%\((\w+)\)s")


def sentences() -> set[str]:
    found = set()
    for path in (*(ROOT / "routing").glob("*.py"), *(ROOT / "hotline" / "city").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="_" | "N_"), args=[ast.Constant(value=str(sentence)), *_]):
                    found.add(sentence)
    return found


@pytest.mark.parametrize("sentence", sorted(sentences()))
def test_a_sentence_speaks_english_too(sentence: str) -> None:
    assert sorted(PLACE.findall(english()[sentence])) == sorted(PLACE.findall(sentence))
