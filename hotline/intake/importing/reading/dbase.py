"""Tables of dBASE, FoxPro and the programs built on them (.dbf)."""

# ruff: noqa: DTZ001 (a table of dBASE knows no zones)
from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.reading.cells import whole_number
from hotline.intake.importing.reading.encodings import SHOWN
from hotline.intake.importing.reading.sheets import Book, Line, Sheet

VERSIONS = frozenset(b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\x8c\xcb\xf5\xfb")
MEMOS = frozenset("MGPW")
"""Fields whose words lie in another file beside the table."""
HEAD, FIELD = 32, 32
_ENDS = (b"\r", b"\n")
_NAMED = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5hkscs", 0x78: "big5hkscs"}
"""The encodings that byte 29 names; most programs leave it empty."""
_JULIAN_ZERO = 1_721_425
"""The day before 1 January of the year 1, as these tables count days."""


@dataclass(frozen=True)
class _Field:
    name: bytes
    kind: str
    at: int
    length: int


def is_dbase(start: bytes) -> bool:
    """Asked of the first bytes: a version, a day of the year, and a head as long as its fields need."""
    if len(start) < HEAD + FIELD or start[0] not in VERSIONS:
        return False
    _count, head, record = struct.unpack_from("<IHH", start, 4)
    return (
        1 <= start[2] <= 12
        and 1 <= start[3] <= 31
        and head > HEAD + FIELD
        and record > 1
        and chr(start[HEAD + 11]).isalpha()
        and start[HEAD : HEAD + 11].rstrip(b"\0") != b""
    )


def open_dbase(path: Path) -> Book:
    """Raises Refusal for a broken table, and for one whose words lie in another file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(HEAD)
        count, head, record = struct.unpack_from("<IHH", start, 4)
        fields = _fields(file.read(max(head - HEAD, 0)))
    if not fields or record < 1 + sum(one.length for one in fields) or head > size:
        raise Refusal(_("打不开这个 dBASE 表：%(file)s（文件已损坏）", file=path.name))
    encoding = _encoding(path, start[29], head, record)
    names = [_text(one.name, encoding) for one in fields]
    if memos := [name for name, one in zip(names, fields, strict=True) if one.kind in MEMOS]:
        raise Refusal(
            _(
                "%(file)s 的“%(columns)s”列是备注型，文字在另一个文件里，读不到；请在原系统里另存为 xlsx 或 csv 再导入。",
                file=path.name,
                columns="、".join(memos)[:100],
            )
        )
    sheet = Sheet("", partial(_lines, path, fields, names, head, record, count, encoding))
    return Book("dbf", (sheet,), encoding=SHOWN[encoding])


def _fields(head: bytes) -> list[_Field]:
    found: list[_Field] = []
    at = 1  # the first byte of a record says whether it was deleted
    for start in range(0, len(head) - FIELD + 1, FIELD):
        one = head[start : start + FIELD]
        if one[:1] in _ENDS or one[:1] == b"\0":
            break
        kind, length = chr(one[11]).upper(), one[16]
        if kind == "C":
            length += one[17] << 8
        found.append(_Field(one[:11].partition(b"\0")[0], kind, at, length))
        at += length
    return found


def _lines(
    path: Path, fields: Sequence[_Field], names: list[str], head: int, record: int, count: int, encoding: str
) -> Iterator[Line]:
    """The headings, then the records that the old system had not deleted; a torn end is told."""
    yield Line(1, list(names))
    with path.open("rb") as file:
        file.seek(head)
        for number in range(2, count + 2):
            held = file.read(record)
            if held[:1] == b"\x1a" or len(held) < record:
                yield Line(number, trouble=_("文件不完整，后面的内容读不出来：%(why)s", why=_("记录比表头说的少")))
                return
            if held[:1] == b"*":
                continue
            cells = [_cell(one.kind, held[one.at : one.at + one.length], encoding) for one in fields]
            if any(cell not in (None, "") for cell in cells):
                yield Line(number, cells)


def _cell(kind: str, held: bytes, encoding: str) -> Any:
    if kind in "I+" and len(held) == 4:
        return str(struct.unpack("<i", held)[0])
    if kind in "T@" and len(held) == 8:
        day, thousandths = struct.unpack("<ii", held)
        moment = (
            datetime(1, 1, 1) + timedelta(days=day - _JULIAN_ZERO - 1, milliseconds=thousandths) if day > 0 else None
        )
        return moment.replace(microsecond=0) if moment else None
    if kind in "BO" and len(held) == 8:
        return whole_number(struct.unpack("<d", held)[0])
    if kind == "Y" and len(held) == 8:
        return whole_number(struct.unpack("<q", held)[0] / 10_000)
    return _text(held, encoding)


def _text(held: bytes, encoding: str) -> str:
    return held.strip(b"\0 ").decode(encoding, "hotline.torn").strip()


def _encoding(path: Path, named: int, head: int, record: int) -> str:
    """What the table names, else what reads all of the first records."""
    if named in _NAMED:
        return _NAMED[named]
    with path.open("rb") as file:
        start = file.read(head + 400 * record)
    held = [start[HEAD:head], *(start[at : at + record] for at in range(head, len(start) - record + 1, record))]
    for encoding in ("utf-8-sig", "gb18030", "big5hkscs"):
        if all(_reads(one, encoding) for one in held[1:]):
            return encoding
    return "gb18030"


def _reads(held: bytes, encoding: str) -> bool:
    try:
        held.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
