"""Patterns that could not be found are not read, and not one that could be is left out."""

import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from classifier.text import cues
from classifier.text.danger import life, sounds
from classifier.text.patterns.prefilter import Prefilter, needed
from classifier.text.words import normalise

PATTERNS = tuple(
    dict.fromkeys(
        [*(sign.pattern.pattern for sign in life._SIGNS), *(one for each in cues.PATTERNS.values() for one in each)]
    )
)
HERE = Path(__file__).parent


def sentences() -> list[str]:
    """Everything that the tests and the corpus tell of danger, and of everything else."""
    lists = (
        line.split("\t")[-1] for name in sorted(HERE.glob("*.tsv")) for line in name.read_text("utf-8").splitlines()
    )
    return [*lists, *(text for _, _, text in sounds.told())]


def torn(texts: list[str]) -> Iterator[str]:
    """Texts whose halves come from two others, and texts of characters drawn from all."""
    draw, signs = random.Random(7), "".join(texts)
    for _ in range(1_000):
        one, other = draw.choice(texts), draw.choice(texts)
        yield one[: len(one) // 2] + other[len(other) // 2 :]
        yield "".join(draw.choice(signs) for _ in range(draw.randint(0, 120)))


@pytest.mark.parametrize(
    ("pattern", "found", "passed_over"),
    [
        ("冒(?:着|出)?烟", ["冒烟", "正冒着烟呢"], ["冒着热气", "烟"]),
        ("(?:孩|娃)[^,。]{0,4}(?:掉进|跌入)井", ["孩子掉进井", "娃跌入井里"], ["孩子进井", "掉进井里"]),
        ("叫不(?:醒|应)(?!钟)", ["叫不醒"], ["叫不"]),
        ("(?:刀|枪){1}[^,]{0,2}(?:砍|捅)+了", ["刀砍了", "枪捅了"], ["刀砍", "砍了"]),
        ("[手脚][^,]*断", ["脚断", "手没断"], ["断手"[:1], "手"]),
        (r"\bgas leak|smells? of gas", ["gas leak", "smell of gas"], ["gas", "leak"]),
        ("水(?:到|漫){2,3}腰", ["水漫漫腰"], ["水腰", "漫腰"]),
    ],
)
def test_a_pattern_is_read_where_its_words_stand_and_nowhere_else(
    pattern: str, found: list[str], passed_over: list[str]
) -> None:
    only = Prefilter([pattern])
    assert [text for text in found if not re.search(pattern, text)] == []
    assert [text for text in found if only.possible(text) != [0]] == []
    assert [text for text in passed_over if only.possible(text)] == []


def test_a_pattern_that_needs_no_word_is_always_read() -> None:
    for pattern in ("a?", "[^,]{2}", r"\d+", "(?:水|)", "(?=火)"):
        assert () in needed(pattern) and Prefilter([pattern]).possible("") == [0]


def test_every_pattern_of_danger_and_of_urgency_needs_some_word() -> None:
    assert [pattern for pattern in PATTERNS if () in needed(pattern)] == []


def test_no_pattern_that_is_in_a_sentence_is_passed_over() -> None:
    texts = [normalise(text) for text in sentences()]
    assert missed([*texts, *torn(texts)]) == []


def test_no_pattern_that_is_in_a_real_message_is_passed_over(data: Path) -> None:
    texts = []
    for name in ("teddy2020_classify_train.jsonl.gz", "teddy2020_unlabelled_train.jsonl.gz"):
        with gzip.open(data / name, "rt", encoding="utf-8") as rows:
            texts += [row.get("text") or f"{row['subject']}\n{row['body']}" for row in map(json.loads, rows)]
    assert len(texts) > 6_000 and missed([normalise(text) for text in texts]) == []


def missed(texts: list[str]) -> list[tuple[str, str]]:
    """(pattern, text) of everything that stands in a text and was not let through."""
    only, compiled = Prefilter(PATTERNS), [re.compile(pattern) for pattern in PATTERNS]
    return [
        (PATTERNS[number], text)
        for text in texts
        for number in {*range(len(PATTERNS))} - {*only.possible(text)}
        if compiled[number].search(text)
    ]


def test_few_patterns_are_read_over_a_calm_sentence() -> None:
    only = Prefilter(PATTERNS)
    calm = [text for want, _, text in sounds.told() if want == "calm"]
    assert sum(len(only.possible(text)) for text in calm) < 2 * len(calm)
