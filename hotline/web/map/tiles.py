"""Tiles under the outlines, from a file that the city brings: pictures in Web Mercator squares, as MBTiles 1.3 (a SQLite file) or as
PMTiles (`pmtiles`).

Nothing is asked of anybody outside; without such a file the map is its outlines, as before.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hotline.i18n import _
from hotline.web.map import pmtiles
from routing.outlines import Point

KINDS = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}
MOST = 40
"""Pictures under one map: more is no sharper at its size."""

HELD = 512
"""Tiles that a process keeps in memory."""


@dataclass(frozen=True)
class TileFile:
    """kind: of its pictures. least, most: the zooms it has. stamp: changes with the file, so that browsers may keep what they have.

    archive: of PMTiles its head; None for MBTiles.
    """

    path: Path
    kind: str
    least: int
    most: int
    stamp: str
    archive: pmtiles.Head | None = None


@dataclass(frozen=True)
class Tile:
    """One square. x runs from the west, y from the north, both from 0."""

    zoom: int
    x: int
    y: int

    @property
    def north_west(self) -> Point:
        return _corner(self.zoom, self.x, self.y)

    @property
    def south_east(self) -> Point:
        return _corner(self.zoom, self.x + 1, self.y + 1)


def open_tiles(path: Path) -> TileFile:
    """Raises ValueError with a sentence for what is neither an MBTiles nor a PMTiles file of pictures."""
    try:
        stat = path.stat()
        stamp = f"{stat.st_mtime_ns:x}{stat.st_size:x}"[-12:]
        if pmtiles.is_archive(path):
            head = pmtiles.head_of(path)
            return TileFile(path, head.kind, head.least, head.most, stamp, head)
        with closing(_connect(path)) as db:
            told = dict(db.execute("SELECT name, value FROM metadata"))
            least, most = db.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
    except (OSError, sqlite3.Error) as trouble:
        raise ValueError(_("地图瓦片文件读不了（%(why)s）：%(path)s", why=trouble, path=path)) from trouble
    kind = KINDS.get(str(told.get("format", "")).lower())
    if kind is None or most is None:
        raise ValueError(_("地图瓦片文件里要有 png、jpg 或 webp 图片（矢量瓦片不行）：%(path)s", path=path))
    return TileFile(path, kind, int(least), int(most), stamp)


@lru_cache(maxsize=HELD)
def picture(file: TileFile, tile: Tile) -> bytes | None:
    """None where the file has none. The rows of MBTiles count from the south (TMS)."""
    if file.archive is not None:
        return pmtiles.picture(file.path, file.archive, tile.zoom, tile.x, tile.y)
    south = (1 << tile.zoom) - 1 - tile.y
    wanted = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
    with closing(_connect(file.path)) as db:
        row = db.execute(wanted, (tile.zoom, tile.x, south)).fetchone()
    return bytes(row[0]) if row else None


def covering(file: TileFile, north_west: Point, south_east: Point) -> list[Tile]:
    """The sharpest zoom at which the map needs no more than MOST of them; the file's coarsest where none does."""
    found: list[Tile] = []
    for zoom in range(file.least, file.most + 1):
        sharper = list(_at(zoom, north_west, south_east))
        if found and len(sharper) > MOST:
            break
        found = sharper
    return found if len(found) <= MOST else []


def _at(zoom: int, north_west: Point, south_east: Point) -> Iterator[Tile]:
    west, north = _square(zoom, north_west)
    east, south = _square(zoom, south_east)
    if (east - west + 1) * (south - north + 1) > 4 * MOST:
        yield from (Tile(zoom, n, 0) for n in range(MOST + 1))
        return
    yield from (Tile(zoom, x, y) for y in range(north, south + 1) for x in range(west, east + 1))


def _square(zoom: int, point: Point) -> tuple[int, int]:
    """In which square a point lies (Web Mercator, EPSG:3857)."""
    side, lat = 1 << zoom, math.radians(max(-85.0511, min(85.0511, point.lat)))
    x = (point.lon + 180) / 360 * side
    y = (1 - math.asinh(math.tan(lat)) / math.pi) / 2 * side
    return min(side - 1, max(0, int(x))), min(side - 1, max(0, int(y)))


def _corner(zoom: int, x: int, y: int) -> Point:
    side = 1 << zoom
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / side))))
    return Point(lat, x / side * 360 - 180)


def _connect(path: Path) -> sqlite3.Connection:
    """To read only: the file is the city's, and nobody writes it while it is used."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
