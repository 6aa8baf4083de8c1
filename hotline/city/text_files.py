"""Reads checklist.yaml, messages.yaml, places.csv and words.txt."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple

from hotline.city.marked import YamlRow, YamlSheet, read_source, read_text
from hotline.city.mistakes import Notebook
from hotline.city.schema import ChecklistItem, Reason, Text
from hotline.city.unit_files import Bodies
from hotline.i18n import N_
from routing.places import Gazetteer, PlaceEntry

PLACES = "places.csv"
_GLUED = re.compile(r"\S\{link\}|\{link\}(?!\s|$)")
"""A telephone takes what stands close to a link for a part of it."""

COLUMNS = ["kind", "name", "area", "town", "aliases"]
CORE = frozenset({"result_clear", "answers_request", "every_point", "citizen_answered", "own_duty"})
"""What every reply must do: to these questions "does not apply" is no answer in any city."""

FACTS = ("outcome", "contact", "told", "evidence", "attachments", "basis", "promise", "privacy", "signature")
"""What the program knows about a reply, by name."""

MAY_NOT_APPLY = frozenset({"evidence", "attachments", "promise", "signature"})
"""Facts that may themselves say that a question does not apply: nothing attached, all done, no signature needed."""

PLACE_KINDS = ("road", "community", "landmark", "town")


class Checklist(NamedTuple):
    """source: what the list rests on; shown for every question that names no document of its own."""

    items: tuple[ChecklistItem, ...]
    reasons: dict[str, Reason]
    source: str


def read_checklist(folder: Path, notebook: Notebook) -> Checklist:
    sheet = YamlSheet(folder, "checklist.yaml", notebook)
    reasons: dict[str, Reason] = {}
    for row in sheet.top.list_of_rows("reasons"):
        reason = Reason(*(row.text(name) for name in ("code", "name", "name_en", "hint", "hint_en")))
        if reason.code in reasons:
            row.mistake("code", N_("代码“%(code)s”重复"), code=reason.code)
        reasons[reason.code] = reason
    items: dict[str, ChecklistItem] = {}
    for row in sheet.top.list_of_rows("items"):
        item = ChecklistItem(
            row.code(),
            row.text("question"),
            row.text("question_en"),
            row.text("reason"),
            row.yes("na"),
            row.choice("fact", FACTS, ""),
            row.text("source", ""),
        )
        _check_na(row, item)
        if item.code in items:
            row.mistake("code", N_("代码“%(code)s”重复"), code=item.code)
        if item.reason and item.reason not in reasons:
            row.mistake("reason", N_("退回原因“%(reason)s”不存在"), reason=item.reason)
        items[item.code] = item
    source = read_source(sheet, [(item.code, item.source) for item in items.values()])
    sheet.finish()
    return Checklist(tuple(items.values()), reasons, source)


def _check_na(row: YamlRow, item: ChecklistItem) -> None:
    if item.na and item.code in CORE:
        row.mistake("na", N_("“%(code)s”是核心问题，只能答是或否，不能“不适用”"), code=item.code)
    if item.fact in MAY_NOT_APPLY and not item.na:
        row.mistake("fact", N_("事实“%(fact)s”会答“不适用”，请同时写 na: yes"), fact=item.fact)


def read_messages(folder: Path, notebook: Notebook) -> dict[str, Text]:
    sheet = YamlSheet(folder, "messages.yaml", notebook)
    rows = sheet.top.row("texts")
    texts: dict[str, Text] = {}
    for key in rows.names() if rows else ():
        row = rows.row(key) if rows else None
        if row:
            texts[key] = _read_message(key, row)
    sheet.finish()
    return texts


def _read_message(key: str, row: YamlRow) -> Text:
    text = Text(
        key,
        zh=row.text("zh"),
        en=row.text("en"),
        params=row.words("params"),
        to=row.choice("to", ("citizen", "staff"), "citizen"),
        note=row.text("note", ""),
        template=row.text("template", ""),
    )
    for name, written in (("zh", text.zh), ("en", text.en)):
        if written:
            _check_places(row, name, written, set(text.params))
    return text


def _check_places(row: YamlRow, name: str, written: str, declared: set[str]) -> None:
    try:
        parts = list(Formatter().parse(written))
    except ValueError:
        row.mistake(name, N_("“%(name)s”里的花括号不成对"))
        return
    used = {field for _text, field, _format, _conversion in parts if field is not None}
    if any(form or conversion for _text, _field, form, conversion in parts) or not all(map(str.isidentifier, used)):
        row.mistake(name, N_("“%(name)s”里的花括号只能写参数名，如 {number}"))
        return
    if _GLUED.search(written):
        row.mistake(name, N_("“%(name)s”里的 {link} 前后要留空格，或放在末尾：有的手机会把紧挨着的字当成链接的一部分"))
    for param in sorted(used - declared):
        row.mistake(name, N_("“%(name)s”用了没有在 params 声明的 {%(param)s}"), param=param)
    for param in sorted(declared - used):
        row.mistake(name, N_("“%(name)s”缺少 params 声明的 {%(param)s}"), param=param)


def read_places(folder: Path, bodies: Bodies, notebook: Notebook) -> Gazetteer:
    """The areas and towns of units.yaml, and the rows of places.csv."""
    entries = [PlaceEntry("area", area.name, area.code, None, area.aliases) for area in bodies.areas.values()]
    for unit in bodies.units.values():
        if unit.kind == "town" and unit.area:
            entries.append(PlaceEntry("town", unit.name, unit.area, unit.code, unit.aliases))
    entries += _read_rows(folder, bodies, notebook)
    return Gazetteer(tuple(each for each in entries if min(map(len, (each.name, *each.aliases))) > 1))


def _read_rows(folder: Path, bodies: Bodies, notebook: Notebook) -> Iterator[PlaceEntry]:
    text = read_text(folder, PLACES, notebook)
    lines = [(n, line) for n, line in enumerate((text or "").split("\n"), 1) if line.strip() and line[0] != "#"]
    if text is None:
        return
    if not lines or next(csv.reader([lines[0][1]])) != COLUMNS:
        notebook.mistake(PLACES, lines[0][0] if lines else 1, N_("第一行应是：%(columns)s"), columns=",".join(COLUMNS))
        return
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in ((n, [cell.strip() for cell in next(csv.reader([line]))]) for n, line in lines[1:]):
        if len(cells) != len(COLUMNS):
            notebook.mistake(PLACES, line, N_("应有 %(n)s 列，现有 %(found)s 列"), n=len(COLUMNS), found=len(cells))
            continue
        entry = PlaceEntry(cells[0], cells[1], cells[2], cells[3] or None, tuple(filter(None, cells[4].split("|"))))
        _check_place(entry, line, bodies, notebook)
        if tuple(cells[:3]) in seen:
            notebook.warn(PLACES, line, N_("与第 %(other)s 行重复"), other=seen[tuple(cells[:3])])
        seen.setdefault(tuple(cells[:3]), line)
        yield entry


def _check_place(entry: PlaceEntry, line: int, bodies: Bodies, notebook: Notebook) -> None:
    def mistake(template: str, **params: object) -> None:
        notebook.mistake(PLACES, line, template, **params)

    if entry.kind not in PLACE_KINDS:
        mistake(
            N_("“%(name)s”不能是“%(value)s”，可选：%(allowed)s"),
            name="kind",
            value=entry.kind,
            allowed=" ".join(PLACE_KINDS),
        )
    for name in (entry.name, *entry.aliases):
        if len(name) < 2:
            mistake(N_("地名“%(place)s”至少要两个字"), place=name)
    if not bodies.knows_area(entry.area):
        mistake(N_("县区“%(area)s”不存在"), area=entry.area)
    town = bodies.units.get(entry.town or "")
    if entry.town and bodies.trusted and (town is None or town.kind != "town" or town.area != entry.area):
        mistake(N_("“%(town)s”不是该县区的乡镇或街道"), town=entry.town)


def read_words(folder: Path, notebook: Notebook) -> tuple[str, ...]:
    """The words in the order of the file, each once."""
    text = read_text(folder, "words.txt", notebook) or ""
    words: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        word = line.strip()
        if not word or word.startswith("#"):
            continue
        if len(word.split()) > 1:
            notebook.mistake("words.txt", number, N_("每行只写一个词，不能有空格"))
        elif word in words:
            notebook.warn("words.txt", number, N_("与第 %(other)s 行重复"), other=words[word])
        words.setdefault(word, number)
    return tuple(words)
