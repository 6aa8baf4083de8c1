"""What an act at a desk changed, kept for the seconds in which it can be taken back, and for ever that it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, exists
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import HiddenLeaves
from models.tickets.history import TicketEvent


class TakingBack(Base):
    """event_id: the act. changed: what its rows held before, and the numbers of the rows it made; emptied once undone.

    undone_at: when it was taken back; from then on no figure counts the act.
    """

    __tablename__ = "taking_back"

    event_id: Mapped[int] = mapped_column(ForeignKey("ticket_event.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    changed: Mapped[dict[str, Any]] = mapped_column(HiddenLeaves, default=dict)
    undone_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_taking_back_ticket_id", "ticket_id"),
        Index("ix_taking_back_undone_at", "undone_at"),
    )


def stands(event: Any = TicketEvent) -> ColumnElement[bool]:
    """The condition of every figure over the story: the act was not taken back. event: the table, or an alias of it."""
    return ~exists().where(TakingBack.event_id == event.id, TakingBack.undone_at.is_not(None))
