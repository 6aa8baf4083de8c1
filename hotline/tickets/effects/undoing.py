"""Taking an act back: every row as it was before, its jobs called off, and both kept in the story."""

from __future__ import annotations

from sqlalchemy import delete, exists, or_, select, update

from hotline.tickets.context import ActionContext
from hotline.tickets.effects.taking_back import UNDONE, last_move, last_split, promises_of, restore
from models import Correction, Job, Reply, Review, TakingBack, TicketEvent


def take_back(context: ActionContext) -> None:
    """The act stays in the story and counts for nothing; who took it back is the new row."""
    event = _undone(context)
    kept = context.db.get_one(TakingBack, event.id)
    call_off(context, event)
    restore(context.db, context.ticket, kept.changed)
    _take_back_judgement(context, event)
    kept.changed, kept.undone_at = {}, context.now
    context.notes |= {"undone": event.id}
    context.db.flush()
    context.db.expire(context.ticket, ["assignments"])
    context.clocks = None


def call_off_split(context: ActionContext) -> None:
    """The part never begins its life; it is made void by whoever takes the split back."""
    event = last_split(context.db, context.ticket)
    assert event is not None  # the guard `split_is_under_way` has found it
    call_off(context, event)
    kept = context.db.get_one(TakingBack, event.id)
    kept.changed, kept.undone_at = {}, context.now
    context.notes |= {"undone": event.id, "part_number": event.data["part_number"]}


def call_off(context: ActionContext, event: TicketEvent) -> None:
    """Nothing of it has been said; the guard has seen to that in this transaction, on the locked ticket."""
    open_promises = (*promises_of(event), Job.done_at.is_(None))
    context.db.execute(update(Job).where(*open_promises).values(done_at=context.now, error=UNDONE))


def _take_back_judgement(context: ActionContext, event: TicketEvent) -> None:
    db, ticket = context.db, context.ticket
    at_that_time = (Review.ticket_id == ticket.id, Review.at == event.at, Review.reviewer_id == event.actor_id)
    db.execute(update(Review).where(*at_that_time).values(verdict=UNDONE, reread=None))
    taught = (Correction.ticket_id == ticket.id, Correction.at == event.at, Correction.staff_id == event.actor_id)
    db.execute(delete(Correction).where(*taught))
    _take_back_answer(context, event)


def _take_back_answer(context: ActionContext, event: TicketEvent) -> None:
    """The citizen's page holds again what it held: the words that passed last, or were told directly, before this."""
    db, ticket = context.db, context.ticket
    if event.action not in ("pass", "answer_directly"):
        return
    mine = (Reply.ticket_id == ticket.id, Reply.kind == "direct", Reply.author_id == event.actor_id)
    db.execute(delete(Reply).where(*mine, Reply.at == event.at))
    passed = exists().where(Review.reply_id == Reply.id, Review.verdict == "pass")
    earlier = select(Reply.public_answer).where(Reply.ticket_id == ticket.id, or_(Reply.kind == "direct", passed))
    ticket.text.public_answer = db.scalar(earlier.order_by(Reply.id.desc()).limit(1))


def _undone(context: ActionContext) -> TicketEvent:
    event = last_move(context.db, context.ticket)
    assert event is not None  # the guard `cannot_be_undone` has found it
    return event
