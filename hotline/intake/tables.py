"""Foreign files read row by row: JSON lines (also gzipped), CSV in the encodings of Chinese offices, Excel.

A row that cannot be read is still a row: it comes out with the sentence that says why, so that nothing is lost in silence.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

from hotline.errors import Refusal
from hotline.i18n import _

CHUNK = 1 << 20
LONGEST_CELL = 10_000_000


@dataclass(frozen=True)
class FileRow:
    """line: where it stands in the file, from 1. trouble: why it could not be read, empty when it could."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    trouble: str = ""
    raw: str = ""


@dataclass(frozen=True)
class FileTable:
    """columns: the names of the first row. count: how many rows there are, None when that is not known beforehand."""

    columns: tuple[str, ...]
    rows: Iterator[FileRow]
    count: int | None = None


def open_table(path: Path) -> FileTable:
    """The rows of a file, read as they are needed. Raises Refusal for a missing file or an unknown kind."""
    if not path.is_file():
        raise Refusal(_("没有这个文件：%(file)s", file=path))
    name = path.name.lower()
    if name.endswith((".jsonl", ".jsonl.gz", ".ndjson")):
        return _json_lines(path)
    if name.endswith((".csv", ".tsv", ".txt")):
        return _csv(path)
    if name.endswith((".xlsx", ".xlsm")):
        return _excel(path)
    raise Refusal(_("不认识这种文件：%(file)s。可以导入 jsonl、jsonl.gz、csv、xlsx。", file=path.name))


def _json_lines(path: Path) -> FileTable:
    """Columns are those of the first hundred readable rows: not every row names every fact."""
    rows = _read_json_lines(path)
    first = list(islice(rows, 100))
    columns = dict.fromkeys(name for row in first for name in row.values)
    return FileTable(tuple(columns), _again(first, rows), _count_lines(path))


def _read_json_lines(path: Path) -> Iterator[FileRow]:
    with _open_bytes(path) as file:
        try:
            for line, raw in enumerate(map(bytes.strip, file), 1):
                if raw:
                    yield _json_row(line, raw)
        except (EOFError, OSError) as trouble:
            yield FileRow(line=0, trouble=_("文件不完整，后面的内容读不出来：%(why)s", why=trouble))


def _json_row(line: int, raw: bytes) -> FileRow:
    try:
        values = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return FileRow(line, trouble=_("不是 UTF-8 文字"), raw=raw.decode("utf-8", "replace"))
    except ValueError as trouble:
        return FileRow(line, trouble=_("不是 JSON：%(why)s", why=trouble), raw=raw.decode("utf-8", "replace"))
    if not isinstance(values, dict):
        return FileRow(line, trouble=_("这一行不是 JSON 对象"), raw=raw.decode("utf-8", "replace"))
    return FileRow(line, values)


def _csv(path: Path) -> FileTable:
    encoding = encoding_of(path)
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        head = file.readline()
    delimiter = max(",\t;", key=head.count)
    rows = _read_csv(path, encoding, delimiter)
    columns = next(rows, None)
    if columns is None:
        raise Refusal(_("文件是空的：%(file)s", file=path.name))
    return FileTable(tuple(columns.values), rows)


def _read_csv(path: Path, encoding: str, delimiter: str) -> Iterator[FileRow]:
    """The first row holds the names. A row with more cells than names has lost a quotation mark somewhere."""
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        reader = csv.reader(file, delimiter=delimiter)
        names = [name.strip() for name in next(reader, [])]
        if not names:
            return
        yield FileRow(1, dict.fromkeys(names))
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _csv_row(line, names, cells)
            line = reader.line_num + 1


def _csv_row(line: int, names: list[str], cells: list[str]) -> FileRow:
    if len(cells) > len(names):
        return FileRow(
            line,
            trouble=_("这一行有 %(n)d 列，标题只有 %(m)d 列，可能少了引号", n=len(cells), m=len(names)),
            raw=",".join(cells),
        )
    return FileRow(line, dict(zip(names, cells, strict=False)))


def encoding_of(path: Path) -> str:
    """utf-8-sig, utf-16 or gb18030: by the mark at the start, or by whether every byte reads as UTF-8."""
    import codecs

    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def _excel(path: Path) -> FileTable:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
    except (InvalidFileException, BadZipFile, KeyError, OSError) as trouble:
        raise Refusal(_("打不开这个 Excel 文件：%(file)s（%(why)s）", file=path.name, why=trouble)) from trouble
    rows = enumerate(sheet.iter_rows(values_only=True), 1)
    head = next((cells for _n, cells in rows if any(cells)), None)
    if head is None:
        raise Refusal(_("文件是空的：%(file)s", file=path.name))
    names = [str(cell).strip() if cell is not None else "" for cell in head]
    return FileTable(tuple(filter(None, names)), _excel_rows(rows, names), max((sheet.max_row or 1) - 1, 0) or None)


def _excel_rows(rows: Iterable[tuple[int, tuple[Any, ...]]], names: list[str]) -> Iterator[FileRow]:
    for line, cells in rows:
        if any(cell not in (None, "") for cell in cells):
            yield FileRow(line, {name: _cell(cell) for name, cell in zip(names, cells, strict=False) if name})


def _cell(value: Any) -> Any:
    """Whole numbers come from Excel as floats; a phone number must not end in .0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, datetime) or value is None else str(value)


def _again(first: list[FileRow], rest: Iterator[FileRow]) -> Iterator[FileRow]:
    yield from first
    yield from rest


def _open_bytes(path: Path) -> IO[bytes] | gzip.GzipFile:
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")


def _count_lines(path: Path) -> int | None:
    try:
        with _open_bytes(path) as file:
            return sum(1 for line in file if line.strip())
    except (EOFError, OSError):
        return None
