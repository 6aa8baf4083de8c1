"""What 110, 119, 120 or 122 receives beside the voice: the matter's words by text, and what comes back is on the ticket.

The telephones are the body's own `duty_phones` in the city's file; without any the form on paper is all there is.
"""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City, Unit
from hotline.i18n import _, speaking
from hotline.messages.compose import LONGEST
from hotline.messages.notices import tell_role
from hotline.names import one_line
from hotline.tickets.act import act, lock
from hotline.tickets.names import ActionName, JobName
from hotline.tickets.privacy.redact import unit_words
from hotline.tickets.roles import SYSTEM, Role
from hotline.tickets.states import State
from models import Message, Ticket

KEY = "hand_over"
WORDS = 200
"""Characters of the matter: three texts on an old telephone, read while the voice is still talking."""
_LINK = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*://\S+|(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}(?![A-Za-z0-9])(?::\d+)?(?:/\S*)?)"
)
_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")


def send(db: Session, city: City, ticket: Ticket, body: str, now: datetime) -> list[Message]:
    """Text the matter to every telephone of the body: number, place, caller, words, and that its own number is asked for."""
    unit = city.units.get(body)
    if unit is None or unit.kind != "outside" or ticket.quiet:
        return []
    sealed = ticket.privacy == "sealed"
    with speaking("zh"):
        told = {
            "number": ticket.number,
            "at": ticket.created_at.astimezone(ZoneInfo(city.timezone)).strftime("%m-%d %H:%M"),
            "place": _("见内容") if sealed or not ticket.text.place else ticket.text.place[:60],
            "phone": _("已保密") if sealed or not ticket.contact_phone else ticket.contact_phone,
            "words": (unit_words(ticket) if sealed else ticket.text.body)[:WORDS],
        }
    said = {name: _plainly(value) for name, value in told.items()}
    return [_text(db, city, ticket, unit, phone, said, now) for phone in unit.duty.phones]


def _plainly(value: str) -> str:
    """A stranger's words go out under our name: on one line, with nothing hidden, and with nothing to tap."""
    return _LINK.sub(_("（网址从略）"), one_line(value))


def body_of(city: City, phone: str) -> Unit | None:
    """The body outside whose telephone this is."""
    return next((one for one in city.units.values() if one.kind == "outside" and phone in one.duty.phones), None)


def hear(db: Session, city: City, heard: Message, unit: Unit, now: datetime) -> None:
    """What the body texts back stands on the ticket it names, else on the last one it was handed, and a dispatcher is told.

    Nothing of it goes to the citizen by itself: a person reads it first and records the outcome.
    """
    ticket = _meant(db, heard)
    if ticket is None or not heard.text:
        return
    heard.ticket_id = ticket.id
    with speaking("zh"):
        words = _("%(body)s短信回复：%(text)s", body=city.unit_name(unit.code), text=heard.text.strip())
    act(db, city, lock(db, ticket.id), ActionName.NOTE, SYSTEM, now, {"text": words[:2000]})
    tell_role(db, city, ticket, "hand_over_heard", Role.DISPATCHER, now)


def _text(
    db: Session, city: City, ticket: Ticket, unit: Unit, phone: str, said: dict[str, str], now: datetime
) -> Message:
    message = Message(
        ticket_id=ticket.id,
        unit_code=unit.code,
        direction="out",
        channel="sms",
        phone=phone,
        template_key=KEY,
        params=said,
        text=city.texts[KEY].fill("zh", **said)[:LONGEST],
        state="queued",
        created_at=now,
    )
    db.add(message)
    db.flush()
    outbox.enqueue(db, JobName.SEND, key=f"send:over:{message.id}", now=now, ticket_id=ticket.id, message_id=message.id)
    return message


def _meant(db: Session, heard: Message) -> Ticket | None:
    """Only a ticket that was handed to this very telephone: who texts us cannot write on another."""
    handed = (
        select(Ticket)
        .join(Message, Message.ticket_id == Ticket.id)
        .where(Message.template_key == KEY, Message.phone == heard.phone, Ticket.state == State.TRANSFERRED)
        .order_by(Message.id.desc())
    )
    if named := _NUMBER.search(heard.text or ""):
        return db.scalar(handed.where(Ticket.number == named[0]).limit(1))
    return db.scalar(handed.limit(1))
