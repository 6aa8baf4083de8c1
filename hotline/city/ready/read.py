"""Reads ready.yaml; a city that brings no words along has no such file."""

from __future__ import annotations

from pathlib import Path

from hotline.city.marked import YamlRow, YamlSheet
from hotline.city.mistakes import Notebook
from hotline.city.ready.places import personal, stray_braces
from hotline.city.ready.schema import DESKS, LONGEST_BODY, LONGEST_TITLE, ReadyFile, Word
from hotline.i18n import N_

FILE = "ready.yaml"


def read_ready(folder: Path, notebook: Notebook) -> ReadyFile:
    """In the order of the file."""
    if not (folder / FILE).exists():
        return ReadyFile()
    book = YamlSheet(folder, FILE, notebook)
    words: dict[str, Word] = {}
    for row in book.top.list_of_rows("words"):
        one = _word(row)
        if one.code in words:
            row.mistake("code", N_("代码“%(code)s”重复"), code=one.code)
        words[one.code] = one
    book.finish()
    return ReadyFile(tuple(words.values()))


def _word(row: YamlRow) -> Word:
    word = Word(row.code(), row.choice("desk", tuple(filter(None, DESKS)), ""), row.text("title"), row.text("body"))
    for name, value, most in (("title", word.title, LONGEST_TITLE), ("body", word.body, LONGEST_BODY)):
        if len(value) > most:
            row.mistake(name, N_("“%(name)s”最多 %(most)s 个字"), most=most)
        if found := personal(value):
            row.mistake(name, N_("现成话里不能有个人信息：%(what)s"), what="、".join(found[:3]))
        if stray_braces(value):
            row.mistake(name, N_("花括号不成对：要填的地方用花括号括住名称，名称最多 20 个字"))
    return word
