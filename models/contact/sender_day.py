"""What one sender of texts did on one day: how much it carried, what that cost, and what it would not carry."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden


class SenderDay(Base):
    """One row per sender and day (UTC). sent: texts it took, pieces: what they are charged as, cost: in yuan.

    failed: tries that it refused or did not answer, with the last reason. undelivered: texts that it took and could not deliver.
    """

    __tablename__ = "sender_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    day: Mapped[date]
    sent: Mapped[int] = mapped_column(default=0)
    pieces: Mapped[int] = mapped_column(default=0)
    cost: Mapped[float] = mapped_column(default=0.0)
    failed: Mapped[int] = mapped_column(default=0)
    delivered: Mapped[int] = mapped_column(default=0)
    undelivered: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Hidden)

    __table_args__ = (Index("uq_sender_day", "provider", "day", unique=True),)
