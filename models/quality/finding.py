"""What a machine found wrong in a ticket's record, and which tickets it has looked at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden


class RecordFinding(Base):
    """One fault of one record; it decides nothing. place: title, body, note or answer; shown: what it rests on, as it stands there.

    agent_id: who wrote the record. verdict: None until a person has looked, then holds or explained, with words.
    """

    __tablename__ = "record_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(16))
    found_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(8))
    shown: Mapped[str | None] = mapped_column(Hidden)
    verdict: Mapped[str | None] = mapped_column(String(12))
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    judged_by_name: Mapped[str | None] = mapped_column(String(64))
    judged_at: Mapped[datetime | None]
    words: Mapped[str | None] = mapped_column(Hidden)

    __table_args__ = (
        Index("uq_record_finding_once", "ticket_id", "kind", unique=True),
        Index("ix_record_finding_found_at", "found_at", "id"),
        Index("ix_record_finding_agent_id", "agent_id", "found_at"),
    )


class RecordLook(Base):
    """When a ticket's record was last looked at. again_at: when it is to be looked at once more, because a promise falls due."""

    __tablename__ = "record_look"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    again_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_record_look_again_at", "again_at"),
        Index("ix_record_look_agent_id", "agent_id", "at"),
    )
