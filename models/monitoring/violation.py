"""A rule of the trade that was broken: derived from a ticket's history, once each, and withdrawn by a person only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden


class Violation(Base):
    """One rule of the city's monitoring.yaml, broken once on one ticket.

    key: names the breach for ever, by the rule and the clock, the act or the demand it rests on ("signed_late:d12"); whoever
    derives all of them anew comes to the same keys. unit_code: who answers for it. staff_id: who had it in hand by then, as far
    as the history tells. at: when the rule was broken; found_at: when it was noticed.
    lapsed_at: since when the history no longer bears it out (more time was granted afterwards). withdrawn_at … reason: who took
    it back, and why; the act itself stands in the ticket's history.
    """

    __tablename__ = "violation"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    rule: Mapped[str] = mapped_column(String(32))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    unit_code: Mapped[str | None] = mapped_column(String(32))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    found_at: Mapped[datetime]
    lapsed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_name: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(Hidden)

    __table_args__ = (
        Index("ix_violation_ticket_id", "ticket_id", "id"),
        Index("ix_violation_unit_code", "unit_code", "at"),
        Index("ix_violation_at", "at", "id"),
    )
