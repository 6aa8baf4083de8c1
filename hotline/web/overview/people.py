"""Whose work a reader of the figures may see: everybody their own, whoever leads a desk all of its people."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import ColumnElement, and_, true

from hotline.i18n import _
from hotline.metrics.people import DESKS
from hotline.practice import rights as practice_rights
from hotline.quality import rights as quality_rights
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


def only(seen: ColumnElement[bool], person: int | None) -> ColumnElement[bool]:
    """Of those who are seen this one, or all."""
    return seen if person is None else and_(seen, Staff.id == person)


def pages_of(me: Actor, person: int) -> list[tuple[str, str, str]]:
    """(name, address, icon) of what else there is about the work of one person for whoever looks after it."""
    found = []
    if me.is_(*quality_rights.COACHES):
        found.append((_("质检结果"), url_for("quality.show", tab="told", person=person), "clipboard-data"))
    if me.is_(*practice_rights.MENTORS):
        found.append((_("练习"), url_for("practice.mine", person=person), "person-workspace"))
    return found


def _leads(me: Actor, desk: str) -> bool:
    return me.is_(*LEAD.get(desk, ())) or (desk in OF_THE_CENTRE and me.is_(*LEAD_ALL))
