"""Pictures without what the camera wrote into them: no place, no owner, no hidden second picture; only the turn stays.

The picture itself is not touched: pieces are left out, pixels are never coded again. Only pieces that are known to be part of
the picture stay. What cannot be read to its end is kept from there on as it came: a citizen's picture is not lost over a torn byte.
"""

from __future__ import annotations

import struct
import zlib

from hotline.tickets.privacy.traces.emf import emf, is_emf
from hotline.tickets.privacy.traces.gif import gif
from hotline.tickets.privacy.traces.iso_pictures import BRANDED, iso_picture

ORIENTATION = 0x0112
_PNG_SHOWN = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB bKGD hIST pHYs oFFs sCAL sTER acTL fcTL fdAT cICP mDCV mDCv cLLI cLLi".split()
)
_PNG_HEAD = 8
_WEBP_SHOWN = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_JFIF, _ADOBE = 14, 12
"""So long are the two without a small picture of the picture, and without anything behind."""
_EXIF = b"Exif\0\0"


def without_metadata(picture: bytes) -> bytes:
    """The same picture without its metadata; other files come back as they are."""
    if picture.startswith(b"\xff\xd8\xff"):
        return _jpeg(picture)
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(picture)
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return _webp(picture)
    if picture[:6] in (b"GIF87a", b"GIF89a"):
        return gif(picture)
    if is_emf(picture):
        return emf(picture)
    if picture[4:8] in BRANDED:
        return iso_picture(picture)
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
            kept.append(_plain(marker, segment))
        at += 2 + length
    if turn != 1:
        kept.insert(1, _jpeg_turn(turn))
    return b"".join([*kept, b"\xff\xd9" if picture[at : at + 2] == b"\xff\xd9" else picture[at:]])


def _stays(marker: int, body: bytes) -> bool:
    if marker == 0xFE or 0xF0 <= marker <= 0xFD:
        return False
    if not 0xE0 <= marker <= 0xEF:
        return True
    return body.startswith((b"JFIF\0", b"ICC_PROFILE\0", b"Adobe"))


def _plain(marker: int, segment: bytes) -> bytes:
    """JFIF without its small picture, Adobe's without what hangs behind it."""
    most = {0xE0: _JFIF, 0xEE: _ADOBE}.get(marker, len(segment)) + 4
    if len(segment) < most or marker not in (0xE0, 0xEE):
        return segment
    body = segment[4:most] if marker == 0xEE else segment[4 : most - 2] + bytes(2)
    return segment[:2] + (len(body) + 2).to_bytes(2, "big") + body


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
        if kind in _PNG_SHOWN:
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
        elif kind in _WEBP_SHOWN:
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
