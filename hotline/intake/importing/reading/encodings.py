"""In which encoding a text file is written: by its mark, else by what its own bytes can and cannot be.

A torn character does not decide: it is one line's trouble, and stands as `TORN` in the text that is read.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.reading.cells import TORN
from hotline.intake.importing.reading.sizes import open_bytes

SHOWN = {
    "utf-8-sig": "UTF-8",
    "gb18030": "GB18030",
    "big5hkscs": "Big5",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
CHUNK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PAIR = re.compile(rb"[\x81-\xfe][\x30-\xfe]")
_GB2312 = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_BIG5 = re.compile(rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]")
_MOSTLY = 0.9


def _tear(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return TORN, error.end


codecs.register_error("hotline.torn", _tear)


def encoding_of(path: Path, held: bytes | None = None) -> str:
    """utf-8-sig, utf-16, utf-16-le, utf-16-be, gb18030 or big5hkscs. Raises Refusal when the bytes are none of them.

    held: the bytes themselves, where they are a part of the file.
    """
    with open_bytes(path) if held is None else io.BytesIO(held) as file:
        start = file.read(4096)
        for mark, name in _MARKS:
            if start.startswith(mark):
                return name
        if b"\x00" in start:
            return _wide(path, start, file)
        file.seek(0)
        return _of_lines(path, file)


def _wide(path: Path, start: bytes, file: IO[bytes]) -> str:
    """UTF-16 without its mark: every other byte of what is ASCII is empty. A stray NUL in other text means nothing."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) * 8 < len(start):
        file.seek(0)
        return _of_lines(path, file)
    if min(even, odd) * 4 > max(even, odd):
        raise Refusal(_("%(file)s 不是文字文件，也不是 Excel 文件。", file=path.name))
    return "utf-16-le" if odd > even else "utf-16-be"


def _of_lines(path: Path, file: IO[bytes]) -> str:
    """Whichever reads the most lines that are not plain ASCII; Chinese double bytes are told apart by their ranges."""
    whole = torn = gb_torn = 0
    pairs = gb = big5 = 0
    for line in _pieces(file):
        if line.isascii():
            continue
        if _reads(line, "utf-8"):
            whole += 1
            continue
        torn += 1
        gb_torn += not _reads(line, "gb18030")
        if pairs < 100_000:
            found = _PAIR.findall(line)
            pairs += len(found)
            gb += sum(_GB2312.fullmatch(pair) is not None for pair in found)
            big5 += sum(_BIG5.fullmatch(pair) is not None for pair in found)
    if whole >= torn:
        return "utf-8-sig"
    if gb_torn * 2 <= torn and gb >= _MOSTLY * pairs:
        return "gb18030"
    if big5 >= _MOSTLY * pairs and pairs:
        return "big5hkscs"
    if gb_torn * 10 <= torn:
        return "gb18030"
    raise Refusal(_("看不出 %(file)s 用的是什么文字编码，请另存为 UTF-8 再导入。", file=path.name))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of the file; of a line too long to be held, its beginning up to a whole character."""
    held, skipping = b"", False
    while chunk := file.read(CHUNK):
        *lines, held = re.split(rb"[\r\n]", held + chunk)
        if lines and skipping:
            lines, skipping = lines[1:], False
        yield from lines
        if len(held) > CHUNK and not skipping:
            yield re.sub(rb"[\xc0-\xff]?[\x80-\xbf]*$", b"", held)
            skipping = True
        held = b"" if skipping else held
    yield held


def _reads(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
