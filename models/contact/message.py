"""A text between the hotline and a citizen, or a notice to staff: queued, sending, sent, delivered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden, HiddenLeaves, HiddenPhones


class Message(Base):
    """direction: out or in. channel: sms, desk (a notice on a staff member's screen), email, or the partner by whose account
    the citizen writes (wechat, weibo, app …); to whom it goes then stands with the citizen, and phone is empty.

    state: queued, sending, sent, delivered, failed, undelivered, received, read: moves forward by rank only.
    ends_with: of a notice, what ends the matter it tells of: "move" (the ticket goes on), "clock:reply", "petition:7",
    "directive:7"; None: nothing but reading. ended_at: when that happened; nobody needs to read it any more.
    template_key and params are kept because gateways that send templates only need them.
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizen.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    unit_code: Mapped[str | None] = mapped_column(String(32))
    role: Mapped[str | None] = mapped_column(String(16))
    direction: Mapped[str] = mapped_column(String(4))
    channel: Mapped[str] = mapped_column(String(8))
    phone: Mapped[str | None] = mapped_column(HiddenPhones)
    template_key: Mapped[str | None] = mapped_column(String(48))
    params: Mapped[dict[str, Any]] = mapped_column(HiddenLeaves, default=dict)
    text: Mapped[str] = mapped_column(Hidden)
    state: Mapped[str] = mapped_column(String(12))
    provider: Mapped[str | None] = mapped_column(String(16))
    provider_id: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(Hidden)
    ends_with: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_message_ticket_id", "ticket_id", "id"),
        Index("ix_message_phone", "phone", "id"),
        Index("ix_message_provider_id", "provider_id"),
        Index("ix_message_state", "state", "created_at"),
        *(
            Index(
                f"ix_message_{name}",
                name,
                *more,
                "id",
                sqlite_where=text(f"{name} IS NOT NULL"),
                postgresql_where=text(f"{name} IS NOT NULL"),
            )
            for name, more in (("staff_id", ()), ("unit_code", ()), ("role", ("unit_code",)), ("citizen_id", ()))
        ),
    )


class NoticeReading(Base):
    """This person has read this notice; the others it is for have not. What lies below `Staff.notices_read_to` has no row."""

    __tablename__ = "notice_reading"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    read_at: Mapped[datetime]

    __table_args__ = (Index("ix_notice_reading_message_id", "message_id"),)
