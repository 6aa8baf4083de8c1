"""Two taps on the map of the search are a rectangle, and its tickets are listed; under the outlines lie the tiles of the city's own file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets.points.told import ToldPoint
from hotline.tickets.roles import SYSTEM
from routing.outlines import Point
from tests.support.papers.tiles import mbtiles
from tests.support.town import Town


def test_a_dispatcher_frames_a_part_of_the_city(town: Town, keep: Callable[..., Any], tmp_path: Path) -> None:
    life = town.life
    town.installation.settings = replace(town.installation.settings, map_tiles=mbtiles(tmp_path / "city.mbtiles"))
    inside = open_ticket(
        life.db,
        life.city,
        Contact(body="殷墟路路灯坏了", point=ToldPoint(Point(36.127, 114.313), "map", 20)),
        SYSTEM,
        life.now,
    ).number
    outside = open_ticket(
        life.db,
        life.city,
        Contact(body="滑县井盖松动", point=ToldPoint(Point(35.575, 114.519), "map", 20)),
        SYSTEM,
        life.now,
    ).number
    life.db.commit()
    du = town.enter("du", "/search/")
    du.locator("details.search-more > summary, details > summary").first.click()
    du.locator(".map-more > summary").click()
    map_ = du.locator("[data-map-box] svg")
    map_.scroll_into_view_if_needed()
    assert du.locator("[data-map-box] image").count() > 1

    def tap(lat: float, lon: float) -> None:
        x, y = map_.evaluate(
            """(map, [lat, lon]) => { const at = new DOMPoint((lon - map.dataset.lon) / map.dataset.lonStep, (map.dataset.lat - lat) / map.dataset.latStep)
            .matrixTransform(map.getScreenCTM()); return [at.x, at.y]; }""",
            [lat, lon],
        )
        du.mouse.click(x, y)

    tap(36.20, 114.20)
    du.locator("[data-map-said]", has_text="再点对面的一角").wait_for()
    tap(36.00, 114.45)
    du.locator(f"#found >> text={inside}").first.wait_for()
    assert du.locator(f"#found >> text={outside}").count() == 0
    assert du.locator(".map-box").count() == 1 and "within=" in du.url
    keep(du, "map-box-1-framed")
