"""Drawings of Windows (EMF): who drew them with what, in the description behind the head and in remarks of programs."""

from __future__ import annotations

import struct

_HEAD, _END, _COMMENT = 1, 14, 70
_SIGNATURE_AT, _DESCRIPTION_AT, _SHORTEST = 40, 60, 88
_DRAWN = (b"EMF+", b"EMFS", b"GDIC")
"""Remarks that are drawn; a remark of any other program is shown by nobody."""


def is_emf(picture: bytes) -> bool:
    return picture[:4] == struct.pack("<I", _HEAD) and picture[_SIGNATURE_AT : _SIGNATURE_AT + 4] == b" EMF"


def emf(picture: bytes) -> bytes:
    """The same drawing with blanks where it told; nothing moves in it."""
    blank = bytearray(picture)
    if len(picture) >= _SHORTEST:
        signs, at = struct.unpack_from("<II", picture, _DESCRIPTION_AT)
        _empty(blank, at, at + 2 * signs)
    at = 0
    while at + 8 <= len(picture):
        kind, size = struct.unpack_from("<II", picture, at)
        if size < 8:
            break
        if kind == _COMMENT and picture[at + 12 : at + 16] not in _DRAWN:
            _empty(blank, at + 12, at + size)
        at += size
        if kind == _END:
            break
    _empty(blank, at, len(picture))
    return bytes(blank)


def _empty(blank: bytearray, start: int, end: int) -> None:
    end = min(end, len(blank))
    if start < end:
        blank[start:end] = bytes(end - start)
