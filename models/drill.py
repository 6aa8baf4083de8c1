"""What came of the nightly drill: a backup that was never restored is a hope and no backup."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class RestoreDrill(Base):
    """rows: of all tables of the backup. seconds: until it was restored and checked. problems: a sentence a line."""

    __tablename__ = "restore_drill"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    backup: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    seconds: Mapped[float]
    well: Mapped[bool]
    problems: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_restore_drill_at", "at"),)
