"""One thing, one name: the words that were given up for the field's own do not come back as names in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.support.repository import python

GIVEN_UP = {
    "House": "Installation",
    "build_house": "build_installation",
    "house": "installation",
    "Brain": "ActiveClassifier",
    "brain": "active classifier",
    "Shelf": "ModelRegistry",
    "shelf": "registry",
    "Bench": "ReviewModelRegistry",
    "bench_of": "passed, never hidden in a session",
    "Lesson": "TrainingRun",
    "lesson": "run",
    "promise": "enqueue",
    "Carrier": "JobTransport",
    "carrier": "transport",
    "hand_over": "notify",
    "nudge": "notify",
    "sweep": "hand_over_due_jobs",
    "switchboard": "webhook_handlers",
    "upcity": "local_city",
    "city_up": "up",
    "private_servers": "local_servers",
    "operating": "operations",
    "forgetting": "erase_person",
    "dossier": "details",
    "Dossier": "TicketDetails",
    "hotlist": "hotspot_list",
    "unit_work": "unit_queue",
    "reviewing": "review_queue",
    "watching": "supervision_lists",
    "search_asked": "SearchQuery",
    "overview_asked": "OverviewFilter",
    "search_marks": "highlight",
    "citizen_proof": "citizen.access",
    "token_book": "admin.tokens",
    "admin_book": "admin.audit",
    "stand_at": "canonical_url",
    "only_reading": "read_only",
    "turning": "sorting",
    "first_values": "default_values",
    "hearing": "cue_reading",
    "Ear": "Vectorizer",
    "sieve": "prefilter",
    "beginnings": "start_positions",
    "twins": "near_duplicates",
    "Knock": "SignedRequest",
    "laptop": "development",
}
ROOMS_GIVEN_UP = {
    "switchboard",
    "upcity",
    "dossier",
    "hotlist",
    "outcomes",
    "scene",
    "twins",
    "sieve",
    "shelf",
}
PHRASES = {
    "the house": "the installation",
    "a house": "an installation",
    "keeps? (its|the|every|each|this|these|all|one) promises?": "run the job",
    "(open|due|late|fresh|failed|other) promises": "jobs",
    "laptop": "development",
    "nudge": "notify",
    "the switchboard": "the webhook handler",
    "the shelf": "the registry",
}
"""As they stood in comments and docstrings. What a unit promises a citizen in a reply is a promise and stays one, and a
switchboard is still the thing with many telephones behind it."""

PHRASE = re.compile("|".join(rf"\b{phrase}\b" for phrase in PHRASES), re.I)
MAY_SAY = {
    "hotline/settings/read.py": "reads the former names of the modes",
    "classifier/": "reads the citizens' own words, and promises in replies",
    "hotline/review_advice/": "reads promises in replies",
    "hotline/tickets/effects/promising.py": "promises in replies",
    "hotline/city/": "a city's own data: a house is what people live in",
    "hotline/web/static/vendor/": "others' own words",
    "tests/house/": "the rules of the house, and the words themselves",
    "tests/support/repository.py": "the rules of the house",
    "CHANGELOG.md": "says which former names are still read",
}
FILES_MAY_BE_CALLED = re.compile(
    r"tests/house/|hotline/web/static/vendor/|models/migrations/versions/"
    r"|(\w+/)+(promised|promises|promising|promise|planted_promises|test_promises)(\.\w+|/.*)$"
)
"""What a unit promises a citizen is a promise; a word of a job it is not, and only Python files are about promises."""
FILE_WORDS_GIVEN_UP = {*ROOMS_GIVEN_UP, "house", "brain", "lesson", "laptop", "nudge", "promise", "promises"}
ICON = re.compile(r'icon_name="[\w-]+"')
READ_BY_PEOPLE = (".md", ".html", ".txt", ".xml", ".po", ".css", ".js")


def names(text: str) -> Iterator[tuple[int, str]]:
    """Every name that a file gives: functions, classes, arguments, variables, attributes."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.alias):
            yield node.lineno, (node.asname or node.name).rsplit(".", 1)[-1]


def given_up(text: str) -> Iterator[str]:
    for line, name in names(text):
        if (now := GIVEN_UP.get(name.lstrip("_"))) is not None:
            yield f"{line}: {name} is called {now}"


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Comments and docstrings, line by line."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield from enumerate(node.value.value.splitlines(), node.lineno)
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.search(r"(?:^|\s)# (.*)", line):
            yield number, found[1]


def test_no_name_that_was_given_up_is_given_again(texts: dict[str, str]) -> None:
    assert [f"{name}:{found}" for name, text in python(texts) for found in given_up(text)] == []


def test_no_room_bears_a_name_that_was_given_up(texts: dict[str, str]) -> None:
    rooms = {part for name, _text in python(texts) for part in PurePosixPath(name).with_suffix("").parts}
    assert rooms & ROOMS_GIVEN_UP == set()


def test_comments_and_docstrings_speak_the_same_words(texts: dict[str, str]) -> None:
    said = [
        f"{name}:{line}: {found.group()}"
        for name, text in python(texts)
        if not name.startswith(tuple(MAY_SAY))
        for line, words in prose(text)
        if (found := PHRASE.search(words))
    ]
    assert said == []


def test_documents_pages_and_translations_speak_the_same_words(texts: dict[str, str]) -> None:
    read = {name: text for name, text in texts.items() if name.endswith(READ_BY_PEOPLE)}
    said = [
        f"{name}:{line}: {found.group()}"
        for name, text in read.items()
        if not name.startswith(tuple(MAY_SAY))
        for line, words in enumerate(text.splitlines(), 1)
        if (found := PHRASE.search(ICON.sub("", words)))
    ]
    assert len(read) > 100 and said == []


def test_tests_say_what_they_mean_in_the_same_words(texts: dict[str, str]) -> None:
    said = [
        f"{name}:{line}: {found.group()}"
        for name, text in texts.items()
        if name.startswith("tests/") and name.endswith(".py") and not name.startswith(tuple(MAY_SAY))
        for line, words in prose(text)
        if (found := PHRASE.search(words))
    ]
    assert said == []


def test_no_file_of_any_kind_is_called_by_a_word_that_was_given_up(texts: dict[str, str]) -> None:
    called = [
        name
        for name in texts
        if not FILES_MAY_BE_CALLED.match(name) and FILE_WORDS_GIVEN_UP & set(re.split(r"[/_.-]", name.lower()))
    ]
    assert called == []


@pytest.mark.parametrize(
    "wrong",
    [
        "class House: ...",
        "def build_house(): ...",
        "self._house = 1",
        "from x import shelf",
        "import hotline.switchboard",
        "def f(brain): ...",
        "nudge = 1",
        "if (lesson := f()): ...",
        "for promise in (): ...",
    ],
)
def test_every_way_of_giving_a_name_is_seen(wrong: str) -> None:
    assert list(given_up(wrong))


@pytest.mark.parametrize(
    "right", ["class Installation: ...", "ReplyPromise = 1", "greenhouse = 2", "x = 'the house of 3'"]
)
def test_other_names_are_left_alone(right: str) -> None:
    assert list(given_up(right)) == []
