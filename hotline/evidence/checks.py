"""What can be held against one reply: six questions, each answered with what the answer rests on, or with nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.evidence.kinds import SOON, Kind
from hotline.tickets.names import ActionName as Do
from models import Call, Recurrence, Reply, Survey, Ticket, TicketEvent

TALKED = timedelta(seconds=10)
"""A connected call that was shorter told nobody anything."""

AT_THE_DESK = frozenset({"consult", "praise"})
"""What may be answered from the desk at once."""

CLAIMED = frozenset({"solved", "partly"})


@dataclass(frozen=True)
class Asked:
    """The reply, its ticket, and what every question needs."""

    db: Session
    city: City
    ticket: Ticket
    reply: Reply


def no_call(asked: Asked) -> dict[str, Any] | None:
    """It says that somebody telephoned; no call of ours was connected, and nobody wrote it down at the time."""
    reply = asked.reply
    if not reply.contacted or reply.contact_how not in (None, "phone"):
        return None
    if talk_before(asked, reply.at) is not None or _written_down(asked):
        return None
    tries = asked.db.scalars(
        select(Call.id).where(Call.ticket_id == asked.ticket.id, Call.direction == "out", Call.started_at <= reply.at)
    ).all()
    said = reply.contacted_at.isoformat() if reply.contacted_at else None
    return {"said_at": said, "calls": list(tries)}


def too_fast(asked: Asked) -> dict[str, Any] | None:
    """Signed by a person, and minutes later the matter is said to be done."""
    reply = asked.reply
    if reply.outcome not in CLAIMED or reply.beyond_duty or asked.ticket.request_type in AT_THE_DESK:
        return None
    signed = asked.db.scalars(
        select(TicketEvent)
        .where(
            TicketEvent.ticket_id == asked.ticket.id,
            TicketEvent.action == Do.SIGN,
            TicketEvent.round == reply.round,
            TicketEvent.at <= reply.at,
        )
        .order_by(TicketEvent.id.desc())
        .limit(1)
    ).first()
    if signed is None or reply.at - signed.at >= timedelta(minutes=asked.city.policy.fast_reply_minutes):
        return None
    return {"signed_at": signed.at.isoformat(), "seconds": int((reply.at - signed.at).total_seconds())}


def came_back(asked: Asked) -> dict[str, Any] | None:
    """It said "solved", and within thirty days somebody called about the same."""
    if asked.reply.outcome != "solved":
        return None
    rows = asked.db.scalars(
        select(Recurrence)
        .where(Recurrence.reply_id == asked.reply.id, Recurrence.days <= SOON.days)
        .order_by(Recurrence.came_at)
    ).all()
    if not rows:
        return None
    return {"tickets": [row.ticket_id for row in rows], "days": rows[0].days, "by": rows[0].by}


def denied(asked: Asked) -> dict[str, Any] | None:
    """The ticket's own citizen says that nobody has been in touch, and no call of ours says otherwise."""
    reply = asked.reply
    if not reply.contacted:
        return None
    survey = asked.db.scalars(
        select(Survey)
        .where(
            Survey.ticket_id == asked.ticket.id,
            Survey.own_id == asked.ticket.id,
            Survey.round == reply.round,
            Survey.contacted.is_(False),
            Survey.valid.is_(True),
        )
        .limit(1)
    ).first()
    if survey is None or talk_before(asked, survey.asked_at) is not None:
        return None
    return {"survey": survey.id, "said_at": survey.answered_at.isoformat() if survey.answered_at else None}


ROW_CHECKS: dict[Kind, Callable[[Asked], dict[str, Any] | None]] = {
    Kind.NO_CALL: no_call,
    Kind.TOO_FAST: too_fast,
    Kind.CAME_BACK: came_back,
    Kind.DENIED: denied,
}
"""The questions that rows answer; words and pictures are compared in their own files."""


def talk_before(asked: Asked, moment: datetime) -> int | None:
    """A connected call about this ticket with the citizen, ours or theirs, after it was dispatched."""
    calls = asked.db.scalars(
        select(Call).where(
            Call.ticket_id == asked.ticket.id,
            Call.answered_at.is_not(None),
            Call.answered_at <= moment,
        )
    )
    for call in calls:
        told = call.outcome == "reached" or (call.direction == "in" and call.answered_at is not None)
        long_enough = call.ended_at is None or call.answered_at is None or call.ended_at - call.answered_at >= TALKED
        since = asked.ticket.dispatched_at
        if told and long_enough and (since is None or (call.answered_at or call.started_at) >= since):
            return call.id
    return None


def _written_down(asked: Asked) -> bool:
    """A record of a first contact that reached the citizen, made before the reply."""
    events = asked.db.scalars(
        select(TicketEvent).where(
            TicketEvent.ticket_id == asked.ticket.id,
            TicketEvent.action == Do.CONTACT,
            TicketEvent.at <= asked.reply.at,
        )
    )
    return any((event.data or {}).get("reached") not in (False, "no") for event in events)
