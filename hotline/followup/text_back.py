"""What we text back when a citizen texts: kept as a message like every other, few an hour, none to whom no text may go.

Two machines that answer each other never stop by themselves, so answers are counted for each number.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City
from hotline.messages.compose import SMS, channel_of, takes_texts
from models import Citizen, Message, Ticket

MOST_AN_HOUR = 4
"""Answers of these kinds to one number within an hour; then one sentence says so, and then there is silence."""

ONCE_A_DAY = frozenset({"sms_not_understood", "sms_no_matter", "mail_locked"})
KINDS = frozenset(
    {"sms_added", "urged", "survey_closed", "sms_state", "sms_to_person", "sms_picture", "sms_texts_on", *ONCE_A_DAY}
)
ENOUGH = "sms_enough"


def text_back(
    db: Session, city: City, citizen: Citizen, key: str, now: datetime, *, ticket: Ticket | None = None, **values: Any
) -> str:
    """The words to answer with, kept as a message that has gone out; "" when there is to be no answer."""
    if not takes_texts(citizen):
        return ""
    if key in ONCE_A_DAY and _sent(db, citizen, (key,), now - timedelta(days=1)):
        return ""
    lately = now - timedelta(hours=1)
    if _sent(db, citizen, KINDS, lately) >= MOST_AN_HOUR:
        if _sent(db, citizen, (ENOUGH,), lately):
            return ""
        key, values = ENOUGH, {"hotline": city.hotline_number}
    return _keep(db, city, citizen, key, now, ticket, values)


def send_after_all(db: Session, citizen: Citizen, text: str, now: datetime) -> None:
    """The answer was found when nobody waited for it on the line any more: it is sent as a text of its own."""
    kept = (
        db.scalar(
            select(Message)
            .where(Message.citizen_id == citizen.id, Message.direction == "out", Message.created_at == now)
            .order_by(Message.id.desc())
            .limit(1)
        )
        if text
        else None
    )
    if kept is not None:
        kept.state, kept.sent_at = "queued", None
        outbox.enqueue(db, "send", key=f"send:back:{kept.id}", now=now, ticket_id=kept.ticket_id, message_id=kept.id)


def _keep(
    db: Session, city: City, citizen: Citizen, key: str, now: datetime, ticket: Ticket | None, values: dict[str, Any]
) -> str:
    text = city.texts[key].fill(citizen.language, **values)
    db.add(
        Message(
            ticket_id=ticket.id if ticket else None,
            citizen_id=citizen.id,
            direction="out",
            channel=channel_of(citizen),
            phone=citizen.phone if channel_of(citizen) == SMS else None,
            template_key=key,
            params={name: str(value) for name, value in values.items()},
            text=text,
            state="sent",
            created_at=now,
            sent_at=now,
        )
    )
    db.flush()
    return text


def _sent(db: Session, citizen: Citizen, keys: frozenset[str] | tuple[str, ...], since: datetime) -> int:
    return (
        db.scalar(
            select(func.count(Message.id)).where(
                Message.citizen_id == citizen.id,
                Message.direction == "out",
                Message.template_key.in_(keys),
                Message.created_at > since,
            )
        )
        or 0
    )
