"""Who else has a ticket open, and who is writing there: told before the work is done twice, not after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select, update

from hotline.tickets.effects.demands.looked import leave
from hotline.tickets.privacy.visibility import see
from hotline.tickets.roles import Role
from hotline.web.core.permission import EVERYBODY, allow
from hotline.web.core.request_context import here
from models import Staff, Ticket, TicketLook
from models.store.db import changed

pages = Blueprint("onlookers", __name__)
STAYS = timedelta(seconds=50)
"""A page gives a sign every twenty seconds; two lost ones, and it is closed."""

WRITES = timedelta(seconds=90)
UNSEEN = (Role.DISCIPLINE, Role.CITY_LEADER)
"""Whose reading is nobody's business."""


@pages.post("/tickets/<number>/look")
@allow(EVERYBODY)
def look(number: str) -> ResponseReturnValue:
    """My page is open; back comes who else is there."""
    ticket = see(here.db, here.me, number)
    if request.form.get("left"):
        leave(here.db, ticket.id, here.me, here.now)
        return "", 204
    if not here.me.is_(*UNSEEN):
        _sign(ticket, bool(request.form.get("typing")))
    return render_template("live/_onlookers.html", ticket=ticket, onlookers=others(ticket))


def others(ticket: Ticket) -> list[dict[str, Any]]:
    """Name, unit and whether they write, those who write first."""
    rows = here.db.execute(
        select(TicketLook, Staff)
        .join(Staff, Staff.id == TicketLook.staff_id)
        .where(
            TicketLook.ticket_id == ticket.id,
            TicketLook.at > here.now - STAYS,
            TicketLook.left_at.is_(None),
            TicketLook.staff_id != here.me.id,
        )
        .order_by(TicketLook.at)
        .limit(8)
    )
    found = [
        {
            "name": staff.name,
            "unit": here.city.unit_name(staff.unit_code) if staff.unit_code != here.me.unit_code else "",
            "writes": one.typed_at is not None and here.now - one.typed_at <= WRITES,
        }
        for one, staff in rows
    ]
    return sorted(found, key=lambda one: not one["writes"])


def _sign(ticket: Ticket, typing: bool) -> None:
    mine = (TicketLook.ticket_id == ticket.id, TicketLook.staff_id == here.me.id)
    fresh = {"at": here.now, "left_at": None, **({"typed_at": here.now} if typing else {})}
    if changed(here.db, update(TicketLook).where(*mine).values(**fresh)) == 0:
        with here.db.begin_nested():
            here.db.add(
                TicketLook(ticket_id=ticket.id, staff_id=here.me.id, at=here.now, typed_at=fresh.get("typed_at"))
            )
