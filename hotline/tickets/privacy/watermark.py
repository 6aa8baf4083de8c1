"""Who read a sealed matter, and in which minute, goes with what they read: faintly for every eye, and unseen after every sentence.

The unseen mark is of signs without width, 16 bits of whom, 32 of when, and 16 of a keyed hash: nobody puts it under a colleague's
name. It survives copying and pasting of a whole sentence; a photograph of the screen shows the other one.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import NamedTuple

SIGNS = "\u200b\u200c\u200d\u2060"
"""Each tells two bits; none of them has a width or a meaning in Chinese."""

LENGTH, TILES = 32, 40
_MARK = re.compile(f"(?=([{SIGNS}]{{{LENGTH}}}))")
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_TAG = re.compile(r"(<[^>]*>)")
_TYPED = re.compile(r"<(/?)(textarea|script|style|title|option|button|select)\b", re.I)
_END = re.compile(r"[。！？]|(?<=\w)$")


class Read(NamedTuple):
    """staff_id: who read it. at: in which minute."""

    staff_id: int
    at: datetime


def mark(staff_id: int, now: datetime, key: str) -> str:
    """The unseen mark: 32 signs."""
    minute = int((now - _BEGAN).total_seconds() // 60)
    said = (staff_id % (1 << 16)) << 32 | (minute % (1 << 32))
    bits = said << 16 | _check(said, key)
    return "".join(SIGNS[bits >> shift & 3] for shift in range(62, -2, -2))


def read(text: str, key: str) -> Iterator[Read]:
    """Whose marks stand in a text, each once; what was not made with this key says nothing."""
    seen = set()
    for found in _MARK.finditer(text):
        bits = 0
        for sign in found[1]:
            bits = bits << 2 | SIGNS.index(sign)
        said = bits >> 16
        if bits & 0xFFFF == _check(said, key) and said not in seen:
            seen.add(said)
            yield Read(said >> 32, _BEGAN + timedelta(minutes=said & 0xFFFFFFFF))


def words_of(file: Path) -> str:
    """Everything that a text, a page or a workbook says."""
    held = file.read_bytes()
    if not held.startswith(b"PK"):
        return held.decode("utf-8", "ignore")
    with zipfile.ZipFile(file) as book:
        return "\n".join(book.read(one).decode("utf-8", "ignore") for one in book.namelist() if one.endswith(".xml"))


def on_page(page: str, unseen: str, seen: str) -> str:
    """A page, or a part of one, with both marks. What somebody typed or may send stays as it is. seen: name and minute."""
    told, typed = [], 0
    for piece in _TAG.split(page):
        if piece.startswith("<"):
            if tag := _TYPED.match(piece):
                typed = max(0, typed + (-1 if tag[1] else 1))
            told.append(piece)
        else:
            told.append(piece if typed or not piece.strip() else _after_sentences(piece, unseen))
    tiles = f"<span>{escape(seen)}</span>" * TILES
    page, shown = "".join(told), f'<div class="watermark" aria-hidden="true">{tiles}</div>'
    before, end, after = page.rpartition("</body>")
    return f"{before}{shown}{end}{after}" if end else page


def _after_sentences(text: str, unseen: str) -> str:
    return _END.sub(lambda found: found[0] + unseen, text) if re.search(r"[\u4e00-\u9fff]{4}", text) else text


def _check(said: int, key: str) -> int:
    return int.from_bytes(hmac.digest(key.encode(), f"watermark {said}".encode(), hashlib.sha256)[:2], "big")
