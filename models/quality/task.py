"""A ticket that was drawn for a score sheet, from the draw to the last word on it, and each reading of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden


class QualityTask(Base):
    """sheet: the score sheet as it stood at the draw. readers: how many read it, blind to each other. scored_id: whose work it
    was; None where a unit's. state: open, differs (two readers lie apart: a third decides) or told.

    points: 0–100, of two readers the mean; fatal: a fatal question was answered with no. decision: stands or changed.
    coaching: the result asks for a talk; coached_at: when that was held.
    """

    __tablename__ = "quality_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    plan_code: Mapped[str] = mapped_column(String(32))
    sheet_code: Mapped[str] = mapped_column(String(32))
    sheet: Mapped[dict[str, Any]]
    readers: Mapped[int]
    drawn_on: Mapped[date]
    drawn_at: Mapped[datetime]
    scored_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    unit_code: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(8), default="open")
    points: Mapped[float | None]
    fatal: Mapped[bool] = mapped_column(default=False)
    told_at: Mapped[datetime | None]
    appeal_until: Mapped[datetime | None]
    appeal_words: Mapped[str | None] = mapped_column(Hidden)
    appealed_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(String(8))
    decision_words: Mapped[str | None] = mapped_column(Hidden)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_by_name: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    coaching: Mapped[bool] = mapped_column(default=False)
    coached_at: Mapped[datetime | None]
    coached_by_name: Mapped[str | None] = mapped_column(String(64))
    coached_words: Mapped[str | None] = mapped_column(Hidden)

    __table_args__ = (
        Index("uq_quality_task_once", "ticket_id", "sheet_code", unique=True),
        Index("ix_quality_task_state", "state", "id"),
        Index("ix_quality_task_told_at", "told_at", "id"),
        Index("ix_quality_task_scored_id", "scored_id", "told_at"),
        Index("ix_quality_task_unit_code", "unit_code", "told_at"),
        Index("ix_quality_task_drawn_on", "drawn_on", "plan_code"),
    )


class QualityScore(Base):
    """One person's answers to a sheet: {question: yes, partly, no or na}. kind: reading, settling (the third of two who differed)
    or appeal (what an appeal changed it to)."""

    __tablename__ = "quality_score"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("quality_task.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[str] = mapped_column(String(8))
    reader_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    reader_name: Mapped[str] = mapped_column(String(64))
    answers: Mapped[dict[str, Any]]
    points: Mapped[float]
    fatal: Mapped[bool]
    comment: Mapped[str | None] = mapped_column(Hidden)
    at: Mapped[datetime]

    __table_args__ = (
        Index("uq_quality_score_reader", "task_id", "reader_id", unique=True),
        Index("ix_quality_score_ticket_id", "ticket_id"),
        Index("ix_quality_score_reader_id", "reader_id", "at"),
    )
