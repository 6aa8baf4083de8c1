"""A file that belongs to a ticket; the bytes lie outside the web root under a random name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden

UNCHECKED, CLEAN, INFECTED, FAILED = "unchecked", "clean", "infected", "failed"
"""What the virus scanner said: nothing yet, two answers, and that it could not tell."""


class Attachment(Base):
    """stored_as: the random file name. side: citizen (may be shown to the citizen) or internal.

    ticket_id is None while the file belongs to a draft (draft_key) that is not saved yet.

    checked: one of the words above; found: the name of the virus, or why the scanner could not tell. tells_author: it may still say
    who made it, for that could not be taken out. copied_at: since when there is a copy on the second place; copy_read_at: when both
    were last read whole; copy_trouble: what was wrong with either then.
    """

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"))
    draft_key: Mapped[str | None] = mapped_column(String(80))
    side: Mapped[str] = mapped_column(String(8), default="internal")
    name: Mapped[str] = mapped_column(Hidden)
    stored_as: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(128))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    added_by_name: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    checked: Mapped[str] = mapped_column(String(10), default=UNCHECKED, server_default=UNCHECKED)
    checked_at: Mapped[datetime | None]
    found: Mapped[str | None] = mapped_column(String(120))
    tells_author: Mapped[bool] = mapped_column(default=False, server_default=false())
    copied_at: Mapped[datetime | None]
    copy_read_at: Mapped[datetime | None]
    copy_trouble: Mapped[str | None] = mapped_column(String(12))

    __table_args__ = (
        Index("ix_attachment_ticket_id", "ticket_id"),
        Index("ix_attachment_draft_key", "draft_key"),
        Index("ix_attachment_added_by_id", "added_by_id", "added_at"),
        Index("ix_attachment_checked", "checked", "checked_at"),
        Index("ix_attachment_copied_at", "copied_at"),
    )
