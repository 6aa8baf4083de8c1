"""A person who contacts the hotline; a phone number alone is identity enough."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class Citizen(Base):
    """phone is in E.164-like digits (no spaces), unique; language: zh or en; no_texts: asked us not to text."""

    __tablename__ = "citizen"

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str | None] = mapped_column(String(32), unique=True)
    name: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2), default="zh")
    address: Mapped[str | None] = mapped_column(String(300))
    no_texts: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
