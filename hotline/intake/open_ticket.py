"""Every contact becomes one ticket, whatever channel it came by and however often we are told of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from classifier.extract import mask
from classifier.title import title as title_of
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.language import _
from hotline.tickets import numbers, search
from hotline.tickets.act import act
from hotline.tickets.fields import BODY_TEXT
from hotline.tickets.vocabulary import CHANNELS, PRIVACIES, REQUEST_TYPES, URGENCIES
from hotline.tickets.who import SYSTEM, Actor
from models import Call, Citizen, Receipt, Ticket, TicketText
from models.db import insert_once
from webhooks.numbers import clean_phone


@dataclass(frozen=True)
class Contact:
    """What is known when somebody contacts the hotline; everything but the words may be missing.

    outer_source + outer_number: the other platform's own number; the pair makes one ticket for ever.
    once: a key that makes a repeated submit (double click, retry) the same ticket.
    """

    body: str
    title: str = ""
    channel: str = "hotline"
    phone: str = ""
    name: str = ""
    request_type: str = "help"
    urgency: str = "normal"
    privacy: str = "masked"
    category: str | None = None
    area: str | None = None
    street: str | None = None
    place: str = ""
    language: str = "zh"
    outer_source: str | None = None
    outer_number: str | None = None
    outer_due_at: datetime | None = None
    town_code: str | None = None
    call_id: int | None = None
    happened_at: datetime | None = None
    once: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def open_ticket(db: Session, city: City, contact: Contact, actor: Actor, now: datetime, *, submit: bool = True) -> Ticket:
    """Make the ticket and hand it in, in the caller's transaction; a contact told twice returns the first ticket.

    submit=False keeps it as the agent's draft. Raises Refusal with one sentence per wrong field.
    """
    contact = checked(contact, city)
    receipt = _receipt_key(contact)
    if receipt and not _write_receipt(db, receipt, now):
        return _already_told(db, *receipt)
    citizen = find_or_make_citizen(db, contact.phone, contact.name, contact.language, now)
    ticket = _new_ticket(db, city, contact, citizen, actor, now)
    if contact.call_id:
        _join_call(db, contact.call_id, ticket, citizen)
    if submit:
        act(db, city, ticket, "submit", actor if actor.kind == "staff" else SYSTEM, now)
    db.flush()
    search.index(db, ticket.id, (ticket.title, contact.body, contact.place))
    if receipt:
        db.execute(_of(*receipt, update(Receipt)).values(ticket_id=ticket.id, result={"number": ticket.number}))
    return ticket


def checked(contact: Contact, city: City) -> Contact:
    """The contact with its fields made clean. Raises Refusal naming every wrong field."""
    problems: dict[str, str] = {}
    body = contact.body.replace("\x00", "").replace("\r\n", "\n").strip()
    if not body:
        problems["body"] = _("请写下诉求内容。")
    elif len(body) > BODY_TEXT:
        problems["body"] = _("诉求内容最多 %(most)d 个字，现在是 %(now)d 个字。请把最重要的写在这里，其余作为附件上传。",
                             most=BODY_TEXT, now=len(body))
    phone = contact.phone.strip()
    if phone:
        try:
            phone = clean_phone(phone)
        except ValueError:
            problems["phone"] = _("电话号码“%(phone)s”不对，请只写数字，如 13800000000 或 0372-1234567。", phone=phone[:24])
    for name, value, known in (("channel", contact.channel, CHANNELS), ("request_type", contact.request_type, REQUEST_TYPES),
                               ("urgency", contact.urgency, URGENCIES), ("privacy", contact.privacy, PRIVACIES),
                               ("category", contact.category, city.categories), ("area", contact.area, city.areas)):
        if value and value not in known:
            problems[name] = _("没有“%(value)s”这个选项，请从列表中选择。", value=str(value)[:40])
    if problems:
        raise Refusal(" ".join(problems.values()), problems=problems)
    cleaned = {"body": body, "phone": phone, "name": contact.name.replace("\x00", "").strip()[:64],
               "place": contact.place.replace("\x00", "").strip()[:300], "category": contact.category or None, "area": contact.area or None,
               "title": " ".join(contact.title.replace("\x00", "").split())[:200]}
    return Contact(**{**contact.__dict__, **cleaned})


def find_or_make_citizen(db: Session, phone: str, name: str, language: str, now: datetime) -> Citizen | None:
    """The person behind a number; a number alone is identity enough, and two calls at once make one person."""
    if not phone:
        return None
    known = db.scalar(select(Citizen).where(Citizen.phone == phone))
    if known is None:
        insert_once(db, Citizen, ["phone"], phone=phone, name=name or None, language=language, no_texts=False, created_at=now)
        known = db.scalars(select(Citizen).where(Citizen.phone == phone)).one()
    elif name and not known.name:
        known.name = name
    return known


def _new_ticket(db: Session, city: City, contact: Contact, citizen: Citizen | None, actor: Actor, now: datetime) -> Ticket:
    ticket = Ticket(
        query_code=numbers.new_query_code(), state="draft", version=1, turn=1, round=1, channel=contact.channel,
        title=contact.title or title_of(contact.body), request_type=contact.request_type, urgency=contact.urgency,
        privacy=contact.privacy, category_code=contact.category, area=contact.area, street=contact.street,
        citizen_id=citizen.id if citizen else None, contact_name=contact.name or None, contact_phone=contact.phone or None,
        outer_source=contact.outer_source, outer_number=contact.outer_number, outer_due_at=contact.outer_due_at,
        town_code=contact.town_code, call_id=contact.call_id, created_at=now, moved_at=now,
        agent_id=actor.id if actor.kind == "staff" else None,
    )
    numbers.give_number(db, city, ticket, now)
    extra = dict(contact.extra)
    if contact.happened_at:
        extra["happened_at"] = contact.happened_at.isoformat()
    ticket.text = TicketText(body=contact.body, place=contact.place or None, public_title=mask(ticket.title), extra=extra)
    db.add(ticket)
    return ticket


def _receipt_key(contact: Contact) -> tuple[str, str] | None:
    """Provider and event id of this contact, when it has any."""
    if contact.outer_source and contact.outer_number:
        return contact.outer_source, contact.outer_number[:120]
    return ("form", contact.once[:120]) if contact.once else None


def _already_told(db: Session, provider: str, event_id: str) -> Ticket:
    return db.scalars(_of(provider, event_id, select(Ticket).join(Receipt, Receipt.ticket_id == Ticket.id))).one()


def _of(provider: str, event_id: str, statement: Any) -> Any:
    return statement.where(Receipt.provider == provider, Receipt.kind == "contact", Receipt.event_id == event_id)


def _write_receipt(db: Session, key: tuple[str, str], now: datetime) -> bool:
    """False when this contact was told before. Of two transactions at once the second waits here for the first to end."""
    made = insert_once(db, Receipt, ["provider", "kind", "event_id"], provider=key[0], kind="contact", event_id=key[1],
                       received_at=now, result={})
    return made is not None


def _join_call(db: Session, call_id: int, ticket: Ticket, citizen: Citizen | None) -> None:
    call = db.get(Call, call_id)
    if call is not None:
        db.flush()  # call and ticket point at each other: the ticket's row comes first
        call.ticket_id = ticket.id
        call.citizen_id = citizen.id if citizen else call.citizen_id
