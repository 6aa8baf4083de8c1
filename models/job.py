"""The outbox: one row for every job that must be run after the commit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Index, String, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden

LATE = timedelta(minutes=2)
"""A job that has waited longer than this after its moment is late: no worker runs, or each try fails."""

WAITING = text("done_at IS NULL AND failed_at IS NULL")


class Job(Base):
    """key is unique: the same job twice is one row. run_at: not before. attempts: tries so far.

    done_at: kept. failed_at: given up after the last attempt; the row stays for an operator.
    """

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    args: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ticket_id: Mapped[int | None]
    enqueued_at: Mapped[datetime]
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Hidden)
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_job_waiting", "run_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_job_failed_at", "failed_at"),
        Index("ix_job_ticket_id", "ticket_id"),
    )


def undone() -> ColumnElement[bool]:
    """Neither done nor given up."""
    return and_(Job.done_at.is_(None), Job.failed_at.is_(None))


def late(now: datetime) -> ColumnElement[bool]:
    """What pages, command, health and gauges all call late."""
    return and_(undone(), Job.run_at <= now - LATE)


def given_up() -> ColumnElement[bool]:
    """After the last try; it waits for an operator."""
    return and_(Job.failed_at.is_not(None), Job.done_at.is_(None))
