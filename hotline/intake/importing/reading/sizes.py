"""How large a file really is: measured unpacked before anything is unpacked, so that a small file cannot fill the memory."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import IO, cast
from zipfile import ZipFile

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.tickets.privacy.file_kinds import TORN_ZIP

LARGEST = 2 << 30
LARGEST_TEXTS = 400 << 20
"""What a workbook's table of texts may take unpacked: it is the only part that is held whole."""
HARMLESS, PACKED_TOO_WELL = 16 << 20, 100
"""Beyond HARMLESS bytes nothing that people write packs to a hundredth."""
LARGEST_WHOLE = 64 << 20
"""What a file of a kind that is read whole may take."""
MOST_PARTS = 3_000
CHUNK = 1 << 20


def open_bytes(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked when it is gzipped."""
    return cast(IO[bytes], gzip.open(path, "rb")) if is_gzip(path) else path.open("rb")


def is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def measured_gzip(path: Path) -> None:
    """Raises Refusal when it unpacks to what it cannot honestly be. A torn end is left to whoever reads it."""
    packed, size = path.stat().st_size, 0
    try:
        with gzip.open(path, "rb") as file:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                _judge(path, size, packed)
    except (EOFError, OSError, zlib.error):
        return


def measured_zip(path: Path) -> ZipFile:
    """The parts of a workbook. Raises Refusal for a broken one, and for one that unpacks to what it cannot honestly be."""
    try:
        book = ZipFile(path)
    except TORN_ZIP as trouble:
        raise Refusal(_("打不开这个 Excel 文件：%(file)s（文件已损坏）", file=path.name)) from trouble
    parts = book.infolist()
    if len(parts) > MOST_PARTS:
        raise Refusal(_("%(file)s 里有 %(n)d 个部件，太多了，没有读入。", file=path.name, n=len(parts)))
    for part in parts:
        _judge(path, part.file_size, part.compress_size)
    _judge(path, sum(part.file_size for part in parts), path.stat().st_size)
    return book


def _judge(path: Path, size: int, packed: int) -> None:
    if size > LARGEST or (size > HARMLESS and size > PACKED_TOO_WELL * max(packed, 1)):
        raise Refusal(
            _("%(file)s 解开后超过 %(size)d MB，与它的大小不相称，没有读入。", file=path.name, size=max(size >> 20, 1))
        )


def not_too_large(path: Path) -> None:
    """Raises Refusal for a file that would have to be held whole and should not be."""
    if path.stat().st_size > LARGEST_WHOLE:
        raise Refusal(
            _(
                "%(file)s 太大（超过 %(most)d MB），请另存为 xlsx 或 csv 再导入。",
                file=path.name,
                most=LARGEST_WHOLE >> 20,
            )
        )
