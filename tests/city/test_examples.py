"""The starter corpus is complete, readable, varied and free of personal data."""

import re
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest
import yaml

CITY = Path(__file__).parents[2] / "hotline" / "city" / "anyang"
REQUEST_TYPES = {"consult", "help", "complaint", "report", "suggestion", "praise"}
URGENCIES = {"normal", "urgent", "critical"}
LEAST_PER_CATEGORY = 20
MOST_ALIKE = 0.7
PERSONAL = {
    "mobile number": re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    "landline": re.compile(r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)"),
    "identity number": re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    "long number": re.compile(r"\d{7,}"),
    "number plate": re.compile(r"[京津冀豫晋鲁鄂苏沪粤][A-Z][·\s]?[A-Z0-9]{5,6}"),
    "address of a mailbox": re.compile(r"[\w.]+@[\w.]+|@[A-Z]"),
    "web address": re.compile(r"https?://|www\."),
}


class Example(NamedTuple):
    """One line of the corpus and where it stands."""

    where: str
    code: str
    request_type: str
    urgency: str
    text: str


def read(path: Path) -> list[Example]:
    """Every line that is not a comment; a line without exactly four columns fails here."""
    examples = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        columns = line.split("\t")
        assert len(columns) == 4, f"{path.name}:{number} has {len(columns)} columns"
        examples.append(Example(f"{path.name}:{number}", *columns))
    return examples


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """The whole corpus, file by file."""
    return [example for path in sorted((CITY / "examples").glob("*.txt")) for example in read(path)]


@pytest.fixture(scope="module")
def codes() -> set[str]:
    """The second-level categories of the city."""
    tree = yaml.load((CITY / "categories.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return {child["code"] for first in tree["categories"] for child in first["children"]}


def shingles(text: str) -> set[str]:
    """Three-character pieces of the words alone."""
    bare = re.sub(r"\W", "", text)
    return {bare[i : i + 3] for i in range(len(bare) - 2)} or {bare}


def alike(one: set[str], other: set[str]) -> float:
    """Jaccard likeness of two sets of pieces."""
    return len(one & other) / len(one | other)


def test_every_first_level_category_has_its_own_file() -> None:
    names = {path.stem for path in (CITY / "examples").glob("*.txt")}
    assert names == {f"{number:02d}" for number in range(1, 23)}


def test_every_line_has_a_known_code_type_and_urgency(examples: list[Example], codes: set[str]) -> None:
    for example in examples:
        assert example.code in codes, example.where
        assert example.where.startswith(example.code[:2]), example.where
        assert example.request_type in REQUEST_TYPES, example.where
        assert example.urgency in URGENCIES, example.where
        assert example.text == example.text.strip() != "", example.where


def test_every_category_has_enough_examples(examples: list[Example], codes: set[str]) -> None:
    counts = Counter(example.code for example in examples)
    assert {code: counts[code] for code in codes if counts[code] < LEAST_PER_CATEGORY} == {}


def test_the_corpus_is_large_and_has_long_letters(examples: list[Example]) -> None:
    lengths = [len(example.text) for example in examples]
    assert len(lengths) >= 5000
    assert median(lengths) >= 60
    assert sum(120 <= length <= 300 for length in lengths) >= 0.2 * len(lengths)


def test_every_request_type_and_urgency_occurs(examples: list[Example]) -> None:
    assert {example.request_type for example in examples} == REQUEST_TYPES
    assert {example.urgency for example in examples} == URGENCIES


def test_no_two_lines_of_a_category_are_too_alike(examples: list[Example]) -> None:
    by_code: dict[str, list[tuple[str, set[str]]]] = defaultdict(list)
    for example in examples:
        pieces = shingles(example.text)
        for where, others in by_code[example.code]:
            assert alike(pieces, others) < MOST_ALIKE, f"{example.where} repeats {where}"
        by_code[example.code].append((example.where, pieces))


def test_no_text_stands_twice_in_the_whole_corpus(examples: list[Example]) -> None:
    counts = Counter(example.text for example in examples)
    assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("kind", PERSONAL)
def test_the_corpus_holds_no_personal_data(examples: list[Example], kind: str) -> None:
    assert [example.where for example in examples if PERSONAL[kind].search(example.text)] == []
