"""Matters whose waiting time is known beforehand: rows as `act` leaves them, without living each life."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from models import Ticket, TicketEvent, TicketText

_numbers = count(1)


def closed_ticket(
    db: Session,
    opened_at: datetime,
    closed_at: datetime | None,
    category: str | None = "0601",
    unit: str = "chengguan",
    action: str = "record",
    **more: Any,
) -> Ticket:
    """Flushed. Without `closed_at` it is still handled."""
    ticket = Ticket(
        number=f"9{next(_numbers):011d}", channel="hotline", title="路灯不亮", request_type="help",
        category_code=category, unit_code=unit, created_at=opened_at, submitted_at=opened_at, dispatched_at=opened_at,
        closed_at=closed_at, moved_at=closed_at or opened_at, **{"state": "closed" if closed_at else "handling", **more},
    )  # fmt: skip
    ticket.text = TicketText(body="路灯不亮，请修。", public_title="路灯不亮", public_body="路灯不亮，请修。")
    db.add(ticket)
    db.flush()
    if closed_at is not None:
        close_again(db, ticket, closed_at, action)
    return ticket


def close_again(db: Session, ticket: Ticket, at: datetime, action: str = "record") -> TicketEvent:
    event = TicketEvent(
        ticket_id=ticket.id, at=at, action=action, from_state="to_follow_up", to_state="closed", round=1,
        actor_kind="citizen", actor_name="市民", unit_code=ticket.unit_code,
    )  # fmt: skip
    db.add(event)
    db.flush()
    return event
