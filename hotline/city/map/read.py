"""Reads map.yaml; a city that brings no map has no such file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from hotline.city.map.schema import CityMap, Outline
from hotline.city.marked import YamlRow, YamlSheet
from hotline.city.mistakes import Notebook
from hotline.i18n import N_
from routing.outlines import Point, size

FILE = "map.yaml"
MOST_CORNERS = 20_000
"""Of all outlines together: whoever brings more should simplify them, or every page with a map gets slow."""


def read_map(folder: Path, areas: Collection[str] | None, towns: Collection[str], notebook: Notebook) -> CityMap:
    """Outlines in the order of the file: the first is drawn first. areas: None where units.yaml cannot be read."""
    if not (folder / FILE).exists():
        return CityMap()
    sheet = YamlSheet(folder, FILE, notebook)
    top = sheet.top
    outlines = tuple(_outline(row, areas) for row in top.list_of_rows("outlines"))
    borders = tuple(
        _town_outline(row, None if areas is None else towns) for row in top.list_of_rows("towns", required=False)
    )
    points = top.row("points", required=False)
    found = CityMap(
        outlines=outlines,
        towns=borders,
        points={code: _town(points, code, None if areas is None else towns) for code in points.names()}
        if points
        else {},
        rough=top.number("rough", 0.0),
        source=top.text("source"),
        licence=top.text("licence"),
    )
    corners = sum(len(one.ring) for one in (*outlines, *borders))
    if corners > MOST_CORNERS:
        top.mistake("outlines", N_("轮廓共有 %(n)s 个点，最多 %(most)s 个，请先简化"), n=corners, most=MOST_CORNERS)
    if found.rough < 0:
        top.mistake("rough", N_("“%(name)s”不能小于 0"))
    sheet.finish()
    return found


def _outline(row: YamlRow, known: Collection[str] | None) -> Outline:
    areas = row.words("areas")
    if not areas:
        row.mistake("areas", N_("请写明这块轮廓是哪个县区"))
    for area in areas:
        if known is not None and area not in known:
            row.mistake("areas", N_("县区“%(area)s”不存在"), area=area)
    return Outline(areas or ("",), _ring(row))


def _town_outline(row: YamlRow, known: Collection[str] | None) -> Outline:
    town = row.text("town")
    if known is not None and town not in known:
        row.mistake("town", N_("“%(town)s”不是乡镇或街道的代码"), town=town)
    return Outline((town,), _ring(row))


def _ring(row: YamlRow) -> tuple[Point, ...]:
    ring = tuple(_corner(row, corner) for corner in row.text("ring").split(",") if corner.strip())
    if len(ring) < 3 or not size(ring):
        row.mistake("ring", N_("一块轮廓至少要三个不在一条线上的点"))
    return ring or (Point(0.0, 0.0),)


def _corner(row: YamlRow, written: str) -> Point:
    try:
        return read_point(written)
    except ValueError:
        row.mistake("ring", N_("“%(value)s”不是经纬度，应如 114.3512 36.0903"), value=written.strip())
        return Point(0.0, 0.0)


def _town(row: YamlRow, code: str, known: Collection[str] | None) -> Point:
    if known is not None and code not in known:
        row.mistake(code, N_("“%(name)s”不是乡镇或街道的代码"))
    return row.parsed(code, read_point, Point(0.0, 0.0), N_("“%(value)s”不是经纬度，应如 114.3512 36.0903"))


def read_point(written: str) -> Point:
    """Longitude and latitude as maps write them, "114.3512 36.0903"; raises ValueError."""
    lon, lat = map(float, written.split())
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise ValueError(written)
    return Point(lat, lon)
