"""A practised call with what was said and filed, and an examination made of several."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import HiddenJson


class PracticeExam(Base):
    """rules: the examination as the city's file said it when it began. finished_at: when it was handed in; points, passed: what
    came of it. number: of the certificate, where it was passed; name: of the person, as the certificate says it."""

    __tablename__ = "practice_exam"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(32))
    rules: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    points: Mapped[float | None]
    passed: Mapped[bool | None]
    number: Mapped[str | None] = mapped_column(String(24), unique=True)

    __table_args__ = (
        Index("ix_practice_exam_staff_id", "staff_id", "started_at"),
        Index("ix_practice_exam_started_at", "started_at", "id"),
    )


class PracticeRun(Base):
    """script: the invented caller as the city's file said it then. exam_id, place: of which examination it is the how-manieth call.

    taken_at: None while it waits in an examination. said: [{who, words, ask}]; filed: the forms that were filled in, each with what
    the program would have made of it; done: how the call ended. scores: one row an item, see `hotline.practice.scoring`.
    coached_at: when a mentor talked over this and the other runs of its kind; coached_words: what was agreed.
    """

    __tablename__ = "practice_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    exam_id: Mapped[int | None] = mapped_column(ForeignKey("practice_exam.id"))
    place: Mapped[int] = mapped_column(default=0)
    script_code: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(32))
    script: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    done: Mapped[str | None] = mapped_column(String(12))
    said: Mapped[list[Any]] = mapped_column(HiddenJson, default=list)
    filed: Mapped[list[Any]] = mapped_column(HiddenJson, default=list)
    points: Mapped[float | None]
    passed: Mapped[bool | None]
    scores: Mapped[list[Any]] = mapped_column(default=list)
    coached_at: Mapped[datetime | None]
    coached_by_name: Mapped[str | None] = mapped_column(String(64))
    coached_words: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_practice_run_staff_id", "staff_id", "made_at"),
        Index("ix_practice_run_exam_id", "exam_id", "place"),
        Index("ix_practice_run_ended_at", "ended_at", "id"),
    )
