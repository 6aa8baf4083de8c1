"""The processes that work beside the pages, and what the clock has done today."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base

SILENT = timedelta(minutes=1)
"""A process that has shown no sign of life for so long is dead or hangs."""

STUCK = timedelta(minutes=2)
"""A job that one worker has had in its hands for so long is stuck."""


class Process(Base):
    """A worker or a clock. seen_at: its last sign of life. job_id, busy_since: what it has in its hands."""

    __tablename__ = "process"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    job_id: Mapped[int | None]
    busy_since: Mapped[datetime | None]


class DailyTask(Base):
    """The city's day on which a daily task was last done: whoever is the clock does it once a day, however often clocks change."""

    __tablename__ = "daily_task"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    done_on: Mapped[date]
