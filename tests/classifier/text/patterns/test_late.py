"""A pattern that is compiled late answers as one that was compiled at once, and none of them is written wrongly."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from classifier.text.patterns.late import compile_all, late
from hotline.settings import ROOT


def test_it_answers_as_a_pattern_does() -> None:
    at_once, afterwards = re.compile(r"(?P<n>\d+)\s*号", re.I), late(r"(?P<n>\d+)\s*号", re.I)
    text = "文峰大道 12 号，东工路7号"
    assert afterwards.pattern == at_once.pattern
    for _twice in range(2):
        assert [one["n"] for one in afterwards.finditer(text)] == [one["n"] for one in at_once.finditer(text)]
        assert afterwards.sub("*", text) == at_once.sub("*", text)
    assert (afterwards.flags, afterwards.groups, afterwards.groupindex) == (
        at_once.flags,
        at_once.groups,
        at_once.groupindex,
    )


def test_a_mistake_is_told_by_the_first_search() -> None:
    wrong = late("(路灯")
    with pytest.raises(re.error):
        wrong.search("路灯")
    wrong.pattern = "路灯"  # type: ignore[misc]
    assert wrong.search("路灯")


def test_all_patterns_of_the_program_compile_and_none_was_compiled_to_start() -> None:
    """In a process of its own, where nobody has asked one yet."""
    said = (
        "import hotline.app, hotline.jobs.build; from classifier.text.patterns import late;"
        "compiled = sum('_compiled' in vars(one) for one in late._ALL); print(compiled, late.compile_all())"
    )
    told = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    compiled, there = map(int, told.stdout.split())
    assert there > 500
    assert compiled < there / 20
    assert compile_all() > 0
