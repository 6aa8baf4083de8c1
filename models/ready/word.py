"""Words written once and used again, and the history of whatever is kept ready."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class ReadyWord(Base):
    """body: the words with {places} to be filled. owner_id: whose it is; None: everybody's. desk: where it is offered first.

    code: of one that came with the city's files; uses: how often it was put into a form. version: counts up with each change.
    retired_at: since when it is offered no more.
    """

    __tablename__ = "ready_word"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(String(32))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    desk: Mapped[str] = mapped_column(String(12), default="")
    title: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    uses: Mapped[int] = mapped_column(default=0)
    last_used_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by_name: Mapped[str] = mapped_column(String(64))
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_ready_word_code", "code", unique=True),
        Index("ix_ready_word_owner_id", "owner_id", "retired_at"),
    )


class ReadyChange(Base):
    """One change of a ready word or a macro, with what it said from then on. kind: word or macro; of_id: its number.

    deed: written, changed, retired or restored. said: the words, or the steps as JSON.
    """

    __tablename__ = "ready_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    of_id: Mapped[int]
    version: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    by_name: Mapped[str] = mapped_column(String(64))
    deed: Mapped[str] = mapped_column(String(12))
    desk: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(60))
    said: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_ready_change_of", "kind", "of_id", "id"), Index("ix_ready_change_by_id", "by_id"))
