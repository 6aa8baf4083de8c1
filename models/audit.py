"""Who looked at, revealed, exported, changed or signed in to what: append-only, sealed into a hash chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class Audit(Base):
    """One row per sensitive action outside a ticket's own story (logins, reveals, views, exports, settings).

    mark: with which the program wrote it (`hotline.tickets.seals.log_marks`).
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(32))
    actor_kind: Mapped[str] = mapped_column(String(8))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(64))
    ticket_id: Mapped[int | None]
    subject: Mapped[str | None] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    mark: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (
        Index("ix_audit_at", "at"),
        Index("ix_audit_ticket_id", "ticket_id"),
        Index("ix_audit_actor_id", "actor_id", "at"),
    )


class LogArchive(Base):
    """Rows of a log that were taken out with their year: first_id … last_id, so many, into a file or for good.

    digest: of the file. mark: with which the program wrote this, under the key of the seals; without it the rows are missing.
    """

    __tablename__ = "log_archive"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    log: Mapped[str] = mapped_column(String(16))
    year: Mapped[int]
    first_id: Mapped[int]
    last_id: Mapped[int]
    rows: Mapped[int]
    file: Mapped[str | None] = mapped_column(String(120))
    digest: Mapped[str | None] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(String(64))


class RowSeal(Base):
    """A keyed mark of what a row that may change said when the program wrote it; the newest one of a row holds.

    log_of: the row's table. digest: "-" when the program itself removed the row.
    """

    __tablename__ = "row_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    log_of: Mapped[str] = mapped_column(String(16))
    row_id: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index("ix_row_seal_row_id", "log_of", "row_id", "id"),)


class Seal(Base):
    """A link of the hash chain: the digest of a run of rows of one log, and of the link before.

    version: 1, plain SHA-256; 2, keyed (see `hotline.tickets.privacy.audit`).
    log: ticket_event, audit or row_seal. first_id … last_id: the rows the link covers; rows: how many there were.
    marks: a short mark of each row, so that it can be said which was changed.
    """

    __tablename__ = "seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    log: Mapped[str] = mapped_column(String(16))
    first_id: Mapped[int]
    last_id: Mapped[int]
    rows: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    sealed_at: Mapped[datetime]
    marks: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __table_args__ = (Index("uq_seal_log", "log", "last_id", unique=True),)
