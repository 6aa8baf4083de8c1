"""Which kind of file it is: asked of its own first bytes, because names lie; a file that cannot be read is one sentence."""

from __future__ import annotations

import zlib
from pathlib import Path

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.headings import table_of
from hotline.intake.importing.reading.delimited import open_delimited
from hotline.intake.importing.reading.json_lines import open_json_lines
from hotline.intake.importing.reading.old_workbook import open_old_workbook, open_web_page
from hotline.intake.importing.reading.sheets import Book, Table
from hotline.intake.importing.reading.sizes import is_gzip, measured_gzip, open_bytes
from hotline.intake.importing.reading.workbook import open_workbook

ENDINGS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".et", ".htm", ".html")
KINDS = "jsonl、jsonl.gz、csv、xlsx、xls"
ZIP = b"PK\x03\x04"
OLD = (b"\xd0\xcf\x11\xe0", b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
"""Excel 97–2003, and what came before it."""


def open_book(path: Path) -> Book:
    """The sheets of a file. Raises Refusal for a missing, empty, broken or too large file, and for an unknown kind."""
    if not path.is_file():
        raise Refusal(_("没有这个文件：%(file)s", file=path))
    if not path.name.lower().removesuffix(".gz").endswith(ENDINGS):
        raise Refusal(_("不认识这种文件：%(file)s。可以导入 %(kinds)s。", file=path.name, kinds=KINDS))
    start = _start(path)
    if not start.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n"):
        raise Refusal(_("文件是空的：%(file)s", file=path.name))
    if start.startswith(ZIP):
        return open_workbook(path)
    if start.startswith(OLD):
        return open_old_workbook(path)
    return _of_text(path, start)


def first_table(path: Path) -> Table:
    """The first table of a file whose headings are its first line. Raises Refusal."""
    book = open_book(path)
    if book.tables:
        return book.tables[0]
    for sheet in book.sheets:
        first = next(sheet.lines(), None)
        if first is not None and (table := table_of(sheet, first.number)) is not None:
            return table
    raise Refusal(_("文件是空的：%(file)s", file=path.name))


def _start(path: Path) -> bytes:
    """The first bytes, unpacked; what a gzip is whole worth is measured first."""
    if is_gzip(path):
        measured_gzip(path)
    try:
        with open_bytes(path) as file:
            return file.read(4096)
    except (EOFError, OSError, zlib.error) as trouble:
        raise Refusal(_("打不开这个文件：%(file)s（%(why)s）", file=path.name, why=str(trouble)[:120])) from trouble


def _of_text(path: Path, start: bytes) -> Book:
    name = path.name.lower().removesuffix(".gz")
    told = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if name.endswith((".jsonl", ".ndjson", ".json")):
        return open_json_lines(path)
    if name.endswith((".xlsx", ".xlsm")):
        raise Refusal(_("打不开这个 Excel 文件：%(file)s（不是工作簿）", file=path.name))
    if told.startswith(b"%PDF") or start.startswith((b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf")):
        raise Refusal(_("%(file)s 不是文字文件，也不是 Excel 文件。", file=path.name))
    if told[:1] == b"<" and (name.endswith((".xls", ".htm", ".html")) or b"<table" in start.lower()):
        return open_web_page(path)
    return open_delimited(path)
