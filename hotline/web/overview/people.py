"""Whose work a reader of the figures may see: everybody their own, whoever leads a desk all of its people."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true

from hotline.metrics.people import DESKS
from hotline.tickets.roles import Actor, Role
from models import Staff

OF_THE_CENTRE = ("agents", "dispatchers", "reviewers", "followers")
LEAD_ALL = frozenset({Role.HEAD, Role.SUPERVISOR, Role.QUALITY})
LEAD = {"agents": frozenset({Role.LEAD_AGENT}), "handlers": frozenset({Role.UNIT_LEADER})}
"""Who leads one desk only; a unit's leader the people of the own units."""


def desks_of(me: Actor) -> list[str]:
    """The desks whose page this reader has: those they lead, and those they work at."""
    return [key for key, desk in DESKS.items() if _leads(me, key) or me.roles & {Role(role) for role in desk.roles}]


def seen_by(me: Actor, desk: str) -> ColumnElement[bool]:
    """The condition on `Staff`: whose line this reader sees on the desk's page."""
    if not _leads(me, desk):
        return Staff.id == me.id
    return Staff.unit_code.in_(sorted(me.units)) if desk == "handlers" else true()


def _leads(me: Actor, desk: str) -> bool:
    return me.is_(*LEAD.get(desk, ())) or (desk in OF_THE_CENTRE and me.is_(*LEAD_ALL))
