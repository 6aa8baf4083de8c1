"""What other platforms are told of tickets: one row for each telling, and how the line to each partner is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden

UNDONE = text("state IN ('waiting', 'failed')")


class Delivery(Base):
    """state: waiting, accepted, failed (a dead letter: an operator decides), given_up, or withheld (it may not leave any more).

    key: names the telling for ever ("province:e81:t12"); the partner sees it and can drop a repetition. kind: the event by the
    name of the subscription. ticket_id: the ticket that the partner knows; of one that was merged the event is its master's.
    entry_id: of a monitoring body, the row of its stream. attachment_id: of a file that goes along; it may be erased meanwhile.
    What is told is written when it is posted, from the event and the ticket: no copy of anybody's data waits here.
    due_at: not before this moment. took_ms: how long the partner's last answer took; status: its HTTP status. receipt: the
    partner's own number for what it took. ended_at: since when nobody has to do anything about it.
    """

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    partner: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(24))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_event.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("monitor_entry.id"))
    attachment_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    took_ms: Mapped[int | None]
    status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Hidden)
    receipt: Mapped[str | None] = mapped_column(String(120))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = (
        Index("ix_delivery_partner", "partner", "state", "id"),
        Index("ix_delivery_ticket_id", "ticket_id", "partner", "id"),
        Index("ix_delivery_undone", "partner", "id", sqlite_where=UNDONE, postgresql_where=UNDONE),
        Index("ix_delivery_message_id", "message_id"),
    )


class PartnerLine(Base):
    """The line to one partner. vain: posts in a row that nobody answered; rests_until: it is left alone until then."""

    __tablename__ = "partner_line"

    partner: Mapped[str] = mapped_column(String(32), primary_key=True)
    vain: Mapped[int] = mapped_column(default=0)
    rests_until: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Hidden)
