"""What the desks say of an article, and questions to which nobody had an answer: both wait for the owner."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class ArticleFeedback(Base):
    """kind: wrong, missing or outdated. due_at: by when the owner must have answered. late_at: when it was said to be late.

    answer: what the owner did; done_at: when.
    """

    __tablename__ = "article_feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    unit_code: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    by_name: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    late_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by_name: Mapped[str | None] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("ix_article_feedback_article_id", "article_id"),
        Index("ix_article_feedback_open", "done_at", "due_at"),
        Index("ix_article_feedback_unit_code", "unit_code"),
    )


class UnansweredQuestion(Base):
    """A question that found no answer, in its first words (starred); times: how often something like it was asked.

    unit_code: who should know; None: nobody can say yet. came_by: desk, public, or ticket. state: open, answered, dropped.
    article_id: what was written about it.
    """

    __tablename__ = "unanswered_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(300))
    came_by: Mapped[str] = mapped_column(String(8))
    times: Mapped[int] = mapped_column(default=1)
    unit_code: Mapped[str | None] = mapped_column(String(32))
    category_code: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12), default="open")
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_unanswered_question_state", "state", "times"),
        Index("ix_unanswered_question_last_at", "last_at"),
    )
