"""Pictures without what the camera wrote into them: no place, no owner, no hidden second picture; only the turn stays.

The picture itself is not touched: segments are left out, pixels are never coded again. JPEG, PNG, WebP and HEIC.
What cannot be read to its end is kept from there on as it came: a citizen's picture is not lost over a torn byte.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

ORIENTATION = 0x0112
_PNG_TOLD = (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")
_PNG_HEAD = 8
_LEAST = 8
_EXIF = b"Exif\0\0"


def without_metadata(picture: bytes) -> bytes:
    """The same picture without its metadata; other files come back as they are."""
    if picture.startswith(b"\xff\xd8\xff"):
        return _jpeg(picture)
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(picture)
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return _webp(picture)
    if picture[4:8] == b"ftyp":
        return _heic(picture)
    return picture


# --- JPEG --------------------------------------------------------------------------------------------------------------


def _jpeg(picture: bytes) -> bytes:
    """Application segments but JFIF, colour profile and Adobe's transform go, comments too, and all behind the end of the picture."""
    kept, turn, at = [picture[:2]], 1, 2
    while at + 4 <= len(picture) and picture[at] == 0xFF:
        marker, length = picture[at + 1], int.from_bytes(picture[at + 2 : at + 4], "big")
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9 or length < 2:
            break
        segment, body = picture[at : at + 2 + length], picture[at + 4 : at + 2 + length]
        if marker == 0xDA:
            end = _scan_ends(picture, at + 2 + length)
            kept.append(picture[at:end])
            at = end
            continue
        if marker == 0xE1 and body.startswith(_EXIF):
            turn = _turn_of(body[len(_EXIF) :])
        if _stays(marker, body):
            kept.append(segment)
        at += 2 + length
    if turn != 1:
        kept.insert(1, _jpeg_turn(turn))
    return b"".join([*kept, b"\xff\xd9" if picture[at : at + 2] == b"\xff\xd9" else picture[at:]])


def _stays(marker: int, body: bytes) -> bool:
    if marker == 0xFE:
        return False
    if not 0xE0 <= marker <= 0xEF:
        return True
    return body.startswith((b"JFIF\0", b"ICC_PROFILE\0", b"Adobe"))


def _scan_ends(picture: bytes, at: int) -> int:
    """Where the coded lines end: at the first marker that is no stuffing and no restart."""
    while (at := picture.find(b"\xff", at)) >= 0 and at + 1 < len(picture):
        if picture[at + 1] != 0 and not 0xD0 <= picture[at + 1] <= 0xD7 and picture[at + 1] != 0xFF:
            return at
        at += 1 if picture[at + 1] == 0xFF else 2
    return len(picture)


def _jpeg_turn(turn: int) -> bytes:
    body = _EXIF + _turn_alone(turn)
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


# --- Exif --------------------------------------------------------------------------------------------------------------


def _turn_of(tiff: bytes) -> int:
    """The orientation (1–8) that an Exif block tells; 1 when it tells none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 1
    (first,) = struct.unpack_from(order + "I", tiff, 4)
    if first + 2 > len(tiff):
        return 1
    (entries,) = struct.unpack_from(order + "H", tiff, first)
    for at in range(first + 2, min(first + 2 + entries * 12, len(tiff) - 11), 12):
        tag, _kind, _count, value = struct.unpack_from(order + "HHIH", tiff, at)
        if tag == ORIENTATION:
            return value if 1 <= value <= 8 else 1
    return 1


def _turn_alone(turn: int) -> bytes:
    """An Exif block that says nothing but the orientation."""
    return struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, ORIENTATION, 3, 1, turn, 0, 0)


# --- PNG and WebP ------------------------------------------------------------------------------------------------------


def _png(picture: bytes) -> bytes:
    kept, at = [picture[:_PNG_HEAD]], _PNG_HEAD
    while at + 12 <= len(picture):
        length, kind = int.from_bytes(picture[at : at + 4], "big"), picture[at + 4 : at + 8]
        if not kind.isalpha():
            break
        end = at + 12 + length
        if kind == b"eXIf" and (turn := _turn_of(picture[at + 8 : at + 8 + length])) != 1:
            kept.append(_png_piece(b"eXIf", _turn_alone(turn)))
        if kind not in _PNG_TOLD:
            kept.append(picture[at:end])
        at = end
        if kind == b"IEND":
            return b"".join(kept)
    return b"".join([*kept, picture[at:]])


def _png_piece(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def _webp(picture: bytes) -> bytes:
    kept, turn, at = [], 1, 12
    while at + 8 <= len(picture):
        kind, length = picture[at : at + 4], int.from_bytes(picture[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        if kind == b"EXIF":
            turn = _turn_of(picture[at + 8 : at + 8 + length].removeprefix(_EXIF))
        elif kind != b"XMP ":
            kept.append(picture[at:end])
        at = end
    if kept and kept[0][:4] == b"VP8X" and len(kept[0]) > 8:
        flags = kept[0][8] & ~0b1100 | (0b1000 if turn != 1 else 0)
        kept[0] = kept[0][:8] + bytes([flags]) + kept[0][9:]
        if turn != 1:
            body = _turn_alone(turn)
            kept.append(b"EXIF" + len(body).to_bytes(4, "little") + body)
    whole = b"WEBP" + b"".join(kept) + picture[at:]
    if whole == picture[8:]:
        return picture
    return b"RIFF" + len(whole).to_bytes(4, "little") + whole


# --- HEIC --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Box:
    """One box of an ISO file: picture[start:end] is its body."""

    kind: bytes
    start: int
    end: int


def _boxes(picture: bytes, at: int, end: int) -> Iterator[_Box]:
    while at + 8 <= end:
        size, kind, head = int.from_bytes(picture[at : at + 4], "big"), picture[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(picture[at + 8 : at + 16], "big"), 16
        size = size or end - at
        if size < head or at + size > end:
            return
        yield _Box(kind, at + head, at + size)
        at += size


def _heic(picture: bytes) -> bytes:
    """Exif and XMP are items with places of their own: their bytes become zeros. The turn is a property of the picture and stays."""
    meta = next((box for box in _boxes(picture, 0, len(picture)) if box.kind == b"meta"), None)
    if meta is None:
        return picture
    inner = {box.kind: box for box in _boxes(picture, meta.start + 4, meta.end)}
    if any(kind not in inner or inner[kind].end - inner[kind].start < _LEAST for kind in (b"iinf", b"iloc")):
        return picture
    told = _told_items(picture, inner[b"iinf"])
    blank = bytearray(picture)
    data = inner.get(b"idat")
    for item, method, start, length in _extents(picture, inner[b"iloc"]):
        if item in told:
            start += data.start if method == 1 and data else 0
            blank[start : start + length] = bytes(len(blank[start : start + length]))
    return bytes(blank)


def _told_items(picture: bytes, iinf: _Box) -> set[int]:
    """The numbers of items that tell about the picture instead of being a part of it."""
    wide = picture[iinf.start] > 0
    found = set()
    for box in _boxes(picture, iinf.start + (8 if wide else 6), iinf.end):
        if box.end - box.start < _LEAST:
            continue
        version, body = picture[box.start], picture[box.start + 4 : box.end]
        number = int.from_bytes(body[:4] if version == 3 else body[:2], "big")
        if body[(6 if version == 3 else 4) :][:4] in (b"Exif", b"mime"):
            found.add(number)
    return found


def _extents(picture: bytes, iloc: _Box) -> Iterator[tuple[int, int, int, int]]:
    """(item, how its places are counted, start, length) of each piece of each item."""
    version, at = picture[iloc.start], iloc.start + 4
    sizes, bases = picture[at], picture[at + 1]
    offset_size, length_size, base_size, index_size = sizes >> 4, sizes & 15, bases >> 4, bases & 15 if version else 0
    wide = 4 if version == 2 else 2
    count, at = int.from_bytes(picture[at + 2 : at + 2 + wide], "big"), at + 2 + wide
    for _each in range(count):
        if at >= iloc.end:
            return
        item, at = int.from_bytes(picture[at : at + wide], "big"), at + wide
        method = int.from_bytes(picture[at : at + 2], "big") & 15 if version else 0
        at += 2 if version else 0
        base, at = int.from_bytes(picture[at + 2 : at + 2 + base_size], "big"), at + 2 + base_size
        pieces, at = int.from_bytes(picture[at : at + 2], "big"), at + 2
        for _piece in range(pieces):
            at += index_size
            start, at = int.from_bytes(picture[at : at + offset_size], "big"), at + offset_size
            length, at = int.from_bytes(picture[at : at + length_size], "big"), at + length_size
            yield item, method, base + start, length
            if at >= iloc.end:
                return
