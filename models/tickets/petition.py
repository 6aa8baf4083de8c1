"""Petitions: somebody asks, somebody else decides, the ticket does not move meanwhile. And precedents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden, SealedLeaves

ASKED = text("state = 'asked'")


class Petition(Base):
    """kind: extension, wait, split, exclusion, supervision, interview, final_close, or sign_off (data: the reply as written).

    state: asked, granted, refused, withdrawn.

    At most one petition of a kind is open per ticket (partial unique index).
    """

    __tablename__ = "petition"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12), default="asked")
    round: Mapped[int]
    unit_code: Mapped[str | None] = mapped_column(String(32))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    asked_by_name: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Hidden)
    data: Mapped[dict[str, Any]] = mapped_column(SealedLeaves, default=dict)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_by_name: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(Hidden)

    __table_args__ = (
        Index("uq_petition_open", "ticket_id", "kind", unique=True, sqlite_where=ASKED, postgresql_where=ASKED),
        Index("ix_petition_ticket_id", "ticket_id"),
        Index("ix_petition_state_kind", "state", "kind", "asked_at"),
    )


class Precedent(Base):
    """A binding ruling, kept so that the same dispute is not fought twice."""

    __tablename__ = "precedent"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    at: Mapped[datetime]
    category_code: Mapped[str | None] = mapped_column(String(16))
    area: Mapped[str | None] = mapped_column(String(32))
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    title: Mapped[str] = mapped_column(Hidden)
    reason: Mapped[str] = mapped_column(Hidden)
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    retired_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_precedent_category_code", "category_code", "area"),)
