"""A live session with a guest, and the questions that were asked for it; each question has a ticket of its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden


class Interview(Base):
    """One session. channel: interview or broadcast, by which its questions count. state: planned, live, ended, or cancelled.
    theme, about: what everybody reads of it.

    guest_unit, guest_name, guest_post: who answers. code_word: what a text begins with that is a question for it.
    opens_at: from when questions are taken; starts_at, ends_at: as announced; started_at, ended_at: as it was.
    """

    __tablename__ = "interview"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(12), default="interview", server_default="interview")
    theme: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(Text, default="")
    guest_unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    guest_name: Mapped[str] = mapped_column(String(64))
    guest_post: Mapped[str] = mapped_column(String(64))
    code_word: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12), default="planned")
    opens_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    planned_by_name: Mapped[str] = mapped_column(String(64))
    planned_at: Mapped[datetime]

    __table_args__ = (Index("ix_interview_starts_at", "starts_at", "id"),)


class InterviewQuestion(Base):
    """One question for a session. ticket_id: the ticket that it is. door: page, phone, or the
    channel of the message that it came as.

    state: waiting, on_air (it is being answered), answered, or with another (asked_with_id: the same question of somebody else,
    whose answer is this one's too). on_air_at, answered_at: when. answer: what was said, written down beside it; version: of
    this writing, so that of two recorders the second is told.
    """

    __tablename__ = "interview_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), unique=True)
    door: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    asked_at: Mapped[datetime]
    asked_with_id: Mapped[int | None] = mapped_column(ForeignKey("interview_question.id"))
    on_air_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Hidden)
    version: Mapped[int] = mapped_column(default=0)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    recorded_by_name: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_interview_question_interview_id", "interview_id", "state", "id"),
        Index("ix_interview_question_asked_with_id", "asked_with_id"),
    )
