"""What somebody above a unit demands of it on one ticket: with a number, a time, an answer and an end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden

UNDER_WAY = text("state <> 'closed'")
TO_RING = text("ring_at IS NOT NULL")


class Directive(Base):
    """kind: urge, supervision, instruction or explanation. state: open, answered, closed.

    number: as it is quoted on paper. readers: who may read it, " unit supervisor ", by name; None: whoever sees the ticket.
    ring_at: when somebody must be told that it is nearly due or late (None: nothing more). returned: how often the answer was
    not enough.
    """

    __tablename__ = "directive"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    number: Mapped[str | None] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12), default="open")
    round: Mapped[int]
    unit_code: Mapped[str | None] = mapped_column(String(32))
    asked: Mapped[str] = mapped_column(Hidden)
    readers: Mapped[str | None] = mapped_column(String(120))
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    given_by_name: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime]
    due_at: Mapped[datetime]
    ring_at: Mapped[datetime | None]
    returned: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str | None] = mapped_column(Hidden)
    answered_by_name: Mapped[str | None] = mapped_column(String(64))
    answered_at: Mapped[datetime | None]
    result: Mapped[str | None] = mapped_column(Hidden)
    closed_by_name: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_directive_ticket_id", "ticket_id", "id"),
        Index("ix_directive_under_way", "kind", "due_at", sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
        Index("ix_directive_ring_at", "ring_at", sqlite_where=TO_RING, postgresql_where=TO_RING),
    )
