"""Several actions that are done one after the other: named, kept, and run on a ticket as one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class Macro(Base):
    """steps: [{"action": …, "answers": {field: value}}], in the order in which they are done; what else as a ready word has it."""

    __tablename__ = "macro"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(String(32))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    desk: Mapped[str] = mapped_column(String(12), default="")
    title: Mapped[str] = mapped_column(String(60))
    steps: Mapped[list[Any]] = mapped_column(default=list)
    uses: Mapped[int] = mapped_column(default=0)
    last_used_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by_name: Mapped[str] = mapped_column(String(64))
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_macro_code", "code", unique=True),
        Index("ix_macro_owner_id", "owner_id", "retired_at"),
    )
