"""The two levels of categories, as the city's files name them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class Category(Base):
    """code: two digits (level 1) or four (level 2). A category gone from the files is retired, never deleted."""

    __tablename__ = "category"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    name_en: Mapped[str] = mapped_column(String(96))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("category.code"))
    retired_at: Mapped[datetime | None]
