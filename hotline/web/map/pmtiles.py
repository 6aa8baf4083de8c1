"""PMTiles version 3, the other file in which a city may bring its tiles: one archive with directories of where each picture lies.

Read as the published specification says (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md).
"""

from __future__ import annotations

import gzip
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hotline.i18n import _

MAGIC = b"PMTiles"
KINDS = {2: "image/png", 3: "image/jpeg", 4: "image/webp"}
UNPACKED, GZIP = 1, 2
LARGEST_DIRECTORY = 64 << 20
DEEPEST = 4
"""Directories within directories; the specification says that three are enough."""


@dataclass(frozen=True)
class Head:
    """The archive's own account of itself. kind: of its pictures. packed: how its directories are. Offsets are bytes from the start."""

    kind: str
    least: int
    most: int
    packed: int
    root: tuple[int, int]
    leaves: int
    data: int


@dataclass(frozen=True)
class Entry:
    """From tile number `first` on, `run` tiles are the bytes at `offset`; a run of none leads to a further directory."""

    first: int
    run: int
    length: int
    offset: int


def is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def head_of(path: Path) -> Head:
    """Raises ValueError with a sentence for a version, a packing or a kind of tiles that is not read here."""
    with path.open("rb") as file:
        raw = file.read(127)
    if len(raw) < 127 or raw[7] != 3:
        raise ValueError(_("地图瓦片文件不是 PMTiles 第 3 版：%(path)s", path=path))
    numbers = struct.unpack("<11Q", raw[8:96])
    packed, tile_packed, kind, least, most = raw[97:102]
    if kind not in KINDS or packed not in (UNPACKED, GZIP) or tile_packed != UNPACKED:
        raise ValueError(_("地图瓦片文件里要有 png、jpg 或 webp 图片（矢量瓦片不行）：%(path)s", path=path))
    return Head(KINDS[kind], least, most, packed, (numbers[0], numbers[1]), numbers[4], numbers[6])


def picture(path: Path, head: Head, zoom: int, x: int, y: int) -> bytes | None:
    """None where the archive has none. x runs from the west, y from the north. Raises ValueError for what is no directory."""
    wanted, (start, length) = number_of(zoom, x, y), head.root
    with path.open("rb") as file:
        for _level in range(DEEPEST):
            entries = _directory(_read(file, start, length), head.packed)
            at = bisect_right(entries, wanted, key=lambda one: one.first) - 1
            found = entries[at] if at >= 0 else None
            if found is None or (found.run and wanted >= found.first + found.run):
                return None
            if found.run:
                return _read(file, head.data + found.offset, found.length)
            start, length = head.leaves + found.offset, found.length
    return None


def number_of(zoom: int, x: int, y: int) -> int:
    """The tile's number: all coarser zooms before it, then its place along the Hilbert curve."""
    number, side = ((1 << 2 * zoom) - 1) // 3, 1 << zoom >> 1
    while side:
        right, down = x & side > 0, y & side > 0
        number += side * side * ((3 * right) ^ down)
        if not down:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        side >>= 1
    return number


def _directory(raw: bytes, packed: int) -> list[Entry]:
    """Column after column: numbers by their differences, runs, lengths, and offsets (0: right behind the one before)."""
    values = _varints(gzip.decompress(raw) if packed == GZIP else raw)
    many, first, offset = next(values, 0), 0, 0
    firsts = [first := first + next(values) for _n in range(many)]
    runs, lengths = ([next(values) for _n in range(many)] for _column in range(2))
    entries: list[Entry] = []
    for n in range(many):
        told = next(values)
        offset = told - 1 if told else offset + lengths[n - 1]
        entries.append(Entry(firsts[n], runs[n], lengths[n], offset))
    return entries


def _varints(raw: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in raw:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0
    raise ValueError("the directory ends too early")


def _read(file: BinaryIO, start: int, length: int) -> bytes:
    if length > LARGEST_DIRECTORY:
        raise ValueError("no directory is so large")
    file.seek(start)
    return file.read(length)
