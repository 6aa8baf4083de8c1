"""What the outside told us: the raw words first, and a receipt so that hearing it twice changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden


class Receipt(Base):
    """We were told this already: provider + kind + event id, unique. result: what we answered the first time.

    answer: where a form went onward, with the words it was told: the second press of it is answered the same.

    ticket_id is no foreign key: the receipt is written before the ticket that bears this number.
    """

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(24))
    event_id: Mapped[str] = mapped_column(String(120))
    received_at: Mapped[datetime]
    ticket_id: Mapped[int | None]
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    answer: Mapped[str | None] = mapped_column(Hidden)

    __table_args__ = (Index("uq_receipt", "provider", "kind", "event_id", unique=True),)


class Inbound(Base):
    """The raw request of a provider or partner, stored before anything is made of it.

    digest: of the body by the installation's key, kept when the body is emptied.
    state: stored, handled, refused (with the sentence in `error`), or settled: refused, and somebody has seen to it.
    """

    __tablename__ = "inbound"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(24))
    received_at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Hidden)
    digest: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="stored")
    error: Mapped[str | None] = mapped_column(Hidden)
    handled_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_inbound_state", "state", "received_at"),)
