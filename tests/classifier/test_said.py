"""What a sentence says is found in sentences that were left out of the learning, and hardly in others."""

from __future__ import annotations

import pytest

from classifier.said.reader import KINDS, fitted, learn, said, sentences_of

FOLDS = 5
FOUND = {
    "secret": 0.75,
    "promise": 0.85,
    "empty": 0.85,
    "thin": 0.8,
    "title": 0.75,
    "number": 0.85,
    "asks": 0.75,
}
ELSEWHERE = 0.08


@pytest.mark.parametrize("kind", KINDS)
def test_sentences_left_out_are_found(kind: str) -> None:
    yes, no = sentences_of(kind)
    hits = wrong = 0
    for fold in range(FOLDS):
        kept = [[one for at, one in enumerate(some) if at % FOLDS != fold] for some in (yes, no)]
        reader = learn(*kept)
        hits += sum(p > 0.4 for p in reader.says(yes[fold::FOLDS]))
        wrong += sum(p > 0.4 for p in reader.says(no[fold::FOLDS]))
    assert hits / len(yes) >= FOUND[kind]
    assert wrong / len(no) <= ELSEWHERE


def test_nothing_is_said_by_nothing() -> None:
    assert said("secret", []) == []
    assert said("secret", ["路灯不亮三天了"])[0] < 0.2


@pytest.mark.parametrize("kind", [*KINDS, "dated"])
def test_a_reader_answers_what_the_library_answers(kind: str) -> None:
    yes, no = sentences_of(kind)
    texts = [*yes[::3], *no[::3], "", " ", "两  个\t\t空格", "ABC路的WiFi", "𠮷𠮷𠮷", "从来没有见过的字"]
    pieces, line = fitted(yes, no)
    expected = line.predict_proba(pieces.transform(texts))[:, 1].tolist()
    assert learn(yes, no).says(texts) == pytest.approx(expected, abs=1e-12)
