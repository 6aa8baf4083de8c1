"""Every contact becomes one ticket, whatever channel it came by and however often we are told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from classifier.text.normalise import plain
from classifier.text.title import title as title_of
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.citizens import citizens_by_handle, citizens_by_phone
from hotline.intake.first_told import keep_writing, print_of_words, told_before
from hotline.intake.media import media_rows, promise_media
from hotline.intake.towns import town_called
from hotline.keys import sealed_words
from hotline.names import one_line
from hotline.tickets import numbers
from hotline.tickets.act import Together, act
from hotline.tickets.fields import BODY_TEXT
from hotline.tickets.names import ActionName
from hotline.tickets.points import kept
from hotline.tickets.points.told import ToldPoint, district_of, in_the_city
from hotline.tickets.privacy.redact import person_of
from hotline.tickets.roles import SYSTEM, Actor
from hotline.tickets.search import indexing
from hotline.tickets.vocabulary import CHANNELS, PRIVACIES, REQUEST_TYPES, URGENCIES
from models import Call, Receipt, Ticket, TicketText
from models.store.rows import insert_new, insert_once
from webhooks.numbers import LONGEST_TOLD, read_phone


@dataclass(frozen=True)
class Contact:
    """What is known when somebody contacts the hotline; everything but the words may be missing.

    outer_source + outer_number: the other platform's own number; the pair makes one ticket for ever.
    phone: what was told as the number, in whatever writing; it never refuses the matter. phone_told, other_phones: filled by
    `checked` from what the phone says beyond the one number.
    urgency: empty while nobody has said: the words say it then.
    handle: the account at a channel by which they wrote, "wechat:oGZ…": who they are then, whatever number they tell.
    once: a key that makes a repeated submit (double click, retry) the same ticket.
    quiet: nobody is texted about it until the citizen is heard from again.
    town_code: the town whose page or window it came by: the place of the matter. category_hint: what another system calls
    it, which decides nothing. media: addresses of pictures and sounds that are fetched later.
    point: where on the map; of a sealed matter nothing but its district is kept.
    """

    body: str
    title: str = ""
    channel: str = "hotline"
    phone: str = ""
    phone_told: str = ""
    other_phones: tuple[str, ...] = ()
    name: str = ""
    request_type: str = "help"
    urgency: str = ""
    privacy: str = "masked"
    category: str | None = None
    area: str | None = None
    street: str | None = None
    place: str = ""
    point: ToldPoint | None = None
    language: str = "zh"
    outer_source: str | None = None
    outer_number: str | None = None
    outer_due_at: datetime | None = None
    town_code: str | None = None
    category_hint: str | None = None
    media: tuple[str, ...] = ()
    call_id: int | None = None
    happened_at: datetime | None = None
    handle: str = ""
    once: str | None = None
    quiet: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def open_ticket(
    db: Session, city: City, contact: Contact, actor: Actor, now: datetime, *, submit: bool = True
) -> Ticket:
    """Make the ticket and hand it in, in the caller's transaction; a contact told twice returns the first ticket.

    submit=False keeps it as the agent's draft. Raises Refusal with one sentence per wrong field.
    """
    (ticket,) = open_tickets(db, city, [checked(contact, city)], actor, now, submit=submit)
    return db.get_one(Ticket, ticket.id)


def open_tickets(
    db: Session, city: City, contacts: Sequence[Contact], actor: Actor, now: datetime, *, submit: bool = True
) -> list[Ticket]:
    """As `open_ticket` for several checked contacts at once, in a few statements however many they are.

    Returns their tickets in order; those told before are the tickets they became then. The new ones are to be
    read only: the session does not know them.
    """
    numbered = list(zip(contacts, numbers.next_ids(db, len(contacts)), strict=True))
    fresh = [(contact, ticket_id) for contact, ticket_id in numbered if first_told(db, city, contact, ticket_id, now)]
    told = [contact for contact, _id in fresh]
    citizens = citizens_by_phone(db, [(one.phone, one.name, one.language) for one in told if not one.handle], now)
    citizens |= citizens_by_handle(db, [(one.handle, one.name, one.language) for one in told if one.handle], now)
    made = {
        ticket_id: new_ticket(city, contact, ticket_id, citizens.get(contact.handle or contact.phone), actor, now)
        for contact, ticket_id in fresh
    }
    acts = Together()
    if submit:
        for ticket in made.values():
            act(db, city, ticket, ActionName.SUBMIT, actor if actor.kind == "staff" else SYSTEM, now, together=acts)
    sealed_words.seal([*made.values(), *(ticket.text for ticket in made.values())], made.values())
    sealed_words.seal((event for event, _move in acts.stories), made.values())
    insert_new(db, list(made.values()))
    insert_new(db, [ticket.text for ticket in made.values()])
    insert_new(db, [kept.row_of(number, one.point, now) for one, number in fresh if one.point is not None])
    acts.write(db, now)
    promise_media(
        db,
        [(ticket_id, contact.outer_source or "", len(contact.media)) for contact, ticket_id in fresh if contact.media],
        now,
    )
    indexing.index_new(db, list(made.values()))
    for contact, ticket_id in fresh:
        if contact.call_id:
            _join_call(db, contact.call_id, made[ticket_id])
    return [made.get(ticket_id) or _already_told(db, contact) for contact, ticket_id in numbered]


def checked(contact: Contact, city: City) -> Contact:
    """The contact with its fields made clean. Raises Refusal naming every wrong field."""
    problems: dict[str, str] = {}
    body = contact.body.replace("\x00", "").replace("\r\n", "\n").strip()
    if not plain(body).strip():
        problems["body"] = _("请写下诉求内容。")
    elif len(body) > BODY_TEXT:
        problems["body"] = _(
            "诉求内容最多 %(most)d 个字，现在是 %(now)d 个字。请把最重要的写在这里，其余作为附件上传。",
            most=BODY_TEXT,
            now=len(body),
        )
    for name, value, known in (
        ("channel", contact.channel, CHANNELS),
        ("request_type", contact.request_type, REQUEST_TYPES),
        ("urgency", contact.urgency, URGENCIES),
        ("privacy", contact.privacy, PRIVACIES),
        ("category", contact.category, city.categories),
        ("area", contact.area, city.areas),
        ("category", contact.category_hint, city.categories),
    ):
        if value and value not in known:
            problems[name] = _("没有“%(value)s”这个选项，请从列表中选择。", value=str(value)[:40])
    town = city.units.get(town_called(city, contact.town_code or "") or "")
    if contact.town_code and town is None:
        problems["town_code"] = _(
            "没有“%(value)s”这个乡镇或街道，或有几个同名；请写它的代码，或区县加全名。", value=contact.town_code[:40]
        )
    try:
        found = district_of(city, in_the_city(city, contact.point)) if contact.point else None
    except Refusal as refusal:
        problems["place"] = refusal.sentence
    if problems:
        raise Refusal(" ".join(problems.values()), code="invalid_form", problems=problems)
    cleaned = {
        "body": body,
        **_number_of(contact, city),
        "name": one_line(contact.name)[:64],
        "place": one_line(contact.place)[:300],
        "category": contact.category or None,
        "town_code": town.code if town else None,
        "area": contact.area or (town.area if town else None) or found,
        "point": None if contact.privacy == "sealed" else contact.point,
        "street": contact.street or (town.name if town else None),
        "title": one_line(contact.title)[:200],
    }
    return Contact(**{**contact.__dict__, **cleaned})


def _number_of(contact: Contact, city: City) -> dict[str, Any]:
    """The one number that counts, the others, and the words they were told in where these say more."""
    read = read_phone(contact.phone.replace("\x00", ""), city.area_code)
    if not read.says_more:
        return {"phone": read.number, "phone_told": contact.phone_told[:LONGEST_TOLD]}
    return {"phone": read.number, "phone_told": read.told if read.says_more else "", "other_phones": read.others}


def new_ticket(
    city: City,
    contact: Contact,
    ticket_id: int,
    citizen_id: int | None,
    actor: Actor,
    now: datetime,
    *,
    created_at: datetime | None = None,
) -> Ticket:
    """A draft that is not in the session. created_at: when it was told to another system, if that was not to us now."""
    extra = dict(contact.extra)
    if contact.happened_at:
        extra["happened_at"] = contact.happened_at.isoformat()
    if contact.category_hint:
        extra["category_hint"] = contact.category_hint
    if contact.media:
        extra["media"] = media_rows(contact.media)
    ticket = Ticket(
        id=ticket_id,
        number=numbers.number_of(city, ticket_id, now),
        code_generation=1,
        former_code="",
        state="draft",
        version=1,
        move_count=1,
        round=1,
        channel=contact.channel,
        title=contact.title or title_of(contact.body),
        request_type=contact.request_type,
        urgency=contact.urgency or "normal",
        urgency_by="person" if contact.urgency else None,
        privacy=contact.privacy,
        category_code=contact.category,
        area=contact.area,
        street=contact.street,
        citizen_id=citizen_id,
        contact_name=contact.name or None,
        contact_phone=contact.phone or None,
        outer_source=contact.outer_source,
        outer_number=contact.outer_number,
        outer_due_at=contact.outer_due_at,
        town_code=contact.town_code,
        call_id=contact.call_id,
        created_at=created_at or now,
        moved_at=now,
        agent_id=actor.id if actor.kind == "staff" else None,
        quiet=contact.quiet,
        text=TicketText(
            ticket_id=ticket_id,
            body=contact.body,
            place=contact.place or None,
            extra=extra,
            phone_told=contact.phone_told or None,
            other_phones=" ".join(contact.other_phones)[:LONGEST_TOLD] or None,
        ),
    )
    ticket.text.public_title = mask(ticket.title, person_of(ticket))
    return ticket


def _receipt_key(contact: Contact) -> tuple[str, str] | None:
    """Provider and event id of this contact, when it has any."""
    if contact.outer_source and contact.outer_number:
        return contact.outer_source, contact.outer_number[:120]
    return ("form", contact.once[:120]) if contact.once else None


def first_told(db: Session, city: City, contact: Contact, ticket_id: int, now: datetime) -> bool:
    """False when this contact was told before. Of two transactions at once the second waits here for the first to end."""
    key = _receipt_key(contact)
    if key is None:
        return True
    made = insert_once(
        db,
        Receipt,
        ["provider", "kind", "event_id"],
        provider=key[0],
        kind="contact",
        event_id=key[1],
        received_at=now,
        ticket_id=ticket_id,
        result={"number": numbers.number_of(city, ticket_id, now), "words": print_of_words(contact.body)},
    )
    if made is not None and contact.outer_number:
        keep_writing(db, *key, ticket_id, now)
    return made is not None


def other_words(db: Session, contact: Contact) -> bool:
    """Whether the number of this contact was told before with other words; words that are not known any more say nothing."""
    if not (contact.outer_source and contact.outer_number):
        return False
    said = told_before(db, contact.outer_source, [contact.outer_number]).get(contact.outer_number, "")
    return said not in ("", print_of_words(contact.body))


def is_told(db: Session, contact: Contact) -> bool:
    """Whether this very contact was told before, and is a ticket already."""
    provider, event_id = _receipt_key(contact) or ("", "")
    told = Receipt.provider == provider, Receipt.kind == "contact", Receipt.event_id == event_id
    return db.scalar(select(Receipt.id).where(*told)) is not None


def _already_told(db: Session, contact: Contact) -> Ticket:
    provider, event_id = _receipt_key(contact) or ("", "")
    return db.scalars(
        select(Ticket)
        .join(Receipt, Receipt.ticket_id == Ticket.id)
        .where(Receipt.provider == provider, Receipt.kind == "contact", Receipt.event_id == event_id)
    ).one()


def _join_call(db: Session, call_id: int, ticket: Ticket) -> None:
    call = db.get(Call, call_id)
    if call is not None:
        call.ticket_id = ticket.id
        call.citizen_id = ticket.citizen_id or call.citizen_id
