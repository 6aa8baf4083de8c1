"""Codes by which a citizen sees all own matters: one row for each time somebody asked, whether we know the number or not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import HiddenPhones


class OwnListCode(Base):
    """Somebody asked for the list of a number. The code is computed from the row (`hotline.keys.codes`) and lies nowhere.

    tries: wrong codes given so far. used_at: when the right one was given; it opens the list once.
    """

    __tablename__ = "own_list_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(HiddenPhones)
    asked_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_own_list_code_phone", "phone", "asked_at"),)
