"""What happened to a ticket becomes tellings: one for each partner that hears of it, in the order in which it happened."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, cast, select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.cells.neighbours import ENCLOSURE, HAND_OVER, cell_of
from hotline.installation import Installation
from hotline.partners.facts import may_leave
from hotline.tickets.act import lock
from hotline.tickets.citizens import platforms
from hotline.tickets.names import JobName
from hotline.tickets.privacy import attachments
from models import Delivery, Job, Ticket, TicketEvent
from models.job import undone
from models.store.rows import insert_once
from webhooks.cells.posts import hand_over_path
from webhooks.partners.push import Address

AFTER_THE_EARLIER = timedelta(seconds=2)


def publish(installation: Installation, db: Session, job: Job) -> None:
    """One telling for each partner, and the job that posts it; an earlier event of the ticket comes first."""
    now, event = installation.clock.now(), db.get_one(TicketEvent, job.args["event_id"])
    ticket = lock(db, event.ticket_id)
    deed, body = platforms.deed_of(event), str(event.data.get("body") or "")
    told = platforms.told_of(db, installation.city, ticket, deed, body)
    earlier = _earlier(db, {ticket.id, *(own.id for _partner, own, _kind in told)}, event.id)
    if earlier is not None:
        _wait(db, job, event, max(earlier.run_at, now) + AFTER_THE_EARLIER, now)
        return
    for partner, own, kind in told:
        if address_of(installation, partner.name) and may_leave(partner, own, ticket):
            key = f"{partner.name}:e{event.id}:t{own.id}"
            add_delivery(db, key, partner.name, kind, now, ticket_id=own.id, event_id=event.id)
            if kind == HAND_OVER and cell_of(partner.name):
                _add_files(db, partner.name, own, event, now)


def add_delivery(
    db: Session,
    key: str,
    partner: str,
    kind: str,
    now: datetime,
    *,
    ticket_id: int | None,
    event_id: int | None = None,
    message_id: int | None = None,
    entry_id: int | None = None,
    attachment_id: int | None = None,
) -> None:
    """A telling in the caller's transaction, with the job that posts it. key: at most 80 characters, unique for ever."""
    made = insert_once(
        db,
        Delivery,
        ["key"],
        key=key,
        partner=partner,
        kind=kind,
        ticket_id=ticket_id,
        event_id=event_id,
        message_id=message_id,
        entry_id=entry_id,
        attachment_id=attachment_id,
        state="waiting",
        attempts=0,
        created_at=now,
        due_at=now,
    )
    if made is not None:
        enqueue_post(db, made, "first", now)


def _add_files(db: Session, partner: str, ticket: Ticket, event: TicketEvent, now: datetime) -> None:
    """What hangs on a matter goes along with it, file by file; a sealed matter leaves in another person's words and without."""
    for file in attachments.of_ticket(db, ticket.id) if ticket.privacy != "sealed" else ():
        key = f"{partner}:e{event.id}:f{file.id}"
        add_delivery(db, key, partner, ENCLOSURE, now, ticket_id=ticket.id, event_id=event.id, attachment_id=file.id)


def enqueue_post(db: Session, delivery_id: int, turn: str, now: datetime) -> None:
    """turn: tells one try of a telling from the next."""
    outbox.enqueue(db, JobName.POST, key=f"{JobName.POST}:{delivery_id}:{turn}", now=now, delivery_id=delivery_id)


def address_of(installation: Installation, partner: str) -> str:
    """Where this partner listens; "" while the settings name no address, or no key to sign with. A city of our province listens
    at the province."""
    if cell := cell_of(partner):
        province = installation.settings.province
        return province.url + hand_over_path(own_name(installation), cell) if province is not None else ""
    said = installation.settings.partners.get(partner)
    return said.post if said is not None and installation.settings.partner_keys.get(partner) else ""


def line_of(installation: Installation, partner: str, door: str = "") -> tuple[Address, str]:
    """The address of a partner that has one, and the key to sign with. door: of those that have several."""
    settings, url = installation.settings, address_of(installation, partner)
    if cell_of(partner) and settings.province is not None:
        return Address(f"{url}/{door}", settings.province.private), settings.province.keys[0]
    return Address(url, settings.partners[partner].private), settings.partner_keys[partner][0]


def own_name(installation: Installation) -> str:
    """What this city is called at its province."""
    province = installation.settings.province
    return (province.name if province is not None else "") or installation.city.code


def _earlier(db: Session, ticket_ids: set[int], event_id: int) -> Job | None:
    """An event of these tickets that happened before and has not been published: it may still be taken back."""
    before = cast(Job.args["event_id"].as_string(), BigInteger) < event_id
    wanted = select(Job).where(Job.ticket_id.in_(ticket_ids), Job.name == JobName.PUBLISH, undone(), before)
    return db.scalar(wanted.order_by(Job.run_at.desc()).limit(1))


def _wait(db: Session, job: Job, event: TicketEvent, until: datetime, now: datetime) -> None:
    key = f"{JobName.PUBLISH}:{event.id}:{until.timestamp():.0f}"
    outbox.enqueue(db, JobName.PUBLISH, key=key, now=now, at=until, ticket_id=event.ticket_id, event_id=event.id)


def master_of(db: Session, own: Ticket, event: TicketEvent | None) -> Ticket:
    """The ticket that is handled: of an event, the one it happened to."""
    if event is not None and event.ticket_id != own.id:
        return db.get_one(Ticket, event.ticket_id)
    return own
