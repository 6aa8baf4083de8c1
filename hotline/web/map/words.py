"""What the templates of any page may ask about the map."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, url_for

from hotline.city.map.schema import CityMap
from hotline.errors import NotFound
from hotline.i18n import _, language
from hotline.tickets.points import kept
from hotline.tickets.points.told import HOWS, ToldPoint, districts_of
from hotline.tickets.privacy import redact
from hotline.web.core.limits.rate_limits import address, limited
from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.request_context import here
from hotline.web.core.static_files import A_YEAR
from hotline.web.map.drawing import Box, Dot, Drawing, dot_of, drawing_of
from hotline.web.map.tiles import Tile, TileFile, covering, open_tiles, picture
from hotline.web.search.nearby import corners_of
from models import Ticket

log = logging.getLogger(__name__)
pages = Blueprint("maps", __name__)


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(
        drawn_map=drawn,
        map_tiles=tiles_drawn,
        box_of=box_of,
        area_names=area_names,
        area_short=area_short,
        dot_of_ticket=dot_of_ticket,
        point_words=point_words,
        areas_of_point=areas_of_point,
    )


@pages.get("/map/tiles/<stamp>/<int:zoom>/<int:x>/<int:y>")
@allow(PUBLIC)
@limited(("3000 per minute", address, None))
def tile(stamp: str, zoom: int, x: int, y: int) -> Response:
    """One picture of the city's file, kept by browsers as long as the file is the same. stamp: of the file."""
    file = tile_file()
    found = (
        picture(file, Tile(zoom, x, y)) if file and stamp == file.stamp and file.least <= zoom <= file.most else None
    )
    if file is None or found is None:
        raise NotFound(_("这里没有地图瓦片。"))
    answer = Response(found, mimetype=file.kind)
    answer.cache_control.public, answer.cache_control.max_age, answer.cache_control.immutable = True, A_YEAR, True
    return answer


def tile_file() -> TileFile | None:
    """The city's, where the settings name one; read when the first map is drawn."""
    path = here.settings.map_tiles
    if path is None:
        return None
    return _opened(path)


@cache
def _opened(path: Path) -> TileFile | None:
    try:
        return open_tiles(path)
    except ValueError as trouble:
        log.warning("%s", trouble)
        return None


def tiles_drawn() -> list[Box]:
    """Where on the drawing each picture lies."""
    drawing, file = drawn(), tile_file()
    if drawing is None or file is None:
        return []
    return [
        replace(
            drawing.box(one.north_west, one.south_east),
            href=url_for("maps.tile", stamp=file.stamp, zoom=one.zoom, x=one.x, y=one.y),
        )
        for one in covering(file, drawing.north_west, drawing.south_east)
    ]


def box_of(written: str | None) -> Box | None:
    """The rectangle of an address, as it lies on the drawing."""
    drawing, corners = drawn(), corners_of(written or "")
    return drawing.box(*corners) if drawing and corners else None


def drawn() -> Drawing | None:
    return drawing_of(_map())


def area_names() -> dict[str, str]:
    return {code: here.city.area_name(code) for code in here.city.areas}


def area_short(code: str) -> str:
    """A district's name as it fits on the map."""
    name = here.city.area_name(code)
    return name.split()[0] if language() == "en" else name


def dot_of_ticket(ticket: Ticket) -> Dot | None:
    """Its point, or roughly where its town or district is. Of sealed tickets, and for who may not read it, only the district."""
    drawing = drawn()
    if drawing is None:
        return None
    told = kept.point_of(here.db, ticket.id) if redact.may_read(here.me, ticket) else None
    if told is not None:
        return dot_of(drawing, told, point_words(told), exactly=ticket.privacy == "open")
    about = _map().about(ticket.area, ticket.town_code)
    return (
        Dot(*drawing.at(about), 0, _("大致在%(area)s", area=here.city.area_name(ticket.area)), True) if about else None
    )


def point_words(told: ToldPoint) -> str:
    """How it became known, and how exact it is."""
    how = _(HOWS.get(told.how, told.how))
    return _("%(how)s，约 %(metres)s 米以内", how=how, metres=told.accuracy) if told.accuracy else how


def areas_of_point(ticket: Ticket) -> list[str]:
    """The districts in which the ticket's point may lie."""
    told = kept.point_of(here.db, ticket.id)
    return [here.city.area_name(code) for code in districts_of(here.city, told)] if told else []


def _map() -> CityMap:
    return here.city.map
