"""A caller whom nobody answered is texted, once a day, that we will call back and how to reach us meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City
from hotline.messages.compose import text_citizen
from models import Call, Citizen, Message

PATIENCE = timedelta(minutes=2)
"""Most dial again at once; whoever is answered within this time gets no text."""

SAME_DAY = timedelta(days=1)


def enqueue_word(db: Session, call: Call, now: datetime) -> None:
    """Enqueue the text about a missed call, in the caller's transaction. Nobody is texted who hung up in the menu or hid the number."""
    if call.direction == "in" and call.asked_agent and call.from_phone:
        outbox.enqueue(db, "missed_call", key=f"missed:{call.id}", now=now, at=now + PATIENCE, call_id=call.id)


def send_word(db: Session, city: City, call: Call, now: datetime) -> Message | None:
    """The text, unless somebody has spoken with the citizen since, or the same words went out within a day."""
    citizen = db.scalar(select(Citizen).where(Citizen.phone == call.from_phone))
    if (
        call.state != "missed"
        or call.called_back_at
        or _reached_since(db, call)
        or _texted_lately(db, call.from_phone, now)
    ):
        return None
    return text_citizen(
        db, city, citizen, "missed_call", now, {"hotline": city.hotline_number}, once=f"missed:{call.id}"
    )


def _reached_since(db: Session, call: Call) -> bool:
    """They called again and were answered, or their next call rings just now."""
    again = select(Call.id).where(
        Call.from_phone == call.from_phone,
        Call.id > call.id,
        or_(Call.answered_at.is_not(None), Call.state == "ringing"),
    )
    return db.scalar(again.limit(1)) is not None


def _texted_lately(db: Session, phone: str, now: datetime) -> bool:
    lately = select(Message.id).where(
        Message.phone == phone, Message.template_key == "missed_call", Message.created_at > now - SAME_DAY
    )
    return db.scalar(lately.limit(1)) is not None
