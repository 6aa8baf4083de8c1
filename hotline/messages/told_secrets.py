"""What opens something never lies in a stored text: a query code and the link of a question are put in when the text is on its
way to its citizen, and a new password is taken out once it was sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, and_, cast, or_, select
from sqlalchemy.orm import Session

from hotline.keys import codes
from hotline.tickets.privacy.query_codes import HIDDEN, for_staff
from models import Message, OwnListCode, Survey, Ticket

PASSWORD = "password"
WITHOUT_RECEIPT, MAY_BE_SENT_AGAIN = timedelta(days=1), timedelta(days=7)
"""So long a text is kept whole that may have arrived, and one that did not: somebody may send it again."""

AT_ONCE = 5_000
_PLACE_OF_LIST_CODE = re.compile(r"\{own_list:(\d{1,18})\}")
_PLACE_OF_LINK = re.compile(r"\{survey:(\d{1,18})\}")


def as_sent(db: Session, message: Message) -> tuple[str, dict[str, str]]:
    """The text and the values of its template as they go to their reader, with the code and the link.

    Only where the template asks for them, and only for the citizen of the message's own ticket: whoever writes such a place
    into words of their own gets nothing for it.
    """
    put = _secrets(db, message)
    values = {name: _put(str(value), put) for name, value in message.params.items()}
    return _put(message.text, put), values


def _secrets(db: Session, message: Message) -> dict[str, str]:
    return _of_ticket(db, message) | _of_list(db, message)


def _of_list(db: Session, message: Message) -> dict[str, str]:
    """The digits for the list of all own matters, to the number that the list is of."""
    told = _PLACE_OF_LIST_CODE.fullmatch(str(message.params.get("list_code") or ""))
    asked = db.get(OwnListCode, int(told[1])) if told else None
    return {told[0]: codes.own_list_code(db, asked)} if told and asked and asked.phone == message.phone else {}


def _of_ticket(db: Session, message: Message) -> dict[str, str]:
    ticket = db.get(Ticket, message.ticket_id) if message.ticket_id and message.citizen_id else None
    if ticket is None or ticket.citizen_id != message.citizen_id:
        return {}
    found = {}
    if message.params.get("query_code") == codes.PLACE_OF_CODE:
        found[codes.PLACE_OF_CODE] = codes.query_code(db, ticket)
    told = _PLACE_OF_LINK.search(str(message.params.get("link") or ""))
    survey = db.get(Survey, int(told[1])) if told else None
    if told and survey is not None and survey.own_id == ticket.id:
        found[told[0]] = codes.survey_token(db, survey)
    return found


def _put(text: str, secrets: Mapping[str, str]) -> str:
    for place, secret in secrets.items():
        text = text.replace(place, secret)
    return text


def spent(text: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a text whose password is spent."""
    kept = {name: value for name, value in params.items() if name != PASSWORD}
    return {"text": for_staff(text, dict(params)), "params": kept}


def spent_at_once(text: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """What changes the moment a text is on its way: a password is not kept for a second try, another one is made."""
    return spent(text, params) if PASSWORD in params else {}


def is_spent(message: Message) -> bool:
    """Whether sending it again would tell its reader nothing."""
    return HIDDEN in message.text


def forget_spent(db: Session, now: datetime) -> int:
    """Take the passwords out of the texts that have arrived or will not be sent again. Returns how many were changed."""
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
            cast(Message.params, Text).contains(f'"{PASSWORD}"', autoescape=True),
            over,
        )
        .limit(AT_ONCE)
    ).all()
    for message in rows:
        for name, value in spent(message.text, message.params).items():
            setattr(message, name, value)
    db.flush()
    return len(rows)
