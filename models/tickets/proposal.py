"""What triage proposed, with its reasons, and what a person decided instead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden, HiddenLeaves, SealedLeaves


class Proposal(Base):
    """ranked: [{code, p, words}], helpers: [unit codes], limits: {clock: limit}, reasons: sentences a person reads.

    confidence is the probability (0–1) that the first category is right; sure is True when the city's
    threshold is reached and nothing forbids sending it without a person.
    units: {kind, odds: [[unit code, p]], set: [unit codes] or None, stated}: who else it could be, and the set that holds the
    right one in `stated` of the cases, as it was told then; {} before sets were told.
    """

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    at: Mapped[datetime]
    model: Mapped[str] = mapped_column(String(64))
    release: Mapped[str] = mapped_column(String(16))
    ranked: Mapped[list[Any]] = mapped_column(SealedLeaves, default=list)
    category_code: Mapped[str | None] = mapped_column(String(16))
    request_type: Mapped[str | None] = mapped_column(String(16))
    urgency: Mapped[str] = mapped_column(String(16), default="normal")
    unit_code: Mapped[str | None] = mapped_column(String(32))
    helpers: Mapped[list[Any]] = mapped_column(default=list)
    limits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    place: Mapped[dict[str, Any]] = mapped_column(HiddenLeaves, default=dict)
    units: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rule_id: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[float] = mapped_column(default=0.0)
    sure: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[Any]] = mapped_column(SealedLeaves, default=list)

    __table_args__ = (
        Index("ix_proposal_ticket_id", "ticket_id", "id"),
        Index("ix_proposal_at", "at"),
        Index("ix_proposal_rule_id", "rule_id", "id"),
    )


class Correction(Base):
    """A person chose something else than what was proposed: the material a model learns from.

    about: category, unit, request_type, urgency, reply …; source: dispatch, objection, ruling, merge, review.
    Of replies every judgement is kept, those that agree with the advice too: "pass" or "redo:R01,R09".
    """

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    about: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(16))
    proposed: Mapped[str | None] = mapped_column(String(64))
    chosen: Mapped[str] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(Hidden)

    __table_args__ = (
        Index("ix_correction_ticket_id", "ticket_id"),
        Index("ix_correction_at", "at"),
        Index("ix_correction_proposal_id", "proposal_id"),
    )
