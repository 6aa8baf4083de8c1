"""A ticket in the state a test needs, and what has become of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.tickets.act import lock
from models import Staff, Ticket, TicketEvent
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]


def ready(life: Life, state: str = "handling") -> Ticket:
    """A committed ticket in this state."""
    ticket = life.to(state)
    life.db.commit()
    return ticket


def fresh(life: Life, ticket: Ticket) -> Ticket:
    life.db.rollback()
    return lock(life.db, ticket.id)


def events(life: Life, ticket: Ticket) -> list[str]:
    life.db.rollback()
    return list(
        life.db.scalars(select(TicketEvent.action).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id))
    )


def reply_form(life: Life, ticket: Ticket, **more: Any) -> dict[str, Any]:
    return {**life.answers("reply", ticket), "contacted_at": "2026-03-04T09:30", "seen": ticket.move_count, **more}
