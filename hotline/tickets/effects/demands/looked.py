"""Whoever has done what there was to do looks at the ticket no more, and writes nothing there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from hotline.tickets.roles import Actor
from models import TicketLook


def leave(db: Session, ticket_id: int, actor: Actor, now: datetime) -> None:
    """A page that stays open gives its next sign by itself, and is there again."""
    if actor.id is None:
        return
    mine = (TicketLook.ticket_id == ticket_id, TicketLook.staff_id == actor.id)
    db.execute(update(TicketLook).where(*mine).values(left_at=now, typed_at=None))
