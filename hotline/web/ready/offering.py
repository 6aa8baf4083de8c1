"""What the key puts into a form: every word this person may use, filled for the ticket at hand, and that it was used."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from hotline.city.ready.schema import DESKS
from hotline.errors import NotFound
from hotline.i18n import _
from hotline.ready import filling, keeping, rights
from hotline.tickets.lifecycle import MOVES
from hotline.tickets.privacy import visibility
from hotline.tickets.roles import Role, speaks_of
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.ready.pages import pages
from models import ReadyWord, Ticket

BY_PAGE = {
    "desk": "intake",
    "letters": "intake",
    "dispatch": "dispatch",
    "unit": "unit",
    "signing": "unit",
    "review": "review",
    "rereading": "review",
    "followup": "follow_up",
}
"""The first part of a page's address → whose words are offered first there."""

BY_ROLE = (
    (Role.HANDLER, "unit"),
    (Role.REVIEWER, "review"),
    (Role.FOLLOW_UP, "follow_up"),
    (Role.DISPATCHER, "dispatch"),
    (Role.AGENT, "intake"),
)
"""Of an action's form: the desk of the first role whose action it is."""

_ACTION = re.compile(r"/tickets/[^/]+/do/([a-z_]+)")


@pages.get("/offered")
@allow(rights.USERS)
def offered() -> Response:
    """ticket: its number, if the form is about one. where: the address of the page, and of the form in it."""
    ticket = _ticket(request.args.get("ticket", ""))
    found = keeping.offered(here.db, ReadyWord, here.me, desk_of(request.args.getlist("where")))
    places = filling.places_of(here.city, here.me, ticket, here.now)
    return jsonify([_row(one, places) for one in found])


@pages.post("/<int:word_id>/used")
@allow(rights.USERS)
def used(word_id: int) -> ResponseReturnValue:
    keeping.note_use(here.db, keeping.found(here.db, ReadyWord, here.me, word_id), here.now)
    return "", 204


def desk_of(addresses: list[str]) -> str:
    """The desk whose words fit a form at these addresses; "" when it is nobody's in particular."""
    for address in reversed(addresses):
        if act := _ACTION.search(address):
            return _desk_of_action(act[1])
        if desk := BY_PAGE.get(address.strip("/").split("/")[0]):
            return desk
    return ""


def _desk_of_action(action: str) -> str:
    who = {one for move in MOVES if move.action == action for one in move.roles}
    desks = [desk for role, desk in BY_ROLE if any(speaks_of(one, role) for one in who)]
    mine = [desk for role, desk in BY_ROLE if desk in desks and here.me.is_(role)]
    return next(iter([*mine, *desks]), "") if len(desks) < len(BY_ROLE) else ""


def _ticket(number: str) -> Ticket | None:
    """A ticket that I may not see fills nothing."""
    try:
        return visibility.see(here.db, here.me, number) if number else None
    except NotFound:
        return None


def _row(word: Any, places: dict[str, str]) -> dict[str, Any]:
    return {
        "id": word.id,
        "label": word.title,
        "note": _("我的") if word.owner_id is not None else _(DESKS[word.desk]),
        "text": filling.filled(word.body, places),
    }
