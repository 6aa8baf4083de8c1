"""The boxes of ISO files (HEIC, AVIF, JPEG 2000, M4A, MP4, 3GP): walked, and emptied where they tell instead of showing or sounding."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from hotline.tickets.privacy.traces.packed import Untold

_ROOMS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"dinf", b"moof", b"traf", b"edts", b"iprp", b"ipco"})
"""Boxes of nothing but boxes."""
_DEEPEST = 12
TOLD = frozenset({
    b"udta", b"uuid", b"loci", b"free", b"skip", b"xml ", b"uinf", b"udes", b"altt", b"crtt", b"mdft", b"name", b"mpvd", b"sefd",
})  # fmt: skip
"""Boxes that tell who, where, when and with what, the film behind a picture, and free room, in which anything may be left."""
_HANDLER_NAME = 24


@dataclass(frozen=True)
class Box:
    """One box: file[at:end] is the whole, file[start:end] its body."""

    kind: bytes
    at: int
    start: int
    end: int


def boxes(file: bytes | bytearray, at: int, end: int, deep: int = 0) -> Iterator[Box]:
    """Each box and those within it. Raises Untold for one longer than its room, and for more within one another than anybody makes."""
    if deep > _DEEPEST:
        raise Untold("too deep")
    while at + 8 <= end:
        size, kind, head = int.from_bytes(file[at : at + 4], "big"), bytes(file[at + 4 : at + 8]), 8
        if size == 1:
            size, head = int.from_bytes(file[at + 8 : at + 16], "big"), 16
        size = size or end - at
        if size < head or at + size > end:
            raise Untold("torn")
        yield Box(kind, at, at + head, at + size)
        if kind in _ROOMS:
            yield from boxes(file, at + head, at + size, deep + 1)
        at += size


def as_far_as_whole(file: bytes | bytearray, at: int, end: int) -> Iterator[Box]:
    """The same of a file that is kept though it is torn: up to where it is."""
    try:
        yield from boxes(file, at, end)
    except Untold:
        return


def empty(blank: bytearray, walk: Iterator[Box], more: Collection[bytes] = ()) -> int:
    """Boxes that tell become free room of the same size, so that nothing in the file moves; how far the walk came."""
    reached = 0
    for box in walk:
        reached = max(reached, box.end)
        if box.kind in TOLD or box.kind in more:
            blank[box.at + 4 : box.at + 8] = b"free"
            blank[box.start : box.end] = bytes(box.end - box.start)
        elif box.kind == b"hdlr":
            named = min(box.start + _HANDLER_NAME, box.end)
            blank[named : box.end] = bytes(box.end - named)
    return reached
