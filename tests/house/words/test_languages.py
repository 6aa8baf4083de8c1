"""Every sentence a person sees has its English, with the same blanks to fill in."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_python

from hotline.cli.printed import messages
from tests.support.repository import ROOT

BLANK = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w+)\}(?!\})")
CHINESE = messages.CHINESE


@cache
def sentences() -> dict[str, list[str]]:
    return messages.sentences()


@cache
def english() -> dict[str, str]:
    return {sentence: translation for _, sentence, translation in entries()}


def entries() -> Iterator[tuple[str, str, str]]:
    for path, catalogue in messages.catalogues():
        yield from ((path.name, str(one.id), str(one.string)) for one in catalogue if one.id)


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


def test_the_catalogues_hold_what_is_said_and_nothing_else(tmp_path: Path) -> None:
    """`make messages` would change nothing."""
    shutil.copytree(messages.ENGLISH, tmp_path, dirs_exist_ok=True)
    assert messages.update(sentences(), messages.literals(), tmp_path) == ([], [])


def test_new_sentences_wait_for_their_english_and_unsaid_ones_go(tmp_path: Path) -> None:
    (tmp_path / "desk.po").write_text(
        messages.HEADER + 'msgid "派单"\nmsgstr "Dispatch"\n\nmsgid "旧话"\nmsgstr "Old"\n'
    )
    assert messages.update({"派单", "新话"}, (), tmp_path) == (["新话"], ["旧话"])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert messages.update({"派单", "新话"}, (), tmp_path) == ([], [])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    found = {
        (path.name, str(one.id), str(one.string))
        for path, held in messages.catalogues(tmp_path)
        for one in held
        if one.id
    }
    assert found == {("desk.po", "派单", "Dispatch"), ("messages.po", "新话", "")}


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
