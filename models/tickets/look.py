"""Who has a ticket open on the screen just now, and who is writing there: a row a person and ticket, renewed while the page stands open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class TicketLook(Base):
    """at: the page's last sign. typed_at: when something was last typed into a form of the page.

    left_at: since then the person is not there: the deed was done, or the page was left.
    """

    __tablename__ = "ticket_look"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    at: Mapped[datetime]
    typed_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_ticket_look_at", "at"),)
