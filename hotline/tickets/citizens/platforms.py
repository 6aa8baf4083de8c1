"""The other platforms behind a ticket: who handed it in, or is told of it by the city's own choice, and by which ticket they know it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.partners.subscription import Subscription
from hotline.city.schema import City
from hotline.tickets.citizens.merged import merged_into
from hotline.tickets.names import ActionName as Do
from hotline.tickets.names import JobName
from models import Ticket, TicketEvent

Told = tuple[Subscription, Ticket, str]
"""Who is told, of which ticket, and as which kind of their own."""

DECIDED = "petition_decided"
PASSED_ON = "passed_on"
"""What a transfer is for a partner that takes matters over itself, when this one goes to somebody else."""


def deed_of(event: TicketEvent) -> str:
    """What a subscription calls a row of the story: its action; of a decision "extension_granted", "exclusion_refused" …"""
    if event.action != DECIDED:
        return event.action
    return f"{event.data.get('kind')}_{event.data.get('state')}"


def hear_of(db: Session, city: City, ticket: Ticket, action: str, body: str = "") -> bool:
    """Whether any platform may want to hear of this act. body: to whom it is transferred.

    Asked within every act: of a ticket that others are merged into, one statement more.
    """
    if action not in city.told_outside and (action != Do.TRANSFER_OUT or PASSED_ON not in city.told_outside):
        return False
    listening = [one for one in city.subscriptions if _kind_of(one, action, body)]
    if any(_covers(one, ticket, action, body) for one in listening):
        return True
    names = [one.name for one in listening if one.own]
    return bool(names) and action != Do.SUBMIT and ticket in db and _brings(db, ticket, names)


def publish_decision(db: Session, city: City, ticket: Ticket, event: TicketEvent) -> None:
    """A petition was decided: what `act` does for its own events."""
    if hear_of(db, city, ticket, deed_of(event)):
        key = f"{JobName.PUBLISH}:{event.id}"
        outbox.enqueue(db, JobName.PUBLISH, key=key, now=event.at, ticket_id=ticket.id, event_id=event.id)


def told_of(db: Session, city: City, ticket: Ticket, action: str, body: str = "") -> list[Told]:
    """Who hears of this act, each with the ticket they know: their own, though it was merged into another."""
    owns = [ticket, *merged_into(db, ticket)]
    return [
        (one, own, kind)
        for one in city.subscriptions
        if (kind := _kind_of(one, action, body))
        for own in owns
        if _covers(one, own, action, body) and (own is ticket or own.outer_source == one.name)
    ]


def _kind_of(one: Subscription, action: str, body: str) -> str:
    """What an act is called there, "" when this partner does not hear of it."""
    elsewhere = action == Do.TRANSFER_OUT and one.bodies and body not in one.bodies and not one.everything
    return one.kind_of(PASSED_ON if elsewhere else action)


def _covers(one: Subscription, ticket: Ticket, action: str, body: str) -> bool:
    return (
        one.everything
        or (action == Do.TRANSFER_OUT and body in one.bodies)
        or (one.own and ticket.outer_source == one.name)
        or bool(one.units & {ticket.unit_code, ticket.desk_code})
    )


def _brings(db: Session, ticket: Ticket, names: list[str]) -> bool:
    """Whether a ticket of one of these platforms was merged into this one."""
    theirs = (Ticket.merged_into_id == ticket.id, Ticket.state == "merged", Ticket.outer_source.in_(names))
    return db.scalar(select(Ticket.id).where(*theirs).limit(1)) is not None
