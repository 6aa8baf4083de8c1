"""What the templates of any page may ask about the map."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from hotline.city.map.schema import CityMap
from hotline.i18n import _, language
from hotline.tickets.points import kept
from hotline.tickets.points.told import HOWS, ToldPoint, districts_of
from hotline.tickets.privacy import redact
from hotline.web.core.request_context import here
from hotline.web.map.drawing import Dot, Drawing, dot_of, drawing_of
from models import Ticket

pages = Blueprint("maps", __name__)


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(
        drawn_map=drawn,
        area_names=area_names,
        area_short=area_short,
        dot_of_ticket=dot_of_ticket,
        point_words=point_words,
        areas_of_point=areas_of_point,
    )


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
