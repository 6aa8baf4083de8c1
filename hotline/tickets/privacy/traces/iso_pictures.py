"""HEIC, AVIF and JPEG 2000 without Exif, XMP, names and remarks: their bytes become zeros, and nothing in the file moves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from hotline.tickets.privacy.traces.boxes import Box, as_far_as_whole, empty

BRANDED = (b"ftyp", b"jP  ")
_SHOWN = (b"mdat", b"jp2c")
_LEAST = 8
_NOTHING = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"
"""An Exif block that says nothing: where there is none at all, some programs show no picture."""
_MOST_PIECES = 20_000
"""Of one picture: a telephone cuts it into some hundred; what claims to lie in millions of pieces is nobody's picture."""


def iso_picture(picture: bytes) -> bytes:
    """Exif and XMP are items with places of their own, names and remarks are boxes. The turn is a property of the picture and stays."""
    blank, walk = bytearray(picture), list(as_far_as_whole(picture, 0, len(picture)))
    reached = empty(blank, iter(walk))
    meta = next((box for box in walk if box.kind == b"meta"), None)
    if meta is not None:
        _empty_items(blank, picture, meta)
    whole = any(box.kind in _SHOWN for box in walk)
    return bytes(blank[:reached] if whole else blank)


def _empty_items(blank: bytearray, picture: bytes, meta: Box) -> None:
    inner = {box.kind: box for box in as_far_as_whole(picture, meta.start + 4, meta.end)}
    empty(blank, as_far_as_whole(picture, meta.start + 4, meta.end))
    if any(kind not in inner or inner[kind].end - inner[kind].start < _LEAST for kind in (b"iinf", b"iloc")):
        return
    told = _told_items(picture, inner[b"iinf"], blank)
    left, data = len(picture), inner.get(b"idat")
    for item, method, start, length in islice(_extents(picture, inner[b"iloc"]), _MOST_PIECES):
        if item not in told:
            continue
        start += data.start if method == 1 and data else 0
        length = max(0, min(length, left, len(blank) - start))
        said = told[item] if length >= len(_NOTHING) else b""
        blank[start : start + length] = said + bytes(length - len(said))
        told[item], left = b"", left - length


def _told_items(picture: bytes, iinf: Box, blank: bytearray) -> dict[int, bytes]:
    """The items that tell about the picture instead of being a part of it, and what they say from now on; no item keeps a name."""
    found = {}
    for box in as_far_as_whole(picture, iinf.start + (8 if picture[iinf.start] > 0 else 6), iinf.end):
        if box.kind != b"infe" or box.end - box.start < _LEAST + 4 or picture[box.start] < 2:
            continue
        version, body = picture[box.start], picture[box.start + 4 : box.end]
        wide = 4 if version == 3 else 2
        if body[wide + 2 : wide + 6] in (b"Exif", b"mime", b"uri "):
            found[int.from_bytes(body[:wide], "big")] = _NOTHING if body[wide + 2 : wide + 6] == b"Exif" else b""
        named = box.start + 4 + wide + 6
        blank[named : box.end] = bytes(max(0, box.end - named))
    return found


def _extents(picture: bytes, iloc: Box) -> Iterator[tuple[int, int, int, int]]:
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
