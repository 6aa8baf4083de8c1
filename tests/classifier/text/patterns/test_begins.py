"""A pattern behind a look at its first sign finds what it finds without, wherever that is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hotline.app  # noqa: F401  (with it the patterns of the whole program are there)
from classifier.text.danger.sounds import told
from classifier.text.patterns import late
from classifier.text.patterns.begins import guarded

SIGNS = "abc漏水,-"


def spans(pattern: str, text: str, flags: int = 0) -> list[tuple[int, int]]:
    return [found.span() for found in re.compile(pattern, flags).finditer(text)]


@pytest.mark.parametrize(
    ("pattern", "looked"),
    [
        ("漏水|停电", True),
        ("(?:我家)?漏水", True),
        ("[漏停](?:水|电)", True),
        (r"(?<!没)漏|(?=停)停电", True),
        (r"\d{1,3}[.-]\d|[+-]1", True),
        (r"(?:漏|\s)+水", True),
        ("漏?水?", False),
        ("", False),
        ("^|漏", False),
        (".水|漏", False),
        ("[^漏]水", False),
        (r"\W水", False),
        ("(?i:ab)|c", False),
        (r"(?P<one>漏|)(?P=one)水", False),
    ],
)
def test_a_look_is_taken_where_the_first_sign_is_known(pattern: str, looked: bool) -> None:
    assert (guarded(pattern) != pattern) is looked
    for text in ("我家漏水了,停电12.3-4", "+1-1\n漏漏 水", "abAB漏", ""):
        assert spans(guarded(pattern), text) == spans(pattern, text)


def test_the_groups_keep_their_names_and_numbers() -> None:
    found = re.search(guarded(r"(\d)(?P<what>号|弄)"), "在7号")
    assert found and found.groups() == ("7", "号") and found.lastgroup == "what"


@pytest.mark.filterwarnings("error")
def test_every_pattern_of_the_program_finds_the_same() -> None:
    texts = [text for _, _, text in told()[::40]]
    assert len(late._ALL) > 500 and len(texts) > 90
    for one in late._ALL:
        behind = guarded(one.pattern)
        if behind != one.pattern:
            assert all(spans(behind, text, one._written) == spans(one.pattern, text, one._written) for text in texts)


LETTER = st.sampled_from(
    [*"abc漏水,", r"\-", "[a漏]", "[b-c]", "[^a]", ".", r"\w", "(?=a)", "(?<!b)", "(?!漏)", r"\b", "^", "$"]
)
PATTERN = st.recursive(
    LETTER,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: f"(?:{'|'.join(each)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "{0,2}", "{1,2}", "+?"])).map(lambda one: f"(?:{one[0]}){one[1]}"),
    ),
    max_leaves=8,
)


@given(PATTERN, st.text(SIGNS, max_size=12))
def test_any_pattern_finds_the_same(pattern: str, text: str) -> None:
    assert spans(guarded(pattern), text) == spans(pattern, text)
