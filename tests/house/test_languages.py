"""Every sentence a person sees has its English, with the same blanks to fill in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import read_po

from tests.support.repository import ROOT

CATALOGUES = ROOT / "hotline" / "locale" / "en"
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "gettext": None}
ROOMS = ("hotline", "routing", "classifier", "webhooks")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2"), ("**.xml", "jinja2")]
BLANK = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w+)\}(?!\})")
CHINESE = re.compile(r"[\u3400-\u9fff]")
JINJA = {"silent": "false", "trimmed": "true"}


@cache
def sentences() -> dict[str, list[str]]:
    """Every sentence of the code and the templates, with the places where it stands."""
    found: dict[str, list[str]] = defaultdict(list)
    options = {"**.html": JINJA, "**.txt": JINJA, "**.xml": JINJA}
    for room in ROOMS:
        for name, line, message, _, _ in extract_from_dir(
            ROOT / room, METHODS, options, keywords=KEYWORDS, directory_filter=everywhere
        ):
            for one in (message,) if isinstance(message, str) else message:
                found[one].append(f"{room}/{name}:{line}")
    return found


def everywhere(_folder: str) -> bool:
    """Babel would leave out folders whose name begins with an underscore, and with them the macros."""
    return True


@cache
def english() -> dict[str, str]:
    return {sentence: translation for _, sentence, translation in entries()}


def entries() -> Iterator[tuple[str, str, str]]:
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id:
                    yield path.name, str(message.id), str(message.string)


def blanks(sentence: str) -> list[str]:
    return sorted({"".join(found) for found in BLANK.findall(sentence)})


def test_sentences_are_found_at_all() -> None:
    assert len(sentences()) > 50


def test_every_sentence_has_its_english() -> None:
    chinese = {s: places for s, places in sentences().items() if CHINESE.search(s)}
    without = [f"{places[0]}: {sentence}" for sentence, places in chinese.items() if not english().get(sentence)]
    assert not without, f"{len(without)} sentences without English:\n" + "\n".join(without)


def test_every_english_sentence_has_the_same_blanks() -> None:
    differing = {zh: en for zh, en in english().items() if en and blanks(zh) != blanks(en)}
    assert differing == {}


def test_no_english_sentence_is_still_chinese() -> None:
    quoted = re.compile(r"[“\"'(（][^”\"')）]*[”\"')）]")
    assert {zh: en for zh, en in english().items() if CHINESE.search(quoted.sub("", en))} == {}


def test_two_catalogues_never_translate_one_sentence_differently() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for _, sentence, translation in entries():
        seen[sentence].add(translation)
    assert {sentence: sorted(ways) for sentence, ways in seen.items() if len(ways) > 1} == {}


@pytest.mark.parametrize("kind", ["routing", "classifier", "webhooks", "models"])
def test_the_ground_floor_rooms_mark_sentences_but_never_translate_them(kind: str) -> None:
    for path in (ROOT / kind).rglob("*.py"):
        with path.open("rb") as file:
            assert list(extract_python(file, ["_", "gettext"], [], {})) == [], path


def test_chinese_in_templates_is_always_wrapped() -> None:
    """Chinese outside `{{ … }}`, `{% … %}` and comments would never be seen in English."""
    code = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<!--.*?-->", re.S)
    naked = {
        f"{path.relative_to(ROOT)}:{number}": line.strip()[:60]
        for path in sorted((ROOT / "hotline").rglob("*.html"))
        for number, line in enumerate(keep_lines(code, path.read_text()).splitlines(), 1)
        if CHINESE.search(line)
    }
    assert naked == {}


def test_chinese_stops_in_templates_are_always_wrapped() -> None:
    """A full-width comma between two English words tears the line apart."""
    spoken = re.compile(r"""\b_\(\s*(?:"[^"]*"|'[^']*')|\{#.*?#\}|<!--.*?-->""", re.S)
    naked = {
        f"{path.relative_to(ROOT)}:{number}": line.strip()[:60]
        for path in sorted((ROOT / "hotline").rglob("*.html"))
        for number, line in enumerate(keep_lines(spoken, path.read_text()).splitlines(), 1)
        if re.search("[、，。：；（）]", line)
    }
    assert naked == {}


def keep_lines(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: "\n" * found.group().count("\n"), text)
