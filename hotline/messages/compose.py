"""Texts are written from the city's templates in the reader's language, and queued in the transaction that caused them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City
from hotline.i18n import speaking
from hotline.names import one_line
from models import Citizen, Message, Ticket
from models.store.rows import add_numbered
from webhooks.numbers import can_be_texted

Params = Mapping[str, Any] | Callable[[], Mapping[str, Any]]
"""The values of a template; a function is asked once in each language, where names must be said in it."""

LONGEST = 480
"""Characters of one text; what is longer is cut with a hint to the progress page."""


SMS, EMAIL, DESK = "sms", "email", "desk"


def channel_of(citizen: Citizen) -> str:
    """By which way this person is written to: the account they wrote from, else their mobile number; "" for none of them."""
    if citizen.no_texts or citizen.erased_at is not None:
        return ""
    if citizen.handle:
        return citizen.handle.partition(":")[0]
    return SMS if can_be_texted(citizen.phone) else ""


def takes_texts(citizen: Citizen) -> bool:
    """Only an account or a mobile number can read a text, and only of those who did not ask us to stop; the others are phoned."""
    return bool(channel_of(citizen))


def text_citizen(
    db: Session,
    city: City,
    citizen: Citizen | None,
    key: str,
    now: datetime,
    params: Mapping[str, Any],
    *,
    ticket: Ticket | None = None,
    at: datetime | None = None,
    once: str,
) -> Message | None:
    """Queue one text (or letter) to one citizen and enqueue its sending; None when nobody there can read a text, or the ticket is quiet.

    at: not before this moment. once: makes the sending unique (a retry of the job queues no second text).
    """
    if citizen is None or not takes_texts(citizen) or (ticket and ticket.quiet):
        return None
    channel = channel_of(citizen)
    filled = dict(params) if channel == EMAIL else {name: _short(value) for name, value in params.items()}
    text = city.texts[key].fill(citizen.language, **filled)
    message = Message(
        ticket_id=ticket.id if ticket else None,
        citizen_id=citizen.id,
        direction="out",
        channel=channel,
        phone=citizen.phone if channel == SMS else None,
        template_key=key,
        params=filled,
        text=text if channel == EMAIL else text[:LONGEST],
        state="queued",
        created_at=now,
    )
    add_numbered(db, message)
    outbox.enqueue(db, "send", key=f"send:{once}", now=now, at=at, ticket_id=message.ticket_id, message_id=message.id)
    return message


def tell_staff(
    db: Session,
    city: City,
    key: str,
    now: datetime,
    params: Params,
    *,
    ticket: Ticket | None = None,
    unit: str | None = None,
    role: str | None = None,
    staff_id: int | None = None,
    ends_with: str | None = None,
) -> Message:
    """A notice on the screens of a unit, of everybody with a role, or of one person; the words are kept in both languages.

    ends_with: what ends the matter (see `tickets.effects.noticed`).
    """
    (values, zh), (_values, en) = (_in_words(city, key, code, params) for code in ("zh", "en"))
    message = Message(
        ticket_id=ticket.id if ticket else None,
        staff_id=staff_id,
        unit_code=unit,
        role=role,
        direction="out",
        channel=DESK,
        template_key=key,
        params={**values, "en": en},
        text=zh,
        ends_with=ends_with,
        state="delivered",
        created_at=now,
        delivered_at=now,
    )
    db.add(message)
    return message


def _in_words(city: City, key: str, code: str, params: Params) -> tuple[Mapping[str, Any], str]:
    with speaking(code):
        values = params() if callable(params) else params
    return values, city.texts[key].fill(code, **values)


def _short(value: Any) -> str:
    """One parameter of a text: long answers are cut, the page behind the link has them whole."""
    text = one_line(str(value if value is not None else ""))
    return text if len(text) <= 120 else text[:119] + "…"
