"""What hides behind the name .xls: the workbooks of Excel 97–2003, and the web pages that many systems export under it."""

# ruff: noqa: DTZ001 (a spreadsheet knows no zones)
from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime, time
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.reading.cells import text_of, whole_number
from hotline.intake.importing.reading.encodings import SHOWN, encoding_of
from hotline.intake.importing.reading.sheets import Book, Line, Sheet

LARGEST = 64 << 20
"""Both kinds are read whole."""


def open_old_workbook(path: Path) -> Book:
    """Raises Refusal for a file that has a password, is broken, or is too large to be read whole."""
    import xlrd

    _not_too_large(path)
    held = path.read_bytes()
    if b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e" in held:
        raise Refusal(_("%(file)s 有打开密码，请去掉密码后再导入。", file=path.name))
    with Path("/dev/null").open("w") as silence:
        try:
            book = xlrd.open_workbook(file_contents=held, logfile=silence, ragged_rows=True, formatting_info=True)
        except (
            xlrd.XLRDError,
            xlrd.compdoc.CompDocError,
            struct.error,
            AssertionError,
            ValueError,
            LookupError,
            OSError,
            TypeError,
            AttributeError,
            OverflowError,
        ) as trouble:  # all of what it raises for broken files
            raise Refusal(
                _(
                    "打不开这个 Excel 文件：%(file)s（%(why)s）",
                    file=path.name,
                    why=str(trouble)[:120] or type(trouble).__name__,
                )
            ) from trouble
    return Book(
        "xls",
        tuple(
            Sheet(sheet.name, partial(_lines, sheet, book.datemode), sheet.visibility != 0, len(sheet.merged_cells))
            for sheet in book.sheets()
        ),
    )


def _not_too_large(path: Path) -> None:
    if path.stat().st_size > LARGEST:
        raise Refusal(
            _("%(file)s 太大（超过 %(most)d MB），请另存为 xlsx 或 csv 再导入。", file=path.name, most=LARGEST >> 20)
        )


def _lines(sheet: Any, datemode: int) -> Iterator[Line]:
    """A cell merged over several rows counts for all of them."""
    merged = {
        (row, left): (top, left) for top, bottom, left, _right in sheet.merged_cells for row in range(top + 1, bottom)
    }
    last = 0
    for at in range(sheet.nrows):
        cells = [_cell(one, datemode) for one in sheet.row(at)]
        if not any(value not in (None, "") for value in cells):
            continue
        for column in [left for row, left in merged if row == at] if merged else ():
            cells += [""] * (column + 1 - len(cells))
            cells[column] = cells[column] or _cell(sheet.cell(*merged[at, column]), datemode)
        yield Line(at + 1, cells, apart=bool(last) and at > last)
        last = at + 1


def _cell(cell: Any, datemode: int) -> Any:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            year, month, day, *clock = xlrd.xldate_as_tuple(cell.value, datemode)
        except xlrd.xldate.XLDateError:
            return whole_number(cell.value)
        return datetime(year, month, day, *clock) if year else time(*clock)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return whole_number(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    return cell.value


# --- a web page with a table -------------------------------------------------------------------------------------------


def open_web_page(path: Path) -> Book:
    """The tables of a web page, and the sheets of Excel's own XML of 2003. Raises Refusal when there is none."""
    _not_too_large(path)
    encoding = encoding_of(path)
    page = _Page()
    page.feed(path.read_bytes().decode(encoding, "hotline.torn"))
    page.close()
    sheets = [Sheet(name, partial(iter, lines)) for name, lines in page.tables if lines]
    if not sheets:
        raise Refusal(_("%(file)s 里没有表格，请用 Excel 或 WPS 另存为 xlsx。", file=path.name))
    return Book("html", tuple(sheets), encoding=SHOWN[encoding])


class _Page(HTMLParser):
    """Rows and cells of the tables of a page; td and th of HTML, Row and Cell of Excel's XML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[str, list[Line]]] = []
        self.name = ""
        self.cells: list[str] | None = None
        self.text: list[str] | None = None
        self.number = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        tag = tag.rpartition(":")[2]
        if tag == "worksheet":
            self.name = told.get("ss:name") or ""
        elif tag == "table":
            self.tables.append((self.name, []))
            self.number = 0
        elif tag in ("tr", "row"):
            self._end_row()
            self.cells, self.number = [], self.number + 1
        elif tag in ("td", "th", "cell") and self.cells is not None:
            self._end_cell()
            at = int(told.get("ss:index") or 0)
            self.cells += [""] * (min(at, 1_000) - 1 - len(self.cells))
            self.text = []
        elif tag in ("br", "p") and self.text:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in ("td", "th", "cell"):
            self._end_cell()
        elif tag in ("tr", "row", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _end_cell(self) -> None:
        if self.text is not None and self.cells is not None:
            self.cells.append("".join(self.text))
            self.text = None

    def _end_row(self) -> None:
        self._end_cell()
        if self.cells is not None and self.tables and any(text_of(cell) for cell in self.cells):
            lines = self.tables[-1][1]
            lines.append(
                Line(
                    self.number,
                    [cell.strip() for cell in self.cells],
                    apart=bool(lines) and self.number > lines[-1].number + 1,
                )
            )
        self.cells = None
