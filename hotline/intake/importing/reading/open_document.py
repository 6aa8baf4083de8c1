"""Spreadsheets of OpenDocument (.ods, and .fods in one piece), as LibreOffice and WPS write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat
from zipfile import ZipFile

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.reading.cells import whole_number
from hotline.intake.importing.reading.sheet_xml import LONGEST_CELL, UnsafeXml, parts_of
from hotline.intake.importing.reading.sheets import Book, Line, Sheet
from hotline.tickets.privacy.file_kinds import TORN_ZIP

CONTENT = "content.xml"
MOST_COLUMNS, MOST_LINES = 1_000, 1_048_576
MOST_ALIKE = 4_000_000
"""So many cells of a file may be told as “the same line again”; a few signs say a thousand million, and nobody wrote these."""

_CLOCK = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")
Opened = Callable[[], IO[bytes]]


def open_document(path: Path, book: ZipFile | None = None) -> Book:
    """book: the measured parts of an .ods; None for a .fods. Raises Refusal for a broken file, and one with a password."""
    opened: Opened = (lambda: path.open("rb")) if book is None else (lambda: book.open(CONTENT))
    tables = _Tables()
    with _one_sentence(path):
        if book is not None and _is_locked(book):
            raise Refusal(_("%(file)s 有打开密码，请去掉密码后再导入。", file=path.name))
        for _line in _read(opened, tables):
            pass
    sheets = tuple(
        Sheet(name, partial(_lines, path, opened, at), merged=tables.merged.get(at, 0))
        for at, name in enumerate(tables.names)
    )
    return Book("ods", sheets)


def _is_locked(book: ZipFile) -> bool:
    return "META-INF/manifest.xml" in book.namelist() and b"encryption-data" in book.read("META-INF/manifest.xml")


@contextmanager
def _one_sentence(path: Path) -> Iterator[None]:
    try:
        yield
    except UnsafeXml:
        raise Refusal(_("%(file)s 里有不安全的内容（自定义实体），没有读入。", file=path.name)) from None
    except (expat.ExpatError, KeyError, *TORN_ZIP) as trouble:
        raise Refusal(
            _(
                "打不开这个表格文件：%(file)s（%(why)s）",
                file=path.name,
                why=str(trouble)[:120] or type(trouble).__name__,
            )
        ) from trouble


def _lines(path: Path, opened: Opened, table: int) -> Iterator[Line]:
    with _one_sentence(path):
        yield from _read(opened, _Tables(wanted=table))


def _read(opened: Opened, tables: _Tables) -> Iterator[Line]:
    with opened() as stream:
        for _step in parts_of(stream, tables.start, tables.end, tables.text):
            for line in tables.ready:
                yield from line
            tables.ready.clear()


@dataclass
class _Tables:
    """What the parser tells, gathered into the lines of the wanted table; names: those of all tables."""

    wanted: int = -1
    names: list[str] = field(default_factory=list)
    merged: dict[int, int] = field(default_factory=dict)
    ready: list[Iterator[Line]] = field(default_factory=list)
    alike: int = 0
    number: int = 0
    last: int = 0
    repeated: int = 1
    cells: list[Any] = field(default_factory=list)
    unkept: list[int] = field(default_factory=list)
    filling: dict[int, tuple[int, Any]] = field(default_factory=dict)
    cell: dict[str, str] | None = None
    words: list[str] = field(default_factory=list)
    paragraphs: int = 0
    listening: int = 0
    remark: int = 0

    def start(self, name: str, held: dict[str, str]) -> None:
        told = {key.rpartition(":")[2]: value for key, value in held.items()}
        if name == "table" and self.cell is None:
            self.names.append(told.get("name", ""))
            self.number = self.last = 0
            self.filling = {}
        elif name == "table-row":
            self.repeated = _times(told, "number-rows-repeated")
            self.cells, self.unkept = [], []
        elif name in ("table-cell", "covered-table-cell"):
            self.cell, self.words, self.paragraphs = told, [], 0
        elif name == "annotation":
            self.remark += 1
        elif self.cell is not None and not self.remark:
            self._inside(name, told)

    def _inside(self, name: str, told: dict[str, str]) -> None:
        if name == "p":
            if self.paragraphs:
                self.words.append("\n")
            self.paragraphs += 1
            self.listening += 1
        elif name == "line-break":
            self.words.append("\n")
        elif name == "s":
            self.words.append(" " * min(_times(told, "c"), 100))
        elif name == "tab":
            self.words.append("\t")

    def end(self, name: str) -> None:
        if name == "annotation":
            self.remark -= 1
        elif name == "p" and self.listening and not self.remark:
            self.listening -= 1
        elif name in ("table-cell", "covered-table-cell") and self.cell is not None:
            self._keep(self.cell)
            self.cell = None
        elif name == "table-row":
            self._finish()

    def text(self, told: str) -> None:
        if self.listening and not self.remark and self.cell is not None:
            self.words.append(told)

    def _keep(self, told: dict[str, str]) -> None:
        at, rows = len(self.cells), _times(told, "number-rows-spanned")
        if rows > 1:
            table = len(self.names) - 1
            self.merged[table] = self.merged.get(table, 0) + 1
        if len(self.names) - 1 != self.wanted or at >= MOST_COLUMNS:
            return
        value = _value(told, "".join(self.words)[: LONGEST_CELL + 1])
        if value in (None, "") and told.get("formula"):
            self.unkept.append(at)
        if rows > 1 and value not in (None, ""):
            self.filling[at] = (self.number + rows, value)
        times = min(_times(told, "number-columns-repeated"), MOST_COLUMNS - at)
        self.cells += [value] * times

    def _finish(self) -> None:
        first, self.number = self.number + 1, self.number + self.repeated
        if len(self.names) - 1 != self.wanted:
            return
        while self.cells and self.cells[-1] in (None, ""):
            self.cells.pop()
        for column, (last, value) in list(self.filling.items()):
            if first > last:
                del self.filling[column]
            elif self.cells:
                self.cells += [None] * (column + 1 - len(self.cells))
                self.cells[column] = value if self.cells[column] in (None, "") else self.cells[column]
        if not any(cell not in (None, "") for cell in self.cells) and not self.unkept:
            return
        last = min(self.number, MOST_LINES)
        self.alike += max(last - first, 0) * len(self.cells)
        if self.alike > MOST_ALIKE:
            raise ValueError(_("同样的行重复了太多次"))
        if first <= last:
            self.ready.append(_again(first, last, self.last, self.cells, tuple(self.unkept)))
            self.last = last


def _again(first: int, last: int, before: int, cells: list[Any], unkept: tuple[int, ...]) -> Iterator[Line]:
    """The same line at each of its places, one at a time. before: the last line with words above it."""
    for number in range(first, last + 1):
        yield Line(number, list(cells), apart=bool(before) and number == first > before + 1, unkept=unkept)


def _times(told: dict[str, str], name: str) -> int:
    times = told.get(name, "1")
    return max(int(times), 1) if times.isdecimal() else 1


def _value(told: dict[str, str], words: str) -> Any:
    """A number, a day or a time from what the file keeps of it; words as they are shown."""
    kind = told.get("value-type", "")
    if kind in ("float", "currency", "percentage") and (number := told.get("value")):
        return number if number.isdigit() and len(number) <= 15 else whole_number(float(number))
    if kind == "date" and (moment := told.get("date-value")):
        try:
            return datetime.fromisoformat(moment).replace(microsecond=0)
        except ValueError:
            return moment
    if kind == "time" and (found := _CLOCK.fullmatch(told.get("time-value", ""))):
        hours, minutes, seconds = (int(one or 0) for one in found.groups())
        return time(hours, minutes, seconds) if hours < 24 else words
    if kind == "boolean":
        return told.get("boolean-value", "").upper()
    return told.get("string-value") or words
