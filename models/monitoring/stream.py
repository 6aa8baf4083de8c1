"""The stream that a monitoring body reads: one row for every act, turn of a clock, card and broken rule, in one order for ever."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class MonitorEntry(Base):
    """kind: act, clock_set, clock_met, clock_late, clock_ended, overrun, card, send_back, extension, objection, exclusion,
    violation, or withdrawn. what: the action, the clock, or the rule.

    id: the cursor; entries are written by one hand at a time, so that a smaller id never appears after a larger one was read.
    key: names the happening for ever. at: when it happened; kept_at: when it was written here. No words, no names, no numbers of
    people. event_id: the row of history, where it is one.
    """

    __tablename__ = "monitor_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[str] = mapped_column(String(16))
    what: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    kept_at: Mapped[datetime]
    event_id: Mapped[int | None]
    from_state: Mapped[str | None] = mapped_column(String(16))
    to_state: Mapped[str | None] = mapped_column(String(16))
    round: Mapped[int]
    actor_kind: Mapped[str | None] = mapped_column(String(8))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    unit_code: Mapped[str | None] = mapped_column(String(32))
    due_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_monitor_entry_ticket_id", "ticket_id", "id"),
        Index("ix_monitor_entry_event_id", "event_id"),
    )


class MonitorMark(Base):
    """How far the stream has read; whoever writes the stream holds this row. name: "stream", the only one.

    event_id: every row of history up to it is in the stream. ahead_id, ahead_at: the newest that was there at that moment; it
    becomes the mark some minutes later, when no transaction of that time can still be under way.
    looked_at: until when clocks and demands that ran out were looked for.
    """

    __tablename__ = "monitor_mark"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    event_id: Mapped[int] = mapped_column(default=0)
    ahead_id: Mapped[int] = mapped_column(default=0)
    ahead_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
