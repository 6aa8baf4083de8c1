"""Which kind of file it is: asked of its own first bytes, because names lie; a file that cannot be read is one sentence."""

from __future__ import annotations

import zlib
from itertools import islice
from pathlib import Path

from hotline.errors import Refusal
from hotline.i18n import N_, _
from hotline.intake.importing.headings import table_of
from hotline.intake.importing.reading.dbase import is_dbase, open_dbase
from hotline.intake.importing.reading.delimited import open_delimited
from hotline.intake.importing.reading.json_lines import open_json_lines
from hotline.intake.importing.reading.old_workbook import open_old_workbook
from hotline.intake.importing.reading.open_document import open_document
from hotline.intake.importing.reading.sheets import Book, Table
from hotline.intake.importing.reading.sizes import is_gzip, measured_gzip, measured_zip, open_bytes
from hotline.intake.importing.reading.web_page import is_packed_page, open_packed_page, open_web_page
from hotline.intake.importing.reading.workbook import open_workbook

KINDS = "xlsx、xls、et、ods、csv、txt、dbf、html、jsonl"
ZIP = b"PK\x03\x04"
OLD = (b"\xd0\xcf\x11\xe0", b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
"""Excel 97–2003, and what came before it."""
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".ods")
NO_TABLES = (
    *(".pdf", ".doc", ".docx", ".wps", ".ofd", ".ppt", ".pptx", ".msg", ".eml"),
    *(".jpg", ".jpeg", ".png", ".gif", ".bmp", ".mp3", ".wav", ".mp4"),
    *(".zip", ".rar", ".7z", ".mdb", ".accdb", ".exe"),
)
PAGES = (b"<!doctype html", b"<html", b"<head", b"<meta", b"<style", b"<table", b"<?xml", b"<body", b"<div")
OTHERS = (
    (b"%PDF", N_("PDF")),
    (b"\x89PNG", N_("图片")),
    (b"\xff\xd8\xff", N_("图片")),
    (b"GIF8", N_("图片")),
    (b"Rar!", N_("压缩包")),
    (b"7z\xbc\xaf", N_("压缩包")),
    (b"\x00\x01\x00\x00Standard ", N_("Access 数据库")),
    (b"SQLite format 3", N_("数据库")),
    (b"{\\rtf", N_("Word 文档")),
    (b"\x7fELF", N_("程序")),
    (b"MZ", N_("程序")),
)
"""What other files begin with, and what people call them."""


def open_book(path: Path) -> Book:
    """The sheets of a file. Raises Refusal for a missing, empty, broken or too large file, and for an unknown kind."""
    if not path.is_file():
        raise Refusal(_("没有这个文件：%(file)s", file=path))
    start = _start(path)
    if not start.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n"):
        raise Refusal(_("文件是空的：%(file)s", file=path.name))
    if start.startswith((ZIP, *OLD)) and is_gzip(path):
        raise Refusal(_packed(path))
    if start.startswith(ZIP):
        return _of_parts(path)
    if start.startswith(OLD):
        return open_old_workbook(path)
    if other := next((called for sign, called in OTHERS if start.startswith(sign)), ""):
        raise _other(path, other)
    if is_dbase(start):
        return open_dbase(path)
    return _of_text(path, start)


def _other(path: Path, called: str) -> Refusal:
    return Refusal(
        _(
            "%(file)s 是%(called)s，不是表格。可以导入 %(kinds)s；请在原系统里导出或另存为 xlsx 或 csv。",
            file=path.name,
            called=_(called),
            kinds=KINDS,
        )
    )


def _of_parts(path: Path) -> Book:
    """What is packed as a zip: a workbook of Excel, one of OpenDocument, or something that holds no table."""
    book = measured_zip(path)
    names = {name.replace("\\", "/").lstrip("/").lower() for name in book.namelist()}
    if any(name.endswith("xl/workbook.bin") for name in names):
        raise Refusal(_("%(file)s 是二进制工作簿（xlsb），请用 Excel 或 WPS 另存为 xlsx 再导入。", file=path.name))
    if "content.xml" in names and not any(name.endswith("xl/workbook.xml") for name in names):
        return open_document(path, book)
    if any(name.startswith("word/") for name in names):
        raise _other(path, N_("Word 文档"))
    if not any(name.startswith(("xl/", "[content_types]")) or name.endswith("workbook.xml") for name in names):
        raise Refusal(_packed(path))
    return open_workbook(path)


def _packed(path: Path) -> str:
    return _("%(file)s 是压缩包，请先解压，再导入里面的表格。", file=path.name)


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
    if _is_json(name, start, told):
        return open_json_lines(path)
    if is_packed_page(told):
        return open_packed_page(path)
    if told[:1] == b"<" and b"office:document" in start:
        return open_document(path)
    if told[:1] == b"<" and (name.endswith((".xls", ".htm", ".html")) or told.lower().startswith(PAGES)):
        return open_web_page(path)
    return _delimited(path, name)


def _delimited(path: Path, name: str) -> Book:
    """Names lie, but words without columns under the name of a workbook or a picture are no table."""
    if name.endswith(NO_TABLES):
        raise Refusal(_("不认识这种文件：%(file)s。可以导入 %(kinds)s。", file=path.name, kinds=KINDS))
    book = open_delimited(path)
    if name.endswith(WORKBOOKS) and all(len(line.cells) < 2 for line in islice(book.sheets[0].lines(), 20)):
        raise Refusal(_("打不开这个 Excel 文件：%(file)s（不是工作簿）", file=path.name))
    return book


def _is_json(name: str, start: bytes, told: bytes) -> bool:
    """By its name, unless none of its first lines is JSON; by its beginning, whatever its name."""
    if name.endswith((".jsonl", ".ndjson", ".json")):
        return any(line.lstrip()[:1] in (b"{", b"[") for line in start.splitlines()) or b"," not in start
    return told.startswith((b'{"', b"[{")) or (told[:1] in (b"{", b"[") and told[1:].lstrip()[:1] in (b'"', b"{"))
