"""Near a ticket: those whose point lies in the square of its point or in one beside it. The point itself stays as hidden as an address."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, select

from hotline.errors import NotFound
from hotline.i18n import _
from hotline.tickets.points import kept
from hotline.tickets.privacy import redact
from hotline.tickets.privacy.visibility import see
from hotline.web.core.request_context import here
from models import Ticket, TicketPoint


def near(number: str, problems: dict[str, str]) -> ColumnElement[bool]:
    """Nothing is found, and it is said, where the ticket is not to be seen or has no point."""
    point = _point_of(number)
    if point is None:
        problems["near"] = _("工单 %(number)s 没有在地图上标点。", number=number[:24])
        return false()
    return Ticket.id.in_(select(TicketPoint.ticket_id).where(kept.around(point)))


def _point_of(number: str) -> Any:
    try:
        ticket = see(here.db, here.me, number)
    except NotFound:
        return None
    told = kept.point_of(here.db, ticket.id) if redact.may_read(here.me, ticket) else None
    return told.point if told else None
