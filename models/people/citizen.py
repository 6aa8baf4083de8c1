"""A person who contacts the hotline; a phone number alone is identity enough, and so is an account at a channel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden, HiddenAlike, HiddenPhones


class Citizen(Base):
    """phone is in E.164-like digits (no spaces), unique; language: zh or en; no_texts: asked us not to text.

    handle: who they are at a channel that knows no number, "wechat:oGZ…" or "email:li@…", unique; such a person is answered
    there. A number that is told beside it is the ticket's own: whoever tells one has not proved that it is theirs.
    All that tells who it is lies hidden (`models.store.hidden`).
    """

    __tablename__ = "citizen"

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str | None] = mapped_column(HiddenPhones, unique=True)
    handle: Mapped[str | None] = mapped_column(HiddenAlike)
    name: Mapped[str | None] = mapped_column(HiddenAlike)
    language: Mapped[str] = mapped_column(String(2), default="zh")
    address: Mapped[str | None] = mapped_column(Hidden)
    no_texts: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Hidden)
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    __table_args__ = (Index("uq_citizen_handle", "handle", unique=True),)
