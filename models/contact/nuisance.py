"""A mark on a caller's number, proposed by one person and decided by another; it blocks nobody and ends by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden, HiddenPhones


class NuisanceMark(Base):
    """state: proposed, standing, refused or lifted (after an appeal). It is in force while it stands and until_at has not come.

    reason: a code of the city's nuisance.yaml. proofs: numbers of tickets. An appeal that waits has appeal_at and no
    appeal_decided_at. All that people wrote, and the number, lies hidden; whoever is erased takes their marks along.
    """

    __tablename__ = "nuisance_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(HiddenPhones)
    state: Mapped[str] = mapped_column(String(12), default="proposed")
    reason: Mapped[str] = mapped_column(String(32))
    words: Mapped[str] = mapped_column(Hidden)
    proofs: Mapped[list[Any]] = mapped_column(default=list)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    proposed_by_name: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_by_name: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    decision_words: Mapped[str | None] = mapped_column(Hidden)
    until_at: Mapped[datetime | None]
    appeal_words: Mapped[str | None] = mapped_column(Hidden)
    appeal_at: Mapped[datetime | None]
    appeal_noted_by_name: Mapped[str | None] = mapped_column(String(64))
    appeal_decided_at: Mapped[datetime | None]
    appeal_decided_by_name: Mapped[str | None] = mapped_column(String(64))
    appeal_decision_words: Mapped[str | None] = mapped_column(Hidden)

    __table_args__ = (
        Index("ix_nuisance_mark_phone", "phone", "state"),
        Index("ix_nuisance_mark_state", "state", "until_at", "id"),
        Index("ix_nuisance_mark_proposed_by_id", "proposed_by_id"),
        Index("ix_nuisance_mark_decided_by_id", "decided_by_id"),
    )
