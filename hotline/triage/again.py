"""Proposals that the city's keywords made before there was a model are made again by the first model that answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.installation import Installation
from hotline.tickets.act import lock
from hotline.tickets.names import JobName
from hotline.tickets.states import State
from hotline.triage.active_classifier import ActiveClassifier
from hotline.triage.propose import propose
from models import Proposal, Ticket

BY_KEYWORDS = "keywords"


def enqueue_again(db: Session, now: datetime) -> int:
    """One job for each ticket that waits for dispatch with the keywords' proposal; returns how many."""
    newest = select(func.max(Proposal.id)).group_by(Proposal.ticket_id)
    waiting = db.scalars(
        select(Proposal)
        .join(Ticket, Ticket.id == Proposal.ticket_id)
        .where(Proposal.id.in_(newest), Proposal.model.startswith(BY_KEYWORDS), Ticket.state == State.TO_DISPATCH)
    ).all()
    for one in waiting:
        outbox.enqueue(
            db, JobName.PROPOSE_AGAIN, key=f"propose_again:{one.id}", now=now, ticket_id=one.ticket_id, proposal=one.id
        )
    return len(waiting)


def propose_again(installation: Installation, db: Session, ticket_id: int) -> None:
    """A better proposal beside the older one, while the ticket still waits; nobody is rung and nothing goes out by it."""
    if isinstance(installation.classifier, ActiveClassifier):
        installation.classifier.look()
    ticket = lock(db, ticket_id)
    newest = db.scalar(
        select(Proposal.model).where(Proposal.ticket_id == ticket_id).order_by(Proposal.id.desc()).limit(1)
    )
    if ticket.state == State.TO_DISPATCH and (newest or "").startswith(BY_KEYWORDS):
        propose(db, installation.city, installation.classifier, ticket, installation.clock.now())
