"""Word documents (docx): their tables as sheets, or questions and answers written one below the other under 问 and 答."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.reading.sheet_xml import UnsafeXml, parts_of
from hotline.intake.importing.reading.sheets import Book, Line, Sheet
from hotline.intake.importing.reading.sizes import measured_zip

DOCUMENT = "word/document.xml"
LABELS = {
    "问": "问题",
    "问题": "问题",
    "标准问": "问题",
    "提问": "问题",
    "Q": "问题",
    "其他问法": "其他问法",
    "答": "电话答复",
    "答复": "电话答复",
    "答案": "电话答复",
    "标准答": "电话答复",
    "解答": "电话答复",
    "回答": "电话答复",
    "回复": "电话答复",
    "A": "电话答复",
    "短信": "短信答复",
    "依据": "依据",
    "政策依据": "依据",
    "法律依据": "依据",
    "来源": "依据",
    "出处": "依据",
    "文号": "文号",
    "条款": "条款",
    "单位": "负责单位",
    "负责单位": "负责单位",
    "责任单位": "负责单位",
    "责任部门": "负责单位",
    "负责部门": "负责单位",
    "类别": "类别",
    "有效期至": "有效期止",
}
_NUMBER = r"(?:第?[(（]?[0-9一二三四五六七八九十百]{1,4}[)）]?\s*[.、．:：]?\s*)?"
_LABELLED = re.compile(
    rf"{_NUMBER}[【\[]?({'|'.join(sorted(LABELS, key=len, reverse=True))})[】\]]?\s*[0-9]{{0,4}}\s*[:：.．]\s*(.*)",
    re.IGNORECASE,
)
# numbered before or behind the label, as people number: "一、问：", "Q3:", "问题 2：", "【答】："


@dataclass
class _Parts:
    """What was read so far: tables as rows of cells of paragraphs, and the paragraphs outside them."""

    tables: list[list[list[list[str]]]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    _depth: int = 0
    _said: list[str] = field(default_factory=list)
    _in_text: bool = False

    def on_start(self, name: str, _held: dict[str, str]) -> None:
        if name == "tbl":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif name == "tr" and self._depth == 1:
            self.tables[-1].append([])
        elif name == "tc" and self._depth == 1:
            self.tables[-1][-1].append([])
        self._in_text = name == "t"
        if name in ("br", "tab"):
            self._said.append("\n" if name == "br" else " ")

    def on_end(self, name: str) -> None:
        if name == "p":
            self._paragraph("".join(self._said).strip())
            self._said.clear()
        elif name == "tbl":
            self._depth -= 1
        self._in_text = False

    def on_text(self, said: str) -> None:
        if self._in_text:
            self._said.append(said)

    def _paragraph(self, said: str) -> None:
        if self._depth and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1].append(said)
        elif said and not self._depth:
            self.paragraphs.append(said)


def open_word(path: Path) -> Book:
    """The tables of a document; without any, its questions and answers as one. Raises Refusal when there is neither."""
    parts = _read(path)
    sheets = [_sheet(f"{n}", _joined(rows)) for n, rows in enumerate(parts.tables, 1) if len(rows) > 1]
    if not sheets and (pairs := _pairs(parts.paragraphs)):
        sheets = [_sheet("", pairs)]
    if not sheets:
        raise Refusal(_("%(file)s 里没有表格，也没有“问：”“答：”“依据：”这样的段落。", file=path.name), field="file")
    return Book("docx", sheets=tuple(sheets))


def _read(path: Path) -> _Parts:
    parts = _Parts()
    book = measured_zip(path)
    if DOCUMENT not in book.namelist():
        raise Refusal(_("打不开这个 Word 文档：%(file)s", file=path.name), field="file")
    try:
        with book.open(DOCUMENT) as stream:
            for _chunk in parts_of(stream, parts.on_start, parts.on_end, parts.on_text):
                pass
    except (expat.ExpatError, UnsafeXml) as trouble:
        raise Refusal(_("打不开这个 Word 文档：%(file)s", file=path.name), field="file") from trouble
    return parts


def _sheet(name: str, rows: list[list[str]]) -> Sheet:
    def lines() -> Iterator[Line]:
        return (Line(number, list(cells)) for number, cells in enumerate(rows, 1))

    return Sheet(name, lines)


def _joined(rows: list[list[list[str]]]) -> list[list[str]]:
    return [["\n".join(filter(None, cell)) for cell in cells] for cells in rows]


def _pairs(paragraphs: list[str]) -> list[list[str]]:
    """Each 问 begins a row; what stands below a label without one of its own belongs to it."""
    heads = list(dict.fromkeys(LABELS.values()))
    rows: list[dict[str, list[str]]] = []
    last = ""
    for said in paragraphs:
        found = _LABELLED.match(said)
        if found is not None:
            last = LABELS[found[1].upper()]
            if last == "问题":
                rows.append({})
        if rows and last:
            words = found[2] if found is not None else said
            rows[-1].setdefault(last, []).append(words.strip())
    return [heads, *_joined([[row.get(head, []) for head in heads] for row in rows])] if rows else []
