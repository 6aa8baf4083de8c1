"""Whether a citizen lets the city publish their matter: said when it is handed in or later, taken back at any time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.tickets.privacy import audit
from hotline.tickets.roles import Actor
from models import Publication, Ticket
from models.store.rows import insert_once


def publication_of(db: Session, ticket: Ticket) -> Publication | None:
    """The consent and what was made of it; None where there is no consent."""
    return db.scalar(select(Publication).where(Publication.ticket_id == ticket.id))


def may_be_public(ticket: Ticket) -> bool:
    """Never a sealed matter, nor one of somebody's safety."""
    return ticket.privacy != "sealed" and not ticket.safety and ticket.urgency != "critical"


def give(db: Session, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """Note the consent; a second one changes nothing. Raises Refusal for what is never published."""
    if not may_be_public(ticket):
        raise Refusal(_("保密的、涉及人身安全的诉求不会公开。"), code="never_public")
    by = actor.name if actor.kind == "staff" else None
    values = {"state": "waiting", "round": 0, "title": "", "request": "", "answer": ""}
    made = insert_once(db, Publication, ["ticket_id"], ticket_id=ticket.id, consented_at=now, consented_by=by, **values)
    if made is not None:
        audit.record(db, "public_consent", actor, now, ticket_id=ticket.id)


def take_back(db: Session, ticket: Ticket, actor: Actor, now: datetime) -> None:
    """From this moment on nothing of it is shown, and what was written for the public is gone."""
    gone = db.scalar(delete(Publication).where(Publication.ticket_id == ticket.id).returning(Publication.id))
    if gone is not None:
        audit.record(db, "public_consent_withdrawn", actor, now, ticket_id=ticket.id)
