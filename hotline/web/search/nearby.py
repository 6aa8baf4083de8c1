"""Near a ticket, or inside a rectangle of the map: by squares of about a kilometre. The point itself stays as hidden as an address."""

from __future__ import annotations

import math
from typing import Any

from sqlalchemy import ColumnElement, false, select

from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.tickets.points import kept
from hotline.tickets.points.told import degrees
from hotline.tickets.privacy import redact
from hotline.tickets.privacy.visibility import see
from hotline.web.core.request_context import here
from models import Ticket, TicketPoint
from routing.outlines import Point


def near(number: str, problems: dict[str, str]) -> ColumnElement[bool]:
    """Nothing is found, and it is said, where the ticket is not to be seen or has no point."""
    point = _point_of(number)
    if point is None:
        problems["near"] = _("工单 %(number)s 没有在地图上标点。", number=number[:24])
        return false()
    return Ticket.id.in_(select(TicketPoint.ticket_id).where(kept.around(point)))


def inside(written: str, problems: dict[str, str]) -> ColumnElement[bool]:
    """written: two corners of a rectangle on the map, "36.05 114.30 36.12 114.40", in whatever order."""
    corners = corners_of(written)
    if corners is None:
        problems["within"] = _("地图范围要写两个角的纬度和经度，如 36.05 114.30 36.12 114.40。")
        return false()
    return Ticket.id.in_(select(TicketPoint.ticket_id).where(kept.between(*corners)))


def corners_of(written: str) -> tuple[Point, Point] | None:
    """South-west and north-east; None for what is no rectangle on earth."""
    try:
        south, west, north, east = numbers = [
            float(one) for one in written.replace(",", " ").replace("，", " ").split()
        ]
        if not all(map(math.isfinite, numbers)):
            return None
        points = (
            degrees(str(min(south, north)), str(min(west, east))),
            degrees(str(max(south, north)), str(max(west, east))),
        )
    except (ValueError, Refusal):
        return None
    return points


def _point_of(number: str) -> Any:
    try:
        ticket = see(here.db, here.me, number)
    except NotFound:
        return None
    told = kept.point_of(here.db, ticket.id) if redact.may_read(here.me, ticket) else None
    return told.point if told else None
