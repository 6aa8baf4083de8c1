"""Dated promises of a reply become rows with an end: a later reply keeps them, moves them, or leaves them broken."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hotline.review_advice.promised import promised
from hotline.tickets.context import ActionContext
from models import Reply, ReplyPromise


def end_of_day(context: ActionContext, day: date) -> datetime:
    """The first moment after the city's day."""
    return datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(context.city.timezone))


def note_promises(context: ActionContext, reply: Reply) -> None:
    """Settle what was promised before, then keep what this reply promises. The reply must have its number."""
    if reply.kind == "final":
        _settle(context, reply)
    read = promised(
        context.city,
        {
            "facts": reply.facts,
            "measures": reply.measures,
            "outcome_reason": reply.outcome_reason,
            "public_answer": reply.public_answer,
        },
        context.city.calendar.day_of(context.now),
    )
    context.db.add_all(
        ReplyPromise(
            ticket_id=context.ticket.id,
            reply_id=reply.id,
            round=context.ticket.round,
            unit_code=context.ticket.unit_code,
            made_at=context.now,
            due_at=end_of_day(context, one.due),
            deed=one.deed[:120],
            said=one.when[:40],
        )
        for one in read.dated
        if one.due is not None and one.due >= read.on
    )


def _settle(context: ActionContext, reply: Reply) -> None:
    """Solved by the day: kept. Another reply before the day: moved. Too late for either: it stays broken."""
    held = select(ReplyPromise).where(
        ReplyPromise.ticket_id == context.ticket.id,
        ReplyPromise.kept_at.is_(None),
        ReplyPromise.moved_at.is_(None),
        ReplyPromise.due_at > context.now,
    )
    for one in context.db.scalars(held):
        if reply.outcome == "solved":
            one.kept_at = context.now
        else:
            one.moved_at = context.now
