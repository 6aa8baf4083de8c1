"""Articles and guides of service matters: every text they ever had, who wrote it, and who released it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class Article(Base):
    """One thing the hotline knows. kind: article, or matter (a service matter with its guide).

    code: its own number, by which an import finds it again (of a matter the number of its implementation).
    version_id: the version that is in force; None before the first release, and after a withdrawal. changed_at: when what
    may be shown last changed. uses: how often an answer was taken over from it. warned_for: the last day for which its owner was
    told that it ends soon.
    """

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    code: Mapped[str | None] = mapped_column(String(64))
    unit_code: Mapped[str] = mapped_column(String(32))
    version_id: Mapped[int | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_name: Mapped[str | None] = mapped_column(String(64))
    withdrawn_why: Mapped[str | None] = mapped_column(Text)
    warned_for: Mapped[date | None]
    uses: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("kind", "code"),
        Index("ix_article_version_id", "version_id"),
        Index("ix_article_changed_at", "changed_at"),
        Index("ix_article_unit_code", "unit_code"),
    )


class ArticleVersion(Base):
    """What an article says in one version. state: draft, waiting (for a second person), returned, released, replaced.

    title: the question as it is asked most; questions: further ways to ask. phone_answer: what is said; text_answer: what is
    sent as a text, empty: the phone's words; long_answer: for whoever reads. source, source_number, source_clause: what it rests
    on. valid_until: the last day on which it may be told; None: until it is replaced. channels: where it is meant for; empty:
    everywhere. audience: staff or public. links: addresses that are looked at each night. guide: of a matter, its guide.
    """

    __tablename__ = "article_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="draft")
    title: Mapped[str] = mapped_column(String(200))
    questions: Mapped[list[Any]] = mapped_column(default=list)
    phone_answer: Mapped[str] = mapped_column(Text, default="")
    text_answer: Mapped[str] = mapped_column(Text, default="")
    long_answer: Mapped[str] = mapped_column(Text, default="")
    category_code: Mapped[str | None] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(300))
    source_number: Mapped[str] = mapped_column(String(120), default="")
    source_clause: Mapped[str] = mapped_column(String(120), default="")
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    area: Mapped[str | None] = mapped_column(String(32))
    channels: Mapped[list[Any]] = mapped_column(default=list)
    audience: Mapped[str] = mapped_column(String(8), default="staff")
    links: Mapped[list[Any]] = mapped_column(default=list)
    guide: Mapped[dict[str, Any]] = mapped_column(default=dict)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    author_name: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")
    import_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_import.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_by_name: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    returned_why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("article_id", "number"),
        Index("ix_article_version_state", "state", "written_at"),
        Index("ix_article_version_valid_until", "valid_until"),
        Index("ix_article_version_import_id", "import_id"),
    )


class LinkCheck(Base):
    """What an address in an article answered when it was last asked. why: empty when it answered, else one word."""

    __tablename__ = "link_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    url: Mapped[str] = mapped_column(String(500))
    checked_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(16), default="")

    __table_args__ = (UniqueConstraint("article_id", "url"), Index("ix_link_check_why", "why"))


class KnowledgeImport(Base):
    """One file of articles or matters. kind: article or matter. state: looked, taken, dropped. checked: as of an attachment.

    rejects: the rows that were refused, each with line, reason and cells.
    """

    __tablename__ = "knowledge_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8), default="looked")
    stored_as: Mapped[str] = mapped_column(String(80))
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)
    left_out: Mapped[list[Any]] = mapped_column(default=list)
    rows: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    rejects: Mapped[list[Any]] = mapped_column(default=list)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    by_name: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    checked: Mapped[str] = mapped_column(String(10), default="unchecked", server_default="unchecked")
