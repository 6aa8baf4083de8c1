"""The telephone calls of a ticket, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.i18n import N_, _
from hotline.telephony.outbound import OUTCOMES
from hotline.telephony.three_way import duration
from models import Call, Staff, Ticket

RATINGS = {5: N_("非常满意"), 4: N_("满意"), 3: N_("基本满意"), 2: N_("不满意"), 1: N_("非常不满意")}
MOST_CALLS = 20


@dataclass(frozen=True)
class TicketCall:
    """A telephone call of the ticket in words: when, how long they talked, with whom, what came of it, and how the caller rated it."""

    out: bool
    at: datetime
    talked: str
    agent: str
    outcome: str
    rating: str


def calls_of(db: Session, ticket: Ticket) -> list[TicketCall]:
    """The calls of this ticket, oldest first."""
    rows = db.execute(
        select(Call, Staff.name)
        .outerjoin(Staff, Staff.id == Call.agent_id)
        .where(Call.ticket_id == ticket.id)
        .order_by(Call.id)
        .limit(MOST_CALLS)
    )
    return [_call(call, name) for call, name in rows]


def _call(call: Call, agent: str | None) -> TicketCall:
    talked = int((call.ended_at - call.answered_at).total_seconds()) if call.ended_at and call.answered_at else None
    return TicketCall(
        call.direction == "out",
        call.started_at,
        duration(talked) if talked is not None else "",
        agent or "",
        _(OUTCOMES[call.outcome]) if call.outcome in OUTCOMES else "",
        _(RATINGS[call.rating]) if call.rating in RATINGS else "",
    )
