"""What the city shows of a closed matter: the citizen's consent, and the words that a person wrote for the public."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base


class Publication(Base):
    """One ticket whose citizen lets the city publish it. state: waiting, published, or kept_back by a reviewer.

    There is no row without consent: a citizen who takes it back, and whoever is erased, takes row and words along.
    consented_by: who wrote the consent down; None for the citizen's own page. round: whose answer the words tell; a later
    round has to be read anew. why: why it was kept back or taken off.
    """

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    consented_at: Mapped[datetime]
    consented_by: Mapped[str | None] = mapped_column(String(64))
    round: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200), default="")
    request: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None]
    decided_by_name: Mapped[str | None] = mapped_column(String(64))
    why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_publication_state", "state", "published_at", "id"),)
