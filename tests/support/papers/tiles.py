"""A file of tiles as a city may bring it: MBTiles with a picture for every square over Anyang."""

from __future__ import annotations

import sqlite3
import struct
import zlib
from contextlib import closing
from pathlib import Path


def png(red: int, green: int, blue: int, side: int = 16) -> bytes:
    """A square of one colour."""

    def piece(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    rows = (b"\0" + bytes((red, green, blue)) * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", zlib.compress(rows)) + piece(b"IEND", b"")


def mbtiles(path: Path, kind: str = "png", zooms: range = range(6, 12)) -> Path:
    """Every tile over Anyang; the picture says which it is by its colour."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE metadata (name text, value text)")
        db.execute("CREATE TABLE tiles (zoom_level int, tile_column int, tile_row int, tile_data blob)")
        db.execute("INSERT INTO metadata VALUES ('format', ?)", (kind,))
        for zoom in zooms:
            side = 1 << zoom
            for x in range(int(side * (113.3 + 180) / 360), int(side * (115.2 + 180) / 360) + 1):
                for y in range(int(side * 0.38), int(side * 0.41) + 1):
                    db.execute(
                        "INSERT INTO tiles VALUES (?, ?, ?, ?)",
                        (zoom, x, side - 1 - y, png(zoom * 20, x % 255, y % 255)),
                    )
        db.commit()
    return path
