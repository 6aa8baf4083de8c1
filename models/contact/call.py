"""A telephone call, from the first ring to the rating after it, and whoever else was rung into it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import HiddenPhones


class Call(Base):
    """state: ringing, answered, ended, missed, transferred; of a call that we make also dialing (our own telephone is
    rung) and calling (the citizen's is rung). asked_agent: the caller waited for a person.

    direction: in or out. from_phone is always the citizen's number and to_phone ours, so that whoever looks for a citizen's
    calls finds both. provider + provider_id are unique: a retry of the provider is the same call; of a call that we make
    provider_id is our own reference, known before the provider has one. agent_leg, citizen_leg: the provider's
    ids of the two legs (of a call that came in, the citizen's is provider_id).
    rating: the key pressed after the call (5 very satisfied … 1 very dissatisfied), None when not rated.
    room_at: since when the call is a conference, so that an emergency service or a partner can be rung into it.
    turn: how many more people than the first it rings for. dialled_id: whose own telephone is being rung for
    it; dialled_so_far: the ids of all whose telephones were, parted by blanks.

    Of a call that we make: purpose (call_back, contact, follow_up, talk), the missed call that it returns, and the outcome:
    reached, short (hung up at once), no_answer, busy, refused, failed, not_taken (our own telephone was not picked up).
    """

    __tablename__ = "call"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    provider_id: Mapped[str] = mapped_column(String(64))
    from_phone: Mapped[str] = mapped_column(HiddenPhones)
    to_phone: Mapped[str] = mapped_column(String(32))
    direction: Mapped[str] = mapped_column(String(8), default="in")
    state: Mapped[str] = mapped_column(String(12))
    asked_agent: Mapped[bool] = mapped_column(default=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    agent_leg: Mapped[str | None] = mapped_column(String(64))
    citizen_leg: Mapped[str | None] = mapped_column(String(64))
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizen.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    started_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    called_back_at: Mapped[datetime | None]
    transferred_to: Mapped[str | None] = mapped_column(String(32))
    room_at: Mapped[datetime | None]
    turn: Mapped[int] = mapped_column(default=0, server_default="0")
    dialled_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    dialled_so_far: Mapped[str] = mapped_column(String(200), default="", server_default="")
    purpose: Mapped[str | None] = mapped_column(String(12))
    outcome: Mapped[str | None] = mapped_column(String(12))
    back_to_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    rating: Mapped[int | None]
    rated_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_call_provider", "provider", "provider_id", unique=True),
        Index("ix_call_state", "state", "started_at"),
        Index("ix_call_started_at", "started_at"),
        Index("ix_call_from_phone", "from_phone", "id"),
        Index("ix_call_agent_id", "agent_id", "started_at"),
        Index("ix_call_ticket_id", "ticket_id"),
        Index("ix_call_back_to_id", "back_to_id"),
    )


class CallLeg(Base):
    """A third party that was rung into a call: 110, 119, 120, 122 or a partner's line. One row for every try; it is the log.

    state only moves forward: calling (enqueued), ringing, connected, then left, busy, no_answer, refused or failed.
    to: 110 … or the code of the partner's unit. ref: our own reference, unique. told_at: since when the ticket's story has it.
    """

    __tablename__ = "call_leg"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    to: Mapped[str] = mapped_column(String(32))
    provider_id: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    connected_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_call_leg_call_id", "call_id"), Index("ix_call_leg_started_at", "started_at"))
