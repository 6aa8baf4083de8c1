"""Tiles under the outlines from a file that a city brings, a rectangle to look in, and the borders of towns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from hotline.installation import Installation
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets.points.told import ToldPoint
from hotline.tickets.roles import SYSTEM
from hotline.web.map import words as views
from hotline.web.map.drawing import drawing_of
from hotline.web.map.tiles import MOST, Tile, covering, open_tiles, picture
from models import Staff
from routing.outlines import Point
from tests.support.life import Life
from tests.support.papers.tiles import mbtiles

ARCHIVE = Path(__file__).parents[2] / "support/city.pmtiles"
RUINS = Point(36.127, 114.313)


@pytest.fixture
def tiled(app: Flask, installation: Installation, tmp_path: Path) -> Iterator[Flask]:
    held = installation.settings
    installation.settings = replace(held, map_tiles=mbtiles(tmp_path / "city.mbtiles"))
    yield app
    installation.settings = held


def test_the_squares_that_cover_the_city_lie_where_they_belong(life: Life, tmp_path: Path) -> None:
    file, drawing = open_tiles(mbtiles(tmp_path / "city.mbtiles")), drawing_of(life.city.map)
    assert drawing is not None and (file.kind, file.least, file.most) == ("image/png", 6, 11)
    found = covering(file, drawing.north_west, drawing.south_east)
    assert 1 < len(found) <= MOST and len({one.zoom for one in found}) == 1
    home = [
        one
        for one in found
        if one.north_west.lat >= RUINS.lat > one.south_east.lat and one.north_west.lon <= RUINS.lon < one.south_east.lon
    ]
    assert len(home) == 1
    side = 1 << home[0].zoom
    assert home[0].x == int((RUINS.lon + 180) / 360 * side)
    assert all(picture(file, one) for one in found), "the file's rows count from the south, ours from the north"
    assert picture(file, Tile(6, 0, 0)) is None


def test_an_archive_written_by_its_makers_program_shows_each_square_where_it_belongs() -> None:
    """city.pmtiles was written by pmtiles 3.8.1 (PyPI); each picture's colour says which square it is."""
    file = open_tiles(ARCHIVE)
    assert (file.kind, file.least, file.most) == ("image/png", 6, 9)
    for tile in covering(file, Point(36.3, 113.9), Point(35.9, 114.6)):
        found = picture(file, tile)
        assert found is not None
        with Image.open(BytesIO(found)) as shown:
            assert shown.convert("RGB").getpixel((0, 0)) == (tile.zoom * 20, tile.x % 255, tile.y % 255)
    assert picture(file, Tile(6, 0, 0)) is None and picture(file, Tile(9, 511, 511)) is None


@pytest.mark.parametrize(("at", "byte"), [(7, 2), (97, 4), (98, 2), (99, 1)])
def test_an_archive_of_another_version_packing_or_of_vectors_is_told(at: int, byte: int, tmp_path: Path) -> None:
    raw = bytearray(ARCHIVE.read_bytes())
    raw[at] = byte
    (tmp_path / "odd.pmtiles").write_bytes(raw)
    with pytest.raises(ValueError, match=r"odd\.pmtiles"):
        open_tiles(tmp_path / "odd.pmtiles")


@pytest.mark.parametrize("told", ["pbf", ""])
def test_what_is_no_file_of_pictures_is_told_and_the_map_stays(told: str, tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "odd.mbtiles", told) if told else tmp_path / "missing.mbtiles"
    with pytest.raises(ValueError, match=path.name):
        open_tiles(path)
    assert views._opened(path) is None


def test_pages_show_them_from_here_and_browsers_keep_them(tiled: Flask) -> None:
    browser = tiled.test_client()
    page = browser.get("/c/new").text
    hrefs = [part.split('"')[0] for part in page.split('<image href="')[1:]]
    assert hrefs and all(one.startswith("/map/tiles/") for one in hrefs) and "is-over-tiles" in page
    answer = browser.get(hrefs[0])
    assert answer.status_code == 200 and answer.mimetype == "image/png" and answer.data.startswith(b"\x89PNG")
    assert "immutable" in answer.headers["Cache-Control"] and "max-age=31536000" in answer.headers["Cache-Control"]
    stamp = hrefs[0].split("/")[3]
    for odd in (f"/map/tiles/{stamp}/6/0/0", f"/map/tiles/{stamp}/99/0/0", "/map/tiles/other/6/52/25"):
        assert browser.get(odd).status_code == 404


def test_without_a_file_the_map_is_its_outlines(app: Flask) -> None:
    page = app.test_client().get("/c/new").text
    assert "<image" not in page and "map-area" in page
    assert app.test_client().get("/map/tiles/x/6/52/25").status_code == 404


def test_a_rectangle_of_the_map_lists_the_tickets_in_it_page_by_page(
    browse: Callable[[Staff], FlaskClient], life: Life
) -> None:
    numbers = []
    for n in range(53):
        told = ToldPoint(Point(36.127 + n / 100_000, 114.313), "map", 20)
        numbers.append(
            open_ticket(life.db, life.city, Contact(body=f"路灯 {n} 坏了", point=told), SYSTEM, life.now).number
        )
    away = open_ticket(
        life.db, life.city, Contact(body="井盖", point=ToldPoint(Point(36.05, 114.35), "map", 20)), SYSTEM, life.now
    )
    sealed = open_ticket(
        life.db, life.city, Contact(body="保密", privacy="sealed", point=ToldPoint(RUINS, "map")), SYSTEM, life.now
    )
    elsewhere, hidden = away.number, sealed.number
    life.db.commit()
    du = browse(life.staff["du"])
    page = du.get("/search/?within=36.12 114.30 36.14 114.32").text
    assert numbers[-1] in page and elsewhere not in page and hidden not in page and "地图上的一片" in page
    assert 'class="map-box"' in page and "after=" in page
    swapped = du.get("/search/?within=36.14,114.32,36.12,114.30").text
    assert numbers[-1] in swapped
    for odd in ("36.1 114.3", "a b c d", "36 114 nan 115", "91 0 92 1"):
        assert "两个角的纬度和经度" in du.get("/search/", query_string={"within": odd}).text
    assert numbers[-1] not in browse(life.staff["chang"]).get("/search/?within=36.12 114.30 36.14 114.32").text
