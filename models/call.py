"""A telephone call, from the first ring to the rating after it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base


class Call(Base):
    """state: ringing, answered, ended, missed, transferred. asked_agent: the caller waited for a person.

    provider + provider_id are unique: a retry of the provider is the same call.
    rating: the key pressed after the call (5 very satisfied … 1 very dissatisfied), None when not rated.
    """

    __tablename__ = "call"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    provider_id: Mapped[str] = mapped_column(String(64))
    from_phone: Mapped[str] = mapped_column(String(32))
    to_phone: Mapped[str] = mapped_column(String(32))
    direction: Mapped[str] = mapped_column(String(8), default="in")
    state: Mapped[str] = mapped_column(String(12))
    asked_agent: Mapped[bool] = mapped_column(default=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizen.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    started_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    called_back_at: Mapped[datetime | None]
    transferred_to: Mapped[str | None] = mapped_column(String(16))
    rating: Mapped[int | None]
    rated_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_call_provider", "provider", "provider_id", unique=True),
        Index("ix_call_state", "state", "started_at"),
        Index("ix_call_started_at", "started_at"),
        Index("ix_call_from_phone", "from_phone", "id"),
        Index("ix_call_agent_id", "agent_id", "started_at"),
    )
