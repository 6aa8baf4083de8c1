"""Matters of many citizens (多人同诉), as they were found, and the tickets each is made of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class HotSpot(Base):
    """One matter of many. `key` stays while it grows; `title` and `place` hold no personal data.

    count: its tickets; people: its callers, each once. trend is above 1 while the last quarter of the time watched
    brought more than its share; heat fades as nothing new comes. warned_at: when the supervisors were warned, once.
    closed_at is None while it is hot.
    """

    __tablename__ = "hot_spot"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    area: Mapped[str | None] = mapped_column(String(32))
    place: Mapped[str | None] = mapped_column(String(64))
    category_code: Mapped[str | None] = mapped_column(String(16))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    count: Mapped[int]
    people: Mapped[int]
    heat: Mapped[float]
    trend: Mapped[float]
    looked_at: Mapped[datetime]
    warned_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_hot_spot_closed_at", "closed_at", "heat"),)


class HotTicket(Base):
    """A ticket's place in a hot spot; a ticket is in one at most."""

    __tablename__ = "hot_ticket"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    spot_id: Mapped[int] = mapped_column(ForeignKey("hot_spot.id"))

    __table_args__ = (Index("ix_hot_ticket_spot_id", "spot_id"),)
