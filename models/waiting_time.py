"""How long matters like this took so far, as it was told on each day, and how often what was told came true."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class WaitingTime(Base):
    """Low to high working days, in which `share` of `tickets` matters of a kind were closed.

    category_code: of either level. unit_code, season: "" for all units, for the whole year.
    since, until: while it was told; the row in force has no `until`. A row is never changed, so that what was told on a day
    can be held against what came.
    """

    __tablename__ = "waiting_time"

    id: Mapped[int] = mapped_column(primary_key=True)
    category_code: Mapped[str] = mapped_column(String(16))
    unit_code: Mapped[str] = mapped_column(String(32))
    season: Mapped[str] = mapped_column(String(4))
    low: Mapped[int]
    high: Mapped[int]
    share: Mapped[float]
    tickets: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_waiting_time_kind", "category_code", "unit_code", "season", "since"),
        Index("ix_waiting_time_until", "until"),
    )


class WaitingCheck(Base):
    """Of the tickets of a top-level kind closed on the city's day: told something at their opening, and closed within it.

    stated: the sum of the shares that had been told with it.
    """

    __tablename__ = "waiting_check"

    day: Mapped[date] = mapped_column(primary_key=True)
    category_code: Mapped[str] = mapped_column(String(16), primary_key=True)
    told: Mapped[int]
    held: Mapped[int]
    stated: Mapped[float]
