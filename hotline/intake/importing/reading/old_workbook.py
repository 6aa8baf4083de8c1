"""The workbooks of Excel 97–2003 (.xls, and .et of WPS)."""

# ruff: noqa: DTZ001 (a spreadsheet knows no zones)
from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.reading.cells import whole_number
from hotline.intake.importing.reading.sheets import Book, Line, Sheet
from hotline.intake.importing.reading.sizes import not_too_large


def open_old_workbook(path: Path) -> Book:
    """Raises Refusal for a file that has a password, is broken, or is too large to be read whole."""
    import xlrd

    not_too_large(path)
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
