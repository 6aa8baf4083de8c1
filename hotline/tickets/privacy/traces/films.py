"""Films without where, by whom and with what they were taken: piece by piece, for a film is too large to be held whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hotline.tickets.privacy.traces.boxes import as_far_as_whole, empty

PLACE = re.compile(
    rb"[+-]\d{2}(?:\d{2}){0,2}\.\d{2,8}[+-]\d{3}(?:\d{2}){0,2}\.\d{2,8}(?:[+-]\d{1,6}(?:\.\d{1,6})?)?(?:CRSWGS_84)?/"
)
"""Where a film was taken, as telephones write it (ISO 6709): +36.0990+114.3930+070.120/"""
LONGEST_PLACE = 80
_HEAD = 16
_SHOWN = (b"mdat",)
_LONGEST_BOX = 32 << 20
"""What tells of a film is far smaller; a larger one passes as it came, but for its places."""


def without_tellers(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A film's bytes with whatever tells of it turned into zeros of the same length, so that nothing in the file moves."""
    return without_places(_boxes_emptied(iter(pieces)))


def without_places(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """With every place zero that is written in signs."""
    held = b""
    for piece in pieces:
        held = PLACE.sub(_zeros, held + piece)
        yield held[:-LONGEST_PLACE]
        held = held[-LONGEST_PLACE:]
    yield held


def _zeros(place: re.Match[bytes]) -> bytes:
    return re.sub(rb"\d", b"0", place[0])


def _boxes_emptied(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """MP4, MOV and 3GP: boxes of sound and pictures pass by, the others are looked into. What is no box passes with all behind it."""
    held, at = _with_more(b"", 0, _HEAD, pieces)
    while at < len(held):
        kind, size = held[at + 4 : at + 8], _size_of(held[at : at + _HEAD])
        if size is None or (size > _LONGEST_BOX and kind not in _SHOWN):
            break
        if kind in _SHOWN:
            while size and at < len(held):
                yield held[at : at + size]
                size, at = size - len(held[at : at + size]), at + size
                held, at = (held, at) if at < len(held) else (next(pieces, b""), 0)
        else:
            held, at = _with_more(held, at, size, pieces)
            yield _emptied(held[at : at + size])
            at += size
        held, at = _with_more(held, at, _HEAD, pieces)
    yield held[at:]
    yield from pieces


def _size_of(head: bytes) -> int | None:
    """Bytes of the box that begins here; None where none does, or one that goes on to the end."""
    size, least = int.from_bytes(head[:4], "big"), 8
    if size == 1:
        size, least = int.from_bytes(head[8:16], "big"), 16
    return size if size >= least and head[4:8].isascii() else None


def _with_more(held: bytes, at: int, size: int, pieces: Iterator[bytes]) -> tuple[bytes, int]:
    """What is held, with more behind it if fewer bytes than size stand from there on."""
    have = len(held) - at
    if have >= size:
        return held, at
    more = [held[at:]]
    while have < size and (piece := next(pieces, b"")):
        more.append(piece)
        have += len(piece)
    return b"".join(more), 0


def _emptied(box: bytes) -> bytes:
    blank = bytearray(box)
    empty(blank, as_far_as_whole(box, 0, len(box)), more=(b"meta",))
    return bytes(blank)
