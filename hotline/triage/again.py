"""Proposals that the city's keywords made before there was a model are made again by the first model that answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.installation import Installation
from hotline.tickets.act import lock
from hotline.tickets.names import JobName
from hotline.tickets.states import State
from hotline.triage.propose import propose
from models import Proposal, Ticket

BY_KEYWORDS = "keywords"


def enqueue_again(installation: Installation, now: datetime) -> int:
    """One job for each ticket that waits for dispatch with the keywords' proposal; returns how many."""
    with installation.readings() as db:
        waiting = [(proposal_id, ticket_id) for proposal_id, ticket_id in db.execute(_by_keywords())]
    if waiting:
        with installation.sessions() as db:
            for proposal_id, ticket_id in waiting:
                key = f"propose_again:{proposal_id}"
                outbox.enqueue(db, JobName.PROPOSE_AGAIN, key=key, now=now, ticket_id=ticket_id, proposal=proposal_id)
            db.commit()
    return len(waiting)


def _by_keywords() -> Select[int, int]:
    """Rows (proposal, ticket)."""
    newest = select(func.max(Proposal.id)).group_by(Proposal.ticket_id)
    return (
        select(Proposal.id, Proposal.ticket_id)
        .join(Ticket, Ticket.id == Proposal.ticket_id)
        .where(Proposal.id.in_(newest), Proposal.model.startswith(BY_KEYWORDS), Ticket.state == State.TO_DISPATCH)
    )


def propose_again(installation: Installation, db: Session, ticket_id: int) -> None:
    """A better proposal beside the older one, while the ticket still waits; nobody is rung and nothing goes out by it."""
    ticket = lock(db, ticket_id)
    newest = db.scalar(
        select(Proposal.model).where(Proposal.ticket_id == ticket_id).order_by(Proposal.id.desc()).limit(1)
    )
    if ticket.state == State.TO_DISPATCH and (newest or "").startswith(BY_KEYWORDS):
        propose(db, installation.city, installation.classifier, ticket, installation.clock.now())
