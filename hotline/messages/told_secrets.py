"""A text holds what opens something (a query code, the link of a question, a new password) only until it has reached its reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, and_, cast, or_, select
from sqlalchemy.orm import Session

from hotline.tickets.privacy.query_codes import HIDDEN, SECRET_PARAMS, for_staff
from models import Message

WITHOUT_RECEIPT, MAY_BE_SENT_AGAIN = timedelta(days=1), timedelta(days=7)
"""So long a text is kept whole that may have arrived, and one that did not: somebody may send it again."""

AT_ONCE = 5_000


def spent(text: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a text whose secrets are spent."""
    kept = {name: value for name, value in params.items() if name not in SECRET_PARAMS}
    return {"text": for_staff(text, dict(params)), "params": kept}


def spent_at_once(text: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """What changes the moment a text is on its way: a password is not kept for a second try, another one is made."""
    return spent(text, params) if "password" in params else {}


def is_spent(message: Message) -> bool:
    """Whether sending it again would tell its reader nothing."""
    return HIDDEN in message.text


def forget_spent(db: Session, now: datetime) -> int:
    """Take the secrets out of the texts that have arrived or will not be sent again. Returns how many were changed."""
    told = cast(Message.params, Text)
    over = or_(
        Message.state.in_(("delivered", "read")),
        and_(Message.state == "sent", Message.created_at < now - WITHOUT_RECEIPT),
        and_(Message.state.in_(("failed", "undelivered")), Message.created_at < now - MAY_BE_SENT_AGAIN),
    )
    rows = db.scalars(
        select(Message)
        .where(
            Message.channel != "desk",
            Message.direction == "out",
            or_(*(told.contains(f'"{name}"', autoescape=True) for name in SECRET_PARAMS)),
            over,
        )
        .limit(AT_ONCE)
    ).all()
    for message in rows:
        for name, value in spent(message.text, message.params).items():
            setattr(message, name, value)
    db.flush()
    return len(rows)
