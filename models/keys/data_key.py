"""A key with which the program writes what must not be read in a stolen database; it lies here only wrapped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class DataKey(Base):
    """id stands in everything that was written with it. purpose: alike, words or codes (see `models.keys.key_ring`).

    wrapped: the key under the master key (RFC 3394), in base64. master: the fingerprint of that master key.
    """

    __tablename__ = "data_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(8))
    wrapped: Mapped[str] = mapped_column(String(128))
    master: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[datetime]

    __table_args__ = (Index("ix_data_key_purpose", "purpose", "id"),)
