"""Jobs of which several are done at once: what they share is read and asked once, in the transaction that marks them done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from hotline import outbox
from hotline.evidence.places import place_tickets
from hotline.installation import Installation
from hotline.messages import notices, transfer_texts
from hotline.messages.compose import tell_staff
from hotline.tickets.act import act, lock_all
from hotline.tickets.effects.demands.noticed import MOVE
from hotline.tickets.names import ActionName as Do
from hotline.tickets.names import NoticeName as Tell
from hotline.tickets.roles import CLOCK, Role
from hotline.triage.auto_dispatch import may_go_out
from hotline.triage.propose import propose_all
from hotline.triage.reasons import reasons_of
from models import Job, Proposal, Ticket, TicketEvent


def classify_all(installation: Installation, db: Session, jobs: Sequence[Job]) -> None:
    """Propose a unit for each; a sure proposal goes out by itself when the city allows it."""
    now = installation.clock.now()
    found = lock_all(db, {ticket_of(job) for job in jobs}, selectinload(Ticket.text))
    tickets = [ticket for ticket in found if ticket.state == "to_dispatch"]
    typed = [ticket.category_code is not None for ticket in tickets]
    proposals = propose_all(db, installation.city, installation.classifier, tickets, now)
    place_tickets(db, installation.city, tickets)
    for ticket, stated, proposal in zip(tickets, typed, proposals, strict=True):
        _ring(installation, db, ticket, proposal, now)
        if not stated:
            _dispatch_if_sure(installation, db, ticket, proposal, now)


def _dispatch_if_sure(
    installation: Installation, db: Session, ticket: Ticket, proposal: Proposal, now: datetime
) -> None:
    if may_go_out(db, installation.city, ticket, proposal):
        act(
            db,
            installation.city,
            ticket,
            Do.DISPATCH,
            CLOCK,
            now,
            {
                "unit": proposal.unit_code,
                "helpers": proposal.helpers,
                "category": proposal.category_code,
                "request_type": proposal.request_type,
                "urgency": proposal.urgency,
            },
        )


def _ring(installation: Installation, db: Session, ticket: Ticket, proposal: Proposal, now: datetime) -> None:
    """Danger to life and "a person must dispatch it" are two notices; the first goes to everybody who can act."""
    key = "life_ring" if ticket.alarm_at is not None else "safety_ring" if ticket.safety else ""
    if not key:
        return
    what = reasons_of(proposal)[0] if proposal.reasons else ""
    told = {"number": ticket.number, "what": what}
    for role in (Role.DISPATCHER, Role.LEAD_AGENT, Role.SUPERVISOR) if key == "life_ring" else (Role.DISPATCHER,):
        tell_staff(db, installation.city, key, now, told, ticket=ticket, role=role.value, ends_with=MOVE)


def tell_all(installation: Installation, db: Session, jobs: Sequence[Job]) -> None:
    """Several notices: what they are about is read once, and the sendings that they call for are enqueued together."""
    events = select(TicketEvent).where(TicketEvent.id.in_([job.args["event_id"] for job in jobs]))
    tickets = select(Ticket).where(Ticket.id.in_([ticket_of(job) for job in jobs]))
    kept = (*db.scalars(events), *db.scalars(tickets.options(joinedload(Ticket.citizen))))
    with outbox.gathered(db, installation.clock.now()), db.no_autoflush:
        for job in jobs:
            tell(installation, db, job)
    del kept  # held until here, so that the session knows them


def tell(installation: Installation, db: Session, job: Job) -> None:
    event = db.get(TicketEvent, job.args["event_id"])
    ticket = db.get(Ticket, ticket_of(job))
    if event is not None and ticket is not None:
        notices.tell(
            db,
            installation.city,
            ticket,
            event,
            job.args["notice"],
            installation.clock.now(),
            installation.settings.public_url,
        )
        if job.args["notice"] == Tell.TRANSFERRED:
            transfer_texts.send(
                db, installation.city, ticket, str(event.data.get("body", "")), installation.clock.now()
            )


def ticket_of(job: Job) -> int:
    """The number of the ticket that a job is about. Raises ValueError when it names none."""
    if job.ticket_id is None:
        raise ValueError(f"job {job.id} ({job.name}) names no ticket")
    return job.ticket_id
