"""The question to the citizen after a reply has passed, and the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden

IN_DOUBT = text("outcome = 'in_doubt'")
NOT_COUNTED = text("(NOT valid OR outcome = 'refused')")
"""Marked as invalid or refused."""


class Survey(Base):
    """One per citizen, ticket and round; merged citizens have their own, known and anonymous ones alike.

    unit_code: the unit that handled it; None of a question about a direct answer.
    own_id: the ticket this citizen knows: the asked ticket itself, or the one merged into it.
    former_token: the digest of the link that was sent when links were still kept; now they are computed (`hotline.keys.codes`).
    solved: yes, partly, no. result and attitude: 1–5, by the scale stored with the answer. What the citizen did not say is None.
    answered_by: sms, page or phone: the way the answer came, whatever way the question went.
    flagged: why the answer may be staff's own: "session" (a browser signed in here), "address", or "telephone" (one of theirs).
    keyed_by_id: the staff member who keyed a phoned answer, or who read the citizen's words; None when nobody stood between.
    outcome: asked, satisfied, partly, dissatisfied, in_doubt (words that a person must read), no_answer, refused,
    cut_off (the matter was judged or done again meanwhile).
    words: what the citizen texted, as it came. reading: how the machine read it (yes, no, partly, person).
    """

    __tablename__ = "survey"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    own_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizen.id"))
    round: Mapped[int]
    unit_code: Mapped[str | None] = mapped_column(String(32))
    former_token: Mapped[str | None] = mapped_column("token", String(32), unique=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(8), default="sms")
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(8))
    keyed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    contacted: Mapped[bool | None]
    solved: Mapped[str | None] = mapped_column(String(8))
    result: Mapped[int | None]
    attitude: Mapped[int | None]
    scale: Mapped[dict[str, Any]] = mapped_column(default=dict)
    comment: Mapped[str | None] = mapped_column(Hidden)
    words: Mapped[str | None] = mapped_column(Hidden)
    reading: Mapped[str | None] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(16), default="asked")
    flagged: Mapped[str | None] = mapped_column(String(16))
    valid: Mapped[bool] = mapped_column(default=True)
    attempts: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        Index("uq_survey_once", "ticket_id", "round", "own_id", unique=True),
        Index("ix_survey_in_doubt", "ticket_id", "round", sqlite_where=IN_DOUBT, postgresql_where=IN_DOUBT),
        Index("ix_survey_not_counted", "id", sqlite_where=NOT_COUNTED, postgresql_where=NOT_COUNTED),
        Index("ix_survey_own_id", "own_id"),
        Index("ix_survey_asked_at", "asked_at"),
        Index("ix_survey_answered_at", "answered_at"),
        Index("ix_survey_citizen_id", "citizen_id", "id"),
    )
