"""The JSON API for the city's other systems: hand in tickets, read them, do what the life cycle allows."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any, cast

from flask import Blueprint, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect, select

from classifier.text.masking.mask import mask
from hotline.api import faces, requests
from hotline.api.document import openapi
from hotline.api.requests import NewTicket
from hotline.api.together import Intake
from hotline.api.tokens import machine_actor, needs, note, require
from hotline.errors import NotFound, OutOfTurn
from hotline.i18n import _
from hotline.intake.first_told import as_first_told, writings_of
from hotline.intake.open_ticket import Contact, checked, other_words
from hotline.keys.codes import query_code
from hotline.tickets.act import act, by_name, lock
from hotline.tickets.display.citizen_view import master_of
from hotline.tickets.lists.ticket_list import Wanted, find
from hotline.tickets.privacy.redact import ANSWER, starred
from hotline.tickets.privacy.visibility import see
from hotline.web.admin.tokens import ACT, GRANTED
from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.request_context import here
from models import Attachment, Ticket
from webhooks.numbers import outer_number

pages = Blueprint("api", __name__, url_prefix=faces.API)


@pages.post("/tickets")
@needs("tickets.create")
def create() -> ResponseReturnValue:
    """201 with the number and the query code; 200 when this contact was already a ticket; 409 when it was another matter."""
    asked = requests.new_ticket()
    outer = asked.outer_number or outer_number(request.headers.get("Idempotency-Key", ""))[:64] or None
    values = asked.model_dump(exclude={"outer_number", "category", "media", "town_code"})
    contact = Contact(
        **values,
        category_hint=asked.category or None,
        media=tuple(asked.media),
        town_code=asked.town_code or None,
        outer_number=outer,
        outer_source=g.machine.source,
    )
    contact = _as_first_told(checked(contact, here.city))
    ticket = _intake().take(contact)
    known = not inspect(ticket).transient
    if known:
        _same_matter(ticket, contact)
    return jsonify(faces.face(ticket) | {"query_code": query_code(here.db, ticket)}), 200 if known else 201


def _as_first_told(contact: Contact) -> Contact:
    if not contact.outer_number:
        return contact
    with here.installation.readings() as db:
        number = as_first_told(db, g.machine.source, contact.outer_number, contact.body)
    return replace(contact, outer_number=number)


_starting = threading.Lock()


def _writings(told: str) -> set[str]:
    """In whatever letters and width the city's systems told this number."""
    number = outer_number(told)[:64]
    sources = {g.machine.source, *here.installation.settings.partners}
    return writings_of(here.db, sources, [number]).get(number, {number})


def _intake() -> Intake:
    """The writer of this process, started with the first ticket."""
    with _starting:
        if "intake" not in current_app.extensions:
            current_app.extensions["intake"] = Intake(here.installation)
        return cast(Intake, current_app.extensions["intake"])


def _same_matter(ticket: Ticket, contact: Contact) -> None:
    """Raises OutOfTurn when the number was told before with other words: the caller must learn that this matter was not taken."""
    with here.installation.readings() as db:
        differs = other_words(db, contact)
    if differs:
        raise OutOfTurn(
            _(
                "来源编号 %(outer)s 已是工单 %(number)s，但内容不同。请核对：同一件事请用原来的内容，另一件事请用新的编号。",
                outer=contact.outer_number,
                number=ticket.number,
            ),
            code="other_words",
            field="outer_number",
        )


@pages.get("/tickets/<number>")
@needs("tickets.read")
def read(number: str) -> ResponseReturnValue:
    """A merged ticket's answer is its master's; of one that was sealed since nothing is told."""
    requests.only()
    ticket = _seen(number)
    master = master_of(here.db, ticket)
    if master.privacy == "sealed":
        master = ticket
    return jsonify(
        faces.face(ticket)
        | {
            "handled_as": master.number,
            "handled_state": master.state,
            "public_answer": starred(master, master.text.public_answer, ANSWER) or None,
            "actions": faces.actions(ticket, machine_actor()),
        }
    )


@pages.get("/tickets")
@needs("tickets.read")
def listed() -> ResponseReturnValue:
    """Newest first, `next` pages on; with `updated_since` what changed since then, the longest unchanged first."""
    requests.only(*requests.LISTED)
    args, since, size = request.args, requests.moment("updated_since"), requests.limit()
    if args.get("q"):
        require("tickets.words")
    also: list[Any] = [Ticket.moved_at >= since] if since else []
    also += [Ticket.outer_number.in_(_writings(args["outer_number"]))] if args.get("outer_number") else []
    wanted = Wanted(
        words=args.get("q", ""),
        states=requests.states(),
        unit=requests.one_of("unit", here.city.units),
        category=requests.one_of("category", here.city.categories),
        area=requests.one_of("area", here.city.areas),
        created_from=requests.moment("created_from"),
        created_to=requests.moment("created_to"),
        also=(*also, *([Ticket.town_code == town] if (town := requests.one_of("town_code", here.city.units)) else [])),
    )
    if wanted.words or machine_actor().sees_all:
        note("api_search" if wanted.words else "api_list", subject=mask(wanted.words)[:120] or None)
    page = find(
        here.db, machine_actor(), wanted, sort="moved" if since else "-number", after=args.get("after"), size=size
    )
    return jsonify(tickets=[faces.face(ticket) for ticket in page.rows], next=page.next)


@pages.post("/tickets/<number>/actions/<action>")
@needs()
def do(number: str, action: str) -> ResponseReturnValue:
    """Body: the action's fields, `seen` (the ticket's `turn`) to be refused when it has moved on, and `files` of a reply."""
    by_name(action)
    require(f"{ACT}{action}")
    body = requests.body_object()
    ticket = lock(here.db, see(here.db, machine_actor(), number).id)
    event = act(here.db, here.city, ticket, action, machine_actor(), here.now, body, seen=body.get("seen"))
    if action == "reply" and isinstance(body.get("files"), list):
        _join(ticket, body["files"], event.data.get("reply_id"))
    return jsonify(faces.face(ticket))


def _join(ticket: Ticket, ids: list[Any], reply_id: int | None) -> None:
    """Files that this machine has put onto the ticket become the evidence of its reply."""
    wanted = [one for one in ids if isinstance(one, int) and 0 < one < 2**53][:50]
    for one in here.db.scalars(
        select(Attachment).where(
            Attachment.id.in_(wanted),
            Attachment.ticket_id == ticket.id,
            Attachment.reply_id.is_(None),
            Attachment.added_by_id.is_(None),
            Attachment.added_by_name == machine_actor().name,
            Attachment.removed_at.is_(None),
        )
    ):
        one.reply_id = reply_id


def _seen(number: str) -> Ticket:
    """A ticket this machine may see; a look at what is not its own stands in the book."""
    ticket, actor = see(here.db, machine_actor(), number), machine_actor()
    if ticket.outer_source != actor.source and not actor.units.intersection({ticket.unit_code, ticket.desk_code}):
        note("api_read", ticket_id=ticket.id, subject="ticket")
    return ticket


@pages.get("/openapi.json")
@allow(PUBLIC)
def document() -> ResponseReturnValue:
    return jsonify(openapi(NewTicket, here.settings.public_url, GRANTED))


@pages.get("/<path:anything>")
@allow(PUBLIC)
def nothing(anything: str) -> ResponseReturnValue:
    raise NotFound(_("没有这个接口，请看 /api/v1/openapi.json。"))
