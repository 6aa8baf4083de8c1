"""The JSON API for the city's other systems: hand in tickets, read them, do what the life cycle allows."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Annotated, Any, cast

from flask import Blueprint, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from hotline.api.document import openapi
from hotline.api.together import Intake
from hotline.api.tokens import machine_actor, needs
from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.intake.open_ticket import Contact, checked, print_of_words, told_before
from hotline.tickets.act import act, lock
from hotline.tickets.display.citizen_view import master_of
from hotline.tickets.fields import BODY_TEXT
from hotline.tickets.lists.ticket_list import Wanted, find
from hotline.tickets.privacy.visibility import see
from hotline.tickets.states import State
from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.request_context import here
from models import Ticket
from webhooks.partners.posts import told

pages = Blueprint("api", __name__, url_prefix="/api/v1")
MOST = 200
Short = Annotated[str, Field(max_length=64)]


class NewTicket(BaseModel):
    """A contact taken in elsewhere. `outer_number` (or the Idempotency-Key header) makes a repeated post the same ticket."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    body: Annotated[str, Field(min_length=1, max_length=BODY_TEXT)]
    title: Annotated[str, Field(max_length=200)] = ""
    channel: Short = "web"
    phone: Annotated[str, BeforeValidator(told)] = ""
    name: Annotated[str, BeforeValidator(lambda name: "" if name is None else str(name)[:64])] = ""
    request_type: Short = "help"
    urgency: Short = ""
    privacy: Short = "masked"
    category: Short | None = None
    area: Short | None = None
    place: Annotated[str, Field(max_length=300)] = ""
    language: Annotated[str, Field(pattern="^(zh|en)$")] = "zh"
    outer_number: Short | None = None
    outer_due_at: AwareDatetime | None = None
    happened_at: AwareDatetime | None = None


@pages.post("/tickets")
@needs("tickets.create")
def create() -> ResponseReturnValue:
    """201 with the number and the query code; 200 when this contact was already a ticket."""
    asked = _parsed(NewTicket)
    outer = asked.outer_number or request.headers.get("Idempotency-Key", "")[:64] or None
    contact = Contact(
        **asked.model_dump(exclude={"outer_number"}),
        outer_number=outer,
        outer_source=g.machine.source if outer else None,
    )
    began = here.now
    contact = checked(contact, here.city)
    ticket = _intake().take(contact)
    if ticket.created_at < began:
        _same_words(contact)
    return jsonify(_face(ticket) | {"query_code": ticket.query_code}), 201 if ticket.created_at >= began else 200


def _same_words(contact: Contact) -> None:
    """Raises OutOfTurn when the number was told before with other words: the caller must learn that this matter was not taken."""
    if not (contact.outer_source and contact.outer_number):
        return
    with here.installation.readings() as db:
        said = told_before(db, contact.outer_source, [contact.outer_number]).get(contact.outer_number, "")
    if said not in ("", print_of_words(contact.body)):
        raise OutOfTurn(_("编号 %(number)s 已有另一件内容不同的事，没有读入，请核对。", number=contact.outer_number))


_starting = threading.Lock()


def _intake() -> Intake:
    """The writer of this process, started with the first ticket."""
    with _starting:
        if "intake" not in current_app.extensions:
            current_app.extensions["intake"] = Intake(here.installation)
        return cast(Intake, current_app.extensions["intake"])


@pages.get("/tickets/<number>")
@needs("tickets.read")
def read(number: str) -> ResponseReturnValue:
    """A merged ticket's answer is its master's."""
    ticket = see(here.db, machine_actor(), number)
    master = master_of(here.db, ticket)
    return jsonify(
        _face(ticket)
        | {"handled_as": master.number, "handled_state": master.state, "public_answer": master.text.public_answer}
    )


@pages.get("/tickets")
@needs("tickets.read")
def listed() -> ResponseReturnValue:
    """Query: state, unit, category, area, q, created_from, created_to, after, limit. Newest first, `next` pages on."""
    args = request.args
    wanted = Wanted(
        words=args.get("q", ""),
        states=tuple(s for s in args.getlist("state") if s in set(State)),
        unit=args.get("unit"),
        category=args.get("category"),
        area=args.get("area"),
        created_from=_moment("created_from"),
        created_to=_moment("created_to"),
    )
    page = find(
        here.db,
        machine_actor(),
        wanted,
        sort="-number",
        after=args.get("after"),
        size=min(args.get("limit", 50, int), MOST),
    )
    return jsonify(tickets=[_face(ticket) for ticket in page.rows], next=page.next)


@pages.post("/tickets/<number>/actions/<action>")
@needs("tickets.act")
def do(number: str, action: str) -> ResponseReturnValue:
    """Body: the action's fields, and `seen` (the ticket's `turn`) to be refused when it has moved on."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal(_("请求正文应当是 JSON 对象。"), code="no_json")
    ticket = lock(here.db, see(here.db, machine_actor(), number).id)
    act(here.db, here.city, ticket, action, machine_actor(), here.now, body, seen=body.get("seen"))
    return jsonify(_face(ticket))


@pages.get("/openapi.json")
@allow(PUBLIC)
def document() -> ResponseReturnValue:
    return jsonify(openapi(NewTicket, here.settings.public_url))


@pages.get("/<path:anything>")
@allow(PUBLIC)
def nothing(anything: str) -> ResponseReturnValue:
    raise NotFound(_("没有这个接口，请看 /api/v1/openapi.json。"))


def _parsed(model: type[NewTicket]) -> NewTicket:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal(_("请求正文应当是 JSON 对象，Content-Type 应为 application/json。"), code="no_json")
    try:
        return model.model_validate(body)
    except ValidationError as error:
        problems = {".".join(map(str, e["loc"])) or "body": _problem(e) for e in error.errors(include_url=False)}
        raise Refusal(" ".join(problems.values()), code="invalid_form", problems=problems) from None


def _problem(error: Any) -> str:
    name = ".".join(map(str, error["loc"]))
    sentences = {
        "missing": _("缺少“%(name)s”。", name=name),
        "extra_forbidden": _("没有“%(name)s”这个字段。", name=name),
        "string_too_long": _(
            "“%(name)s”太长，最多 %(most)s 个字。", name=name, most=error.get("ctx", {}).get("max_length", "")
        ),
        "string_too_short": _("“%(name)s”不能为空。", name=name),
        "timezone_aware": _("“%(name)s”要带时区，如 2026-03-15T14:30:00+08:00。", name=name),
    }
    return sentences.get(error["type"], _("“%(name)s”不对：%(why)s", name=name, why=error["msg"]))


def _moment(name: str) -> datetime | None:
    text = request.args.get(name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(_("“%(name)s”不是有效的时间。", name=name), code="no_moment", field=name) from None
    if moment.tzinfo is None:
        raise Refusal(
            _("“%(name)s”要带时区，如 2026-03-15T14:30:00+08:00。", name=name), code="no_time_zone", field=name
        )
    return moment


def _face(ticket: Ticket) -> dict[str, Any]:
    """What machines see of a ticket: no name, no phone, no words of the citizen."""
    return {
        "number": ticket.number,
        "state": ticket.state,
        "turn": ticket.move_count,
        "round": ticket.round,
        "channel": ticket.channel,
        "request_type": ticket.request_type,
        "urgency": ticket.urgency,
        "category": ticket.category_code,
        "area": ticket.area,
        "unit": ticket.unit_code,
        "outer_number": ticket.outer_number,
        "created_at": ticket.created_at.isoformat(),
        "due_at": ticket.due_at.isoformat() if ticket.due_at else None,
        "closed_at": ticket.closed_at.isoformat() if ticket.closed_at else None,
        "close_kind": ticket.close_kind,
        "url": f"{pages.url_prefix}/tickets/{ticket.number}",
    }
