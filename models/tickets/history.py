"""The story of a ticket: append-only, one row for every move and every side event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.store.db import Base
from models.store.hidden import SealedLeaves
from models.tickets.ticket import Ticket


class TicketEvent(Base):
    """One thing that happened. `data` holds the answers of the action's form, never a contact's phone.

    actor_kind: staff, citizen, clock or system. unit_code: the lead unit when it happened.
    from_state and to_state are equal for side events. mark: with which the program wrote it.
    """

    __tablename__ = "ticket_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(24))
    from_state: Mapped[str | None] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    round: Mapped[int]
    actor_kind: Mapped[str] = mapped_column(String(8))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    actor_name: Mapped[str] = mapped_column(String(64))
    actor_unit: Mapped[str | None] = mapped_column(String(32))
    unit_code: Mapped[str | None] = mapped_column(String(32))
    data: Mapped[dict[str, Any]] = mapped_column(SealedLeaves, default=dict)
    mark: Mapped[str | None] = mapped_column(String(40))
    ticket: Mapped[Ticket] = relationship()

    __table_args__ = (
        Index("ix_ticket_event_ticket_id", "ticket_id", "id"),
        Index("ix_ticket_event_action_at", "action", "at"),
        Index("ix_ticket_event_actor_id", "actor_id", "at"),
    )
