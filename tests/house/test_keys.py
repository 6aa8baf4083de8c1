"""One key has one meaning in the whole house, and templates name the move, never its key."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from hotline.web.core.forms.keys import KEYS
from tests.support.repository import ROOT

TEMPLATES = sorted((ROOT / "hotline" / "web" / "templates").rglob("*.html"))
WRITTEN = re.compile(r"""(?:key=|data-key=|"data-key": |kbd\()["']((?:alt|mod|ctrl)\+[a-z0-9])["']""")
EVERYWHERE = {"alt+s", "alt+z"}
"""Sending and undoing: the same on every page, written out in the macros."""


def test_no_two_moves_share_a_key() -> None:
    """Found at the desks: U27."""
    assert [key for key, times in Counter(KEYS.values()).items() if times > 1] == []


def test_templates_name_the_move_and_not_its_key() -> None:
    written = {
        f"{path.relative_to(ROOT)}:{n}": key
        for path in TEMPLATES
        for n, line in enumerate(path.read_text().splitlines(), 1)
        for key in WRITTEN.findall(line)
        if key in set(KEYS.values()) - EVERYWHERE - {"alt+p"}
    }
    assert written == {}, "say KEY.<move> (hotline/web/core/forms/keys.py)"


@pytest.mark.parametrize("move", sorted(set(KEYS) - {"send", "undo"}))
def test_every_move_of_the_table_is_on_a_page(move: str) -> None:
    assert any(f"KEY.{move}" in path.read_text() for path in TEMPLATES)


def test_there_is_one_word_for_skipping() -> None:
    """Found at the desks: U27."""
    words = {
        word
        for path in TEMPLATES
        for line in path.read_text().splitlines()
        if "KEY.skip" in line and "skip-forward" in line
        for word in re.findall(r'_\("([^"]+)"\)', line)
    }
    assert words == {"先跳过"}
