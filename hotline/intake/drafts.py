"""A ticket that is not handed in yet may still be written anew by the agent who began it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from classifier.text.title import title as title_of
from hotline.city.schema import City
from hotline.errors import NotFound, OutOfTurn
from hotline.i18n import _
from hotline.intake.citizens import citizens_by_phone
from hotline.intake.open_ticket import Contact, checked
from hotline.tickets.act import lock
from hotline.tickets.points import kept
from hotline.tickets.privacy.redact import person_of
from hotline.tickets.roles import Actor
from models import Ticket


def own_draft(db: Session, ticket_id: int, actor: Actor) -> Ticket:
    """The draft, held until the end of the transaction. Raises NotFound for another's, OutOfTurn once it is handed in."""
    ticket = lock(db, ticket_id)
    if ticket.agent_id != actor.id:
        raise NotFound(_("没有这张暂存工单。"))
    if ticket.state != "draft":
        raise OutOfTurn(_("这张暂存工单已经提交，工单号 %(number)s。", number=ticket.number))
    return ticket


def rewrite(db: Session, city: City, ticket: Ticket, contact: Contact, now: datetime) -> Ticket:
    """Put what is typed now in the place of what was kept. Raises Refusal with one sentence per wrong field."""
    contact = checked(contact, city)
    citizens = citizens_by_phone(db, [(contact.phone, contact.name, contact.language)], now)
    ticket.title = contact.title or title_of(contact.body)
    ticket.channel, ticket.request_type = contact.channel, contact.request_type
    ticket.urgency, ticket.urgency_by = contact.urgency or "normal", "person" if contact.urgency else None
    ticket.privacy = contact.privacy
    ticket.category_code, ticket.area = contact.category, contact.area
    ticket.citizen_id = citizens.get(contact.phone)
    ticket.contact_name, ticket.contact_phone = contact.name or None, contact.phone or None
    ticket.text.body, ticket.text.place = contact.body, contact.place or None
    ticket.text.phone_told, ticket.text.other_phones = (
        contact.phone_told or None,
        " ".join(contact.other_phones) or None,
    )
    ticket.text.public_title = mask(ticket.title, person_of(ticket))
    happened = {"happened_at": contact.happened_at.isoformat()} if contact.happened_at else {}
    ticket.text.extra = {**ticket.text.extra, **contact.extra, **happened}
    if contact.point is None:
        kept.forget(db, [ticket.id])
    else:
        kept.keep(db, ticket.id, contact.point, now)
    return ticket
