"""The English reads as if it had been written in English: no phrase that was translated word by word comes back."""

from __future__ import annotations

import re

import pytest

from hotline.i18n import english

NOT_ENGLISH = (
    r"\bchance to go back\b",
    r"\bsee the next first\b",
    r"\bmany, one matter\b",
    r"\bby the words\b",
    r"\b(?:is|are|was|were|been|nothing|newest|be) taken in\b|^taken in\b|\btaken in (?:first|by|from|until|today)\b",
    r"\bwhat came of it\b",
    r"\b(?:it|unit\)s) goes on with\b",
    r"\bnobody fits\b|\bnothing fits\b|\bno entry fits\b",
    r"\bhalf solved\b|\bnobody unhappy\b",
    r"\bput through to\b",
    r"\brung (?:in|into|at)\b",
    r"\bkeyed by\b",
    r"\bin earnest\b|\bthe real thing\b",
    r"\bwished precision\b|\bgoes? out by itself\b|\bgoing out by itself\b",
    r"\blies in the (?:past|future)\b",
    r"\bparted by\b",
    r"\bis no (?:date|workbook|https)\b.*;",
    r"\bhanded in the result\b|\bhas been handed in\b",
    r"\bput to use\b|\bin the shadow\b|\bfairly included\b",
    r"\bit is no https\b|\bbeyond all bounds\b|\btoken has ended\b",
    r"\bthere is no such (?:call|ticket|request|person|unit|session|page|figure|state|file|draft|user)\b\.?$",
)
"""What a native speaker of the trade would not say; a phrase that a reader finds belongs here, with its mended sentence."""
ONE_WORD = {"属实": "Substantiated", "多人同诉": "Hot spots", "已受理": "Registered", "先跳过": "Skip"}


@pytest.mark.parametrize("phrase", NOT_ENGLISH)
def test_no_sentence_is_translated_word_by_word(phrase: str) -> None:
    """Found at the desks: X7."""
    found = {zh: en for zh, en in english().items() if re.search(phrase, en, re.I | re.M)}
    assert found == {}


@pytest.mark.parametrize(("zh", "en"), ONE_WORD.items())
def test_one_thing_has_one_english_word(zh: str, en: str) -> None:
    assert english()[zh] == en


def test_no_word_for_yes_stands_for_a_true_report() -> None:
    assert [zh for zh, en in english().items() if en.strip().lower() in ("true", "untrue", "partly true")] == []
