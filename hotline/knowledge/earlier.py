"""Earlier good answers to the same matter: closed tickets with what was answered and how it ended, starred, never sealed ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.nearness import near
from hotline.tickets.privacy.redact import ANSWER, starred
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from models import Reply, Survey, Ticket, TicketText

BACK = timedelta(days=730)
COMPARED, READ = 300, 600
LIKE = 0.2


@dataclass(frozen=True)
class Earlier:
    """answer: what the citizen was told. outcome: solved, partly, not, or "" for a direct answer. result: 1 to 5 as the citizen
    rated it, None unrated."""

    ticket: Ticket
    answer: str
    outcome: str
    result: int | None
    closeness: float


def earlier_answers(
    db: Session, actor: Actor, text: str, category: str | None, now: datetime, *, except_id: int = 0, most: int = 3
) -> list[Earlier]:
    """The closest closed tickets of this category that this person may see, in which nobody was dissatisfied."""
    if not category or len(text.strip()) < 4:
        return []
    rows = db.execute(
        select(Ticket, TicketText.body, TicketText.public_answer)
        .join(TicketText, TicketText.ticket_id == Ticket.id)
        .where(
            Ticket.category_code == category,
            Ticket.state.in_(("closed", "archived")),
            Ticket.privacy != "sealed",
            Ticket.dissatisfied.is_(False),
            Ticket.id != except_id,
            Ticket.closed_at > now - BACK,
            TicketText.public_answer.is_not(None),
            visible_to(actor),
        )
        .order_by(Ticket.closed_at.desc())
        .limit(COMPARED)
    ).all()
    found = near(text, [f"{row[0].title} {row.body[:READ]}" for row in rows], most, 1.1) if rows else []
    return [_earlier(db, rows[at][0], rows[at].public_answer, score) for at, score, _both in found if score >= LIKE]


def _earlier(db: Session, ticket: Ticket, answer: str, score: float) -> Earlier:
    last = select(Reply.outcome).where(Reply.ticket_id == ticket.id, Reply.kind == "final").order_by(Reply.id.desc())
    rated = select(Survey.result).where(Survey.own_id == ticket.id, Survey.valid.is_(True)).order_by(Survey.id.desc())
    return Earlier(
        ticket, starred(ticket, answer, ANSWER), db.scalar(last.limit(1)) or "", db.scalar(rated.limit(1)), score
    )
