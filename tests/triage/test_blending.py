"""Model and keywords as one voice, while a city has few tickets of its own."""

from __future__ import annotations

from dataclasses import replace

from classifier.suggestion import Ranked, Suggestion
from hotline.triage.blending import blended

PARENTS = {"0401": "04", "0402": "04", "0701": "07", "0702": "07"}


def said(**odds: float) -> Suggestion:
    ranked = tuple(Ranked(code[1:], p, ()) for code, p in sorted(odds.items(), key=lambda one: -one[1]))
    return Suggestion(ranked, "complaint", "normal", (), "any", known=True)


def test_a_keyword_of_a_neighbouring_category_speaks_for_the_field() -> None:
    model, keywords = said(_0701=0.5, _0402=0.4), said(_0401=0.9)
    both = blended(model, keywords, 0.4, PARENTS)
    assert both.level1[0].code == "04"
    assert blended(model, keywords, 0.4, {}).code == "0701"


def test_a_model_that_has_seen_few_of_the_words_is_asked_beside_the_keywords() -> None:
    stranger = replace(said(_0701=0.7, _0402=0.2), known=False)
    both = blended(stranger, said(_0402=0.5, _0701=0.4), 0.01, PARENTS)
    assert both.code == "0701" and both.known
    assert blended(stranger, said(_0402=0.9), 0.01, PARENTS).code == "0402"


def test_keywords_that_know_nothing_leave_the_model_its_word() -> None:
    model = said(_0701=0.7)
    assert blended(model, replace(said(), known=False), 0.4, PARENTS) is model
