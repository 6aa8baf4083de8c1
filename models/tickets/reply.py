"""What a unit answered on its structured form, and what the reviewer said about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden


class Reply(Base):
    """A unit's reply of one round. Internal facts and the public answer are different columns.

    truth: true, partly, untrue, or unknown. outcome: solved, partly, unsolved. kind: final, interim or direct.
    contacted: yes or no, with how and when or why not. answered_at: when the citizen was told the result.
    beyond_kind: why it is beyond the unit's duty, when it says so. signed_off_by, signed_by_id, signed_at: the leader (or
    deputy) whose account signed it; of earlier replies only the name that was typed is known. helpers_note: what came of the
    assisting units that have not reported.
    """

    __tablename__ = "reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    round: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    unit_code: Mapped[str | None] = mapped_column(String(32))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    truth: Mapped[str | None] = mapped_column(String(8))
    contacted: Mapped[bool | None]
    contact_how: Mapped[str | None] = mapped_column(String(16))
    contacted_at: Mapped[datetime | None]
    no_contact_reason: Mapped[str | None] = mapped_column(Hidden)
    answered_citizen: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    facts: Mapped[str | None] = mapped_column(Hidden)
    measures: Mapped[str | None] = mapped_column(Hidden)
    outcome: Mapped[str | None] = mapped_column(String(8))
    outcome_reason: Mapped[str | None] = mapped_column(Hidden)
    beyond_duty: Mapped[bool] = mapped_column(default=False)
    beyond_kind: Mapped[str | None] = mapped_column(String(16))
    legal_basis: Mapped[str | None] = mapped_column(Hidden)
    handler: Mapped[str | None] = mapped_column(String(64))
    signed_off_by: Mapped[str | None] = mapped_column(String(64))
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    signed_at: Mapped[datetime | None]
    public_answer: Mapped[str] = mapped_column(Hidden)
    helpers_note: Mapped[str | None] = mapped_column(Hidden)

    __table_args__ = (Index("ix_reply_ticket_id", "ticket_id", "id"),)


class Review(Base):
    """A reviewer's judgement of one reply. verdict: pass or redo; reasons: the R codes.

    checklist: item code → yes, no or n/a. unclear is True when the result cannot be told from the reply.
    verdict is "undone" when the reviewer took it back before anything went out.
    at_once: how many questions one key answered. reread: drawn for quality control; agrees, words, by whom and when
    are what the second reader found.
    """

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"))
    round: Mapped[int]
    unit_code: Mapped[str | None] = mapped_column(String(32))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(String(8))
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    checklist: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str | None] = mapped_column(Hidden)
    release: Mapped[str | None] = mapped_column(String(16))
    at_once: Mapped[int | None]
    reread: Mapped[bool | None]
    reread_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reread_at: Mapped[datetime | None]
    reread_agrees: Mapped[bool | None]
    reread_words: Mapped[str | None] = mapped_column(Hidden)

    __table_args__ = (
        Index("ix_review_ticket_id", "ticket_id", "id"),
        Index("ix_review_at", "at"),
    )
