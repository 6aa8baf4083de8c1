"""The clocks of a ticket: each deadline is a row, and the next bell is an indexed column."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.store.db import Base
from models.tickets.ticket import Ticket

RUNNING = text("ring_at IS NOT NULL")
NOT_STOPPED = text("stopped_at IS NULL")


class Deadline(Base):
    """One clock of one ticket in one round.

    clock: dispatch, sign, contact, objection, ruling, reply, feedback, review, redo, answer, judge, outer, wait, archive.
    soon_at: when four fifths of the time are used; from then on it is nearly due.
    ring_at: the next moment something must happen (None: nothing more); bell: which bell that is
    (half, most, yellow, due, red, final …). stopped_at: when the matter was done or cancelled;
    met: True when done in time, False when late, None when still running or cancelled.
    release: the city release whose limits were used.
    """

    __tablename__ = "deadline"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    clock: Mapped[str] = mapped_column(String(16))
    round: Mapped[int]
    unit_code: Mapped[str | None] = mapped_column(String(32))
    limit: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    first_due_at: Mapped[datetime]
    soon_at: Mapped[datetime | None]
    ring_at: Mapped[datetime | None]
    bell: Mapped[str | None] = mapped_column(String(16))
    rung: Mapped[int] = mapped_column(default=0)
    stopped_at: Mapped[datetime | None]
    met: Mapped[bool | None]
    end_reason: Mapped[str | None] = mapped_column(String(16))
    release: Mapped[str] = mapped_column(String(16))
    ticket: Mapped[Ticket] = relationship()

    __table_args__ = (
        Index("ix_deadline_ring_at", "ring_at", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_deadline_soon_at", "soon_at", "due_at", sqlite_where=NOT_STOPPED, postgresql_where=NOT_STOPPED),
        Index("ix_deadline_ticket_id", "ticket_id", "clock"),
        Index("ix_deadline_clock_started_at", "clock", "started_at"),
        Index("ix_deadline_clock_due_at", "clock", "due_at"),
        Index("ix_deadline_clock_stopped_at", "clock", "stopped_at"),
    )


class Pause(Base):
    """An interval in which a deadline did not run: a reason, a start and an end, never a sum."""

    __tablename__ = "pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"))
    reason: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_pause_deadline_id", "deadline_id"),)
