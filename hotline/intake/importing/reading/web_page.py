"""The web pages that many systems export under the name .xls, packed as a letter or not, and Excel's own XML of 2003."""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.reading.cells import text_of
from hotline.intake.importing.reading.encodings import SHOWN, encoding_of
from hotline.intake.importing.reading.sheets import Book, Line, Sheet
from hotline.intake.importing.reading.sizes import not_too_large

MOST_COLUMNS = 1_000
_LETTER = (b"mime-version:", b"from: <saved by", b"content-type: multipart/related", b"x-document-type: worksheet")
_UNSEEN = frozenset({"script", "style", "comment", "title"})
_ROUNDED = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d+|#+")


def is_packed_page(start: bytes) -> bool:
    """Whether a file begins as a letter does: that is how a page is saved in one piece (MHTML)."""
    return start[:200].lower().startswith(_LETTER)


def open_web_page(path: Path) -> Book:
    """The tables of a web page, and the sheets of Excel's own XML of 2003. Raises Refusal when there is none."""
    not_too_large(path)
    return _book(path, [(path.read_bytes(), "")])


def open_packed_page(path: Path) -> Book:
    """The tables of all pages of a letter: each sheet of a workbook is one. Raises Refusal when there is no table."""
    not_too_large(path)
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.compat32)
    pages = [part for part in letter.walk() if part.get_content_type() == "text/html"]
    held = [(part.get_payload(decode=True), part.get_content_charset() or "") for part in pages]
    return _book(path, [(one, named) for one, named in held if isinstance(one, bytes)])


def _book(path: Path, pages: list[tuple[bytes, str]]) -> Book:
    sheets: list[Sheet] = []
    encoding = ""
    for held, named in pages:
        encoding = _codec(named) or encoding_of(path, held)
        page = _Page()
        page.feed(held.decode(encoding, "hotline.torn"))
        page.close()
        sheets += [Sheet(name, partial(iter, lines), merged=merged) for name, lines, merged in page.found() if lines]
    if not sheets:
        raise Refusal(_("%(file)s 里没有表格，请用 Excel 或 WPS 另存为 xlsx。", file=path.name))
    return Book("html", tuple(sheets), encoding=SHOWN.get(encoding, encoding))


def _codec(named: str) -> str:
    """The encoding that the letter names, when it is one of those we know; gb2312 means its larger brother."""
    try:
        told = codecs.lookup(named).name if named else ""
    except LookupError:
        return ""
    return {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "utf-8": "utf-8-sig", "big5": "big5hkscs"}.get(
        told, ""
    )


class _Page(HTMLParser):
    """Rows and cells of the tables of a page; td and th of HTML, Row and Cell of Excel's XML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[str, list[Line]]] = []
        self.merged: list[int] = []
        self.name = ""
        self.cells: list[str] | None = None
        self.text: list[str] | None = None
        self.told: dict[str, str | None] = {}
        self.number = 0
        self.filling: dict[int, tuple[int, str]] = {}
        self.unseen = 0

    def found(self) -> list[tuple[str, list[Line], int]]:
        return [(name, lines, merged) for (name, lines), merged in zip(self.tables, self.merged, strict=True)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        tag = tag.rpartition(":")[2]
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag == "worksheet":
            self.name = told.get("ss:name") or ""
        elif tag == "table":
            self._end_row()
            self.tables.append((self.name, []))
            self.merged.append(0)
            self.number, self.filling = 0, {}
        elif tag in ("tr", "row"):
            self._end_row()
            at = _count(told.get("ss:index"), 0)
            self.cells, self.number = [], max(self.number + 1, at)
        elif tag in ("td", "th", "cell") and self.cells is not None:
            self._end_cell()
            self._place(_count(told.get("ss:index"), 0) - 1)
            self.text, self.told = [], told
        elif tag in ("br", "p", "div") and self.text:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in _UNSEEN:
            self.unseen = max(self.unseen - 1, 0)
        elif tag in ("td", "th", "cell"):
            self._end_cell()
        elif tag in ("tr", "row", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self.text is not None and not self.unseen:
            self.text.append(data)

    def _place(self, at: int) -> None:
        """To the column that a cell names, or past what is merged into this row from above."""
        if self.cells is None:
            return
        while len(self.cells) < min(at, MOST_COLUMNS) or (at < 0 and len(self.cells) in self.filling):
            last, value = self.filling.get(len(self.cells), (0, ""))
            self.cells.append(value if self.number <= last else "")
            if self.number >= last:
                self.filling.pop(len(self.cells) - 1, None)

    def _end_cell(self) -> None:
        if self.text is None or self.cells is None:
            return
        text, told = "".join(self.text).strip(), self.told
        whole = told.get("x:num")
        if whole and _ROUNDED.fullmatch(text):
            text = whole  # the page shows 1.38E+10 where the cell holds the number
        down = _count(told.get("rowspan"), 1) - 1 or _count(told.get("ss:mergedown"), 0)
        across = _count(told.get("colspan"), 1) - 1 or _count(told.get("ss:mergeacross"), 0)
        at = len(self.cells)
        self.cells += [text, *[""] * across][: MOST_COLUMNS - at]
        if down:
            self.filling |= {
                column: (self.number + down, text if column == at else "") for column in range(at, len(self.cells))
            }
            self.merged[-1] += 1 if self.merged else 0
        self.text = None

    def _end_row(self) -> None:
        self._end_cell()
        if self.cells is not None:
            while self.filling and len(self.cells) <= max(self.filling):
                self._place(len(self.cells) + 1)
        if self.cells is not None and self.tables and any(text_of(cell) for cell in self.cells):
            lines = self.tables[-1][1]
            apart = bool(lines) and self.number > lines[-1].number + 1
            lines.append(Line(self.number, self.cells, apart=apart))
        self.cells = None


def _count(told: str | None, otherwise: int) -> int:
    return min(int(told), MOST_COLUMNS * 100) if told and told.strip().isdecimal() else otherwise
