"""What a unit promised in a reply, and whether it was kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden


class ReplyPromise(Base):
    """One dated step of one reply. deed: what was promised (personal data masked); said: the words of the date.

    due_at: the end of the promised day. kept_at: when a later reply said that the matter is solved; moved_at: when a later
    reply came before the day and did not. Neither, and the day gone by: the promise is broken.
    """

    __tablename__ = "reply_promise"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"))
    round: Mapped[int]
    unit_code: Mapped[str | None] = mapped_column(String(32))
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    deed: Mapped[str] = mapped_column(Hidden)
    said: Mapped[str] = mapped_column(Hidden)
    kept_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_reply_promise_ticket_id", "ticket_id", "due_at"),
        Index("ix_reply_promise_due_at", "due_at"),
    )
