"""A letter that came on paper: its scan, and what the machine read in it until a person has registered it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden


class LetterScan(Base):
    """state: waiting for its reading, read, unreadable (no words in it), unfinished (the machine had no time, or the reader died
    over it), or absent (no reader on this machine).

    text: what was read, untouched by anybody. seconds: how long it took. ticket_id: the matter it became; until then it stays.
    reading_since: when a worker took it in hand, None while it waits for one and when it is done. tries: how often one did.
    """

    __tablename__ = "letter_scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    text: Mapped[str | None] = mapped_column(Hidden)
    seconds: Mapped[float | None]
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    read_at: Mapped[datetime | None]
    reading_since: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))

    @property
    def put_off(self) -> bool:
        """The machine did not finish it and will try once more."""
        return self.state == "waiting" and self.tries > 0 and self.reading_since is None

    __table_args__ = (Index("ix_letter_scan_ticket_id", "ticket_id", "id"),)
