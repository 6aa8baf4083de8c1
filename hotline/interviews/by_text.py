"""A text that begins with the code word of a session is a question for it; everything else is a matter like any other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.intake.by_text import open_by_text
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.interviews.planning import by_code_word
from hotline.interviews.questions import CHANNEL, asked_enough, file
from hotline.tickets.roles import SYSTEM
from models import Message, Ticket


def open_question(db: Session, city: City, heard: Message, words: str, now: datetime) -> Ticket:
    """The ticket of a text, whole or put together from its parts; the provider's number for it makes it one.

    Beyond the measure of one number nothing is lost: it is a matter, and no question.
    """
    found = by_code_word(db, words, now)
    if found is None or asked_enough(db, found[0], heard.phone or ""):
        return open_by_text(db, city, heard, words, now)
    interview, question = found
    contact = Contact(
        body=question,
        channel=CHANNEL,
        phone=heard.phone or "",
        outer_source=heard.provider or "",
        outer_number=heard.provider_id or "",
        extra={"interview": interview.theme},
    )
    ticket = open_ticket(db, city, contact, SYSTEM, now)
    heard.ticket_id = ticket.id
    file(db, interview, ticket, "sms", now)
    return ticket
