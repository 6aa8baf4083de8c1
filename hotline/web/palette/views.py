"""What the palette offers a person: the pages they may open, tickets by number with what may be done there, and how signs sound."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from sqlalchemy import select

from classifier.text.pinyin import first_letters
from hotline.i18n import _
from hotline.tickets.actions import ACTIONS
from hotline.tickets.lifecycle import Move
from hotline.tickets.privacy.visibility import visible_to
from hotline.web.admin.pages import is_mine
from hotline.web.core.formatting import ticket_row
from hotline.web.core.permission import EVERYBODY, allow, may_open
from hotline.web.core.request_context import here
from hotline.web.palette import names
from hotline.web.palette.places import DESTINATIONS, Destination
from hotline.web.ticket.details import buttons
from hotline.web.ticket.page import ask_url
from models import Ticket

pages = Blueprint("palette", __name__, url_prefix="/palette")
MOST, SHORTEST, LONGEST = 6, 2, 24
SEQUENCE = 6
"""The digits of a ticket's number behind its day."""


@pages.get("/")
@allow(EVERYBODY)
def destinations() -> Response:
    offered = (one for one in DESTINATIONS if _is_offered(one))
    return jsonify([{"label": _(one.label), "url": url_for(one.endpoint), "icon": one.icon} for one in offered])


@pages.get("/letters")
@allow(EVERYBODY)
def letters() -> Response:
    """{letter: the characters whose sound begins with it}; it changes with no release of the program."""
    response = jsonify(first_letters())
    response.cache_control.max_age, response.cache_control.private = 86_400, True
    return response


@pages.get("/tickets")
@allow(EVERYBODY)
def tickets() -> Response:
    """q: the beginning of a number, or the last digits of one of today. What may be done is told where only one is meant."""
    asked = request.args.get("q", "").strip()[:LONGEST]
    found = _by_number(asked) if asked.isalnum() and len(asked) >= SHORTEST else []
    return jsonify([_row(ticket, alone=len(found) == 1) for ticket in found])


@pages.get("/names")
@allow(EVERYBODY)
def called() -> Response:
    """q: part of a name, or the first letters of its sounds: of people, articles, matters and units that the reader may open."""
    asked = request.args.get("q", "").strip()[:LONGEST]
    return jsonify(names.found(asked) if len(asked) >= SHORTEST else [])


def _is_offered(one: Destination) -> bool:
    is_there = one.endpoint in current_app.view_functions and (one.endpoint != "phone.show" or here.settings.demo)
    room, _dot, name = one.endpoint.partition(".")
    return is_there and may_open(here.me, one.endpoint) and (room != "admin" or is_mine(name))


def _by_number(asked: str) -> list[Ticket]:
    begins = [asked]
    if asked.isdigit() and len(asked) <= SEQUENCE:
        begins.append(f"{here.city.calendar.day_of(here.now):%y%m%d}{asked.zfill(SEQUENCE)}")
    for begin in reversed(begins):
        from_here = (Ticket.number >= begin, Ticket.number < begin + "\uffff")
        some = select(Ticket).where(*from_here, visible_to(here.me)).order_by(Ticket.number.desc()).limit(MOST)
        if rows := list(here.db.scalars(some)):
            return rows
    return []


def _row(ticket: Ticket, alone: bool) -> dict[str, Any]:
    row = ticket_row(ticket)
    return {
        "label": f"{row.number} {row.title}",
        "url": row.url,
        "icon": "ticket-detailed",
        "note": row.state_name,
        "does": _deeds(ticket) if alone else [],
    }


def _deeds(ticket: Ticket) -> list[dict[str, str]]:
    """What this person may do to it, as its page offers it; each leads to its form, or to the page where one key does it."""
    first, more = buttons(ticket, here.me, to_judge=True)
    moves = (one for one in (*first, *more) if isinstance(one, Move))
    page = url_for("tickets.show", number=ticket.number)
    return [
        {
            "label": _(ACTIONS[one.action].label),
            "url": ask_url(one, ticket) if ACTIONS[one.action].fields else page,
            "icon": "dash",
        }
        for one in moves
    ]
