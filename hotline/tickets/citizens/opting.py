"""Who wants no texts gets none until they, or somebody they asked at the desk, say otherwise; both are in the book."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.tickets.privacy import audit
from hotline.tickets.roles import Actor
from models import Citizen, Ticket


def stop_texts(db: Session, citizen: Citizen, by: Actor, now: datetime, ticket: Ticket | None = None) -> None:
    _set(db, citizen, True, by, now, ticket)


def resume_texts(db: Session, citizen: Citizen, by: Actor, now: datetime, ticket: Ticket | None = None) -> None:
    _set(db, citizen, False, by, now, ticket)


def _set(db: Session, citizen: Citizen, no_texts: bool, by: Actor, now: datetime, ticket: Ticket | None) -> None:
    """Written only when it changes something: a second TD is no second deed."""
    if citizen.no_texts == no_texts:
        return
    citizen.no_texts = no_texts
    audit.record(
        db,
        "texts_off" if no_texts else "texts_on",
        by,
        now,
        ticket_id=ticket.id if ticket else None,
        subject=f"citizen {citizen.id}",
    )
