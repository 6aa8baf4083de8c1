"""Reads ready.yaml; a city that brings no words along has no such file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from hotline.city.marked import YamlRow, YamlSheet
from hotline.city.mistakes import Notebook
from hotline.city.ready.places import personal, stray_braces
from hotline.city.ready.schema import DESKS, LONGEST_BODY, LONGEST_TITLE, MacroRow, ReadyFile, Word
from hotline.i18n import N_

FILE = "ready.yaml"
One = TypeVar("One", Word, MacroRow)


def read_ready(folder: Path, notebook: Notebook) -> ReadyFile:
    """In the order of the file."""
    if not (folder / FILE).exists():
        return ReadyFile()
    book = YamlSheet(folder, FILE, notebook)
    words = _each(book.top.list_of_rows("words"), _word)
    macros = _each(book.top.list_of_rows("macros", required=False), _macro)
    book.finish()
    return ReadyFile(tuple(words.values()), tuple(macros.values()))


def _each(rows: list[YamlRow], read: Callable[[YamlRow], One]) -> dict[str, One]:
    found: dict[str, One] = {}
    for row in rows:
        one = read(row)
        if one.code in found:
            row.mistake("code", N_("代码“%(code)s”重复"), code=one.code)
        found[one.code] = one
    return found


def _word(row: YamlRow) -> Word:
    word = Word(row.code(), _desk(row), row.text("title"), row.text("body"))
    _look_at(row, ("title", word.title, LONGEST_TITLE), ("body", word.body, LONGEST_BODY))
    return word


def _macro(row: YamlRow) -> MacroRow:
    macro = MacroRow(row.code(), _desk(row), row.text("title"), tuple(map(_step, row.list_of_rows("steps"))))
    _look_at(row, ("title", macro.title, LONGEST_TITLE))
    return macro


def _step(row: YamlRow) -> tuple[str, Mapping[str, Any]]:
    """An action with its answers: a text, or a list of codes."""
    action, said = row.text("action"), row.row("answers", required=False)
    names = said.names() if said is not None else []
    answers = {name: said.text(name) if said.is_text(name) else list(said.words(name)) for name in names if said}
    for name, value in answers.items():
        if said is not None and isinstance(value, str):
            _look_at(said, (name, value, LONGEST_BODY))
    return action, answers


def _desk(row: YamlRow) -> str:
    return row.choice("desk", tuple(filter(None, DESKS)), "")


def _look_at(row: YamlRow, *texts: tuple[str, str, int]) -> None:
    for name, value, most in texts:
        if len(value) > most:
            row.mistake(name, N_("“%(name)s”最多 %(most)s 个字"), most=most)
        if row.sheet.notebook.closely and (found := personal(value)):
            row.mistake(name, N_("现成话里不能有个人信息：%(what)s"), what="、".join(found[:3]))
        if stray_braces(value):
            row.mistake(name, N_("花括号不成对：要填的地方用花括号括住名称，名称最多 20 个字"))
