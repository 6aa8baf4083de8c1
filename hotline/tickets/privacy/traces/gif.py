"""GIF without its remarks: comments, texts laid over it, and blocks of programs, XMP among them, but for its turns and its colours."""

from __future__ import annotations

_HEAD = 13
_PICTURE, _EXTENSION, _ENDS = 0x2C, 0x21, 0x3B
_CONTROL, _PROGRAM = 0xF9, 0xFF
_SHOWN = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def gif(picture: bytes) -> bytes:
    """Only blocks that are shown. What cannot be read to its end is kept from there on as it came."""
    at = _HEAD + _colours(picture[10] if len(picture) > 10 else 0)
    kept = [picture[:at]]
    while at < len(picture):
        end = _block_ends(picture, at)
        if picture[at] == _ENDS:
            return b"".join([*kept, picture[at : at + 1]])
        if end is None:
            break
        if _is_shown(picture, at):
            kept.append(picture[at:end])
        at = end
    return b"".join([*kept, picture[at:]])


def _colours(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _is_shown(picture: bytes, at: int) -> bool:
    if picture[at] == _PICTURE or picture[at + 1] == _CONTROL:
        return True
    return picture[at + 1] == _PROGRAM and picture[at + 3 : at + 14] in _SHOWN


def _block_ends(picture: bytes, at: int) -> int | None:
    """Behind the block, or None for one that does not end or is none."""
    if picture[at] == _EXTENSION and at + 2 < len(picture):
        at += 2
    elif picture[at] == _PICTURE and at + 10 < len(picture):
        at += 11 + _colours(picture[at + 9])
    else:
        return None
    while at < len(picture) and picture[at]:
        at += picture[at] + 1
    return at + 1 if at < len(picture) else None
