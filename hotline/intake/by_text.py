"""A text that is a matter of its own becomes a ticket; its number and query code are a notice of the ticket."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets.roles import SYSTEM
from hotline.tickets.vocabulary import CHANNELS
from models import Citizen, Message, Ticket


def open_by_text(db: Session, city: City, heard: Message, words: str, now: datetime, told: str = "") -> Ticket:
    """heard: the message as it was kept, by text, by an account or by mail; the provider's number for it makes the ticket one,
    however often it is told.

    told: what the network wrote for a number, when it is none.
    """
    ticket = open_ticket(db, city, contact_of(db, heard, words, told), SYSTEM, now)
    heard.ticket_id = ticket.id
    return ticket


def contact_of(db: Session, heard: Message, words: str, told: str = "") -> Contact:
    """Who wrote these words, and by which door."""
    citizen = db.get(Citizen, heard.citizen_id) if heard.citizen_id else None
    return Contact(
        body=words,
        title=str(heard.params.get("title") or ""),
        channel=heard.channel if heard.channel in CHANNELS else "web",
        phone=heard.phone or "",
        phone_told=told,
        name=(citizen.name or "") if citizen is not None and citizen.handle else "",
        handle=(citizen.handle or "") if citizen is not None else "",
        outer_source=heard.provider or "",
        outer_number=heard.provider_id or "",
    )
