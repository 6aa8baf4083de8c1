"""A text that is a matter of its own becomes a ticket; its number and query code are a notice of the ticket."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets.roles import SYSTEM
from models import Message, Ticket


def open_by_text(db: Session, city: City, heard: Message, words: str, now: datetime, told: str = "") -> Ticket:
    """heard: the message as it was kept; the provider's number for it makes the ticket one, however often it is told.

    told: what the network wrote for a number, when it is none.
    """
    contact = Contact(
        body=words,
        channel="sms",
        phone=heard.phone or "",
        phone_told=told,
        outer_source=heard.provider or "",
        outer_number=heard.provider_id or "",
    )
    ticket = open_ticket(db, city, contact, SYSTEM, now)
    heard.ticket_id = ticket.id
    return ticket
