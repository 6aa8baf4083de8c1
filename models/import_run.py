"""A file of another system on its way in: uploaded, looked at, mapped by a person, and taken in piece by piece."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import HiddenJson


class ImportRun(Base):
    """state: looking, looked, refused, running, done or dropped. options: what the person said, `columns` among it.

    folder: where the file lies, below the installation's own. understood: what the preflight found; trouble: why the file was
    refused. rows: how many there are to take. position: how far into the rows it has come; counts and position change in the
    transaction that makes the tickets, so that a piece that was cut off is done again and counted once.
    """

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    by_name: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    folder: Mapped[str] = mapped_column(String(48), unique=True)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    understood: Mapped[dict[str, Any]] = mapped_column(HiddenJson, default=dict)
    state: Mapped[str] = mapped_column(String(12), default="looking")
    trouble: Mapped[str | None] = mapped_column(Text)
    looks: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    read: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    conflict: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_import_run_state", "state", "created_at"),)
