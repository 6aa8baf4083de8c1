"""Words to citizens by the accounts they write from: a telling to the channel like every other, in order with the rest of the ticket."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.city.partners.subscription import MESSAGE
from hotline.i18n import _
from hotline.installation import Installation
from hotline.messages.compose import DESK, EMAIL, SMS
from hotline.partners.publish import add_delivery, address_of
from models import Message, Ticket
from webhooks.numbers import can_be_texted


def send_by_account(installation: Installation, db: Session, message_id: int, now: datetime) -> bool:
    """A queued message that goes by a channel becomes a telling of it; where the channel is not connected, a text to the
    number that the citizen left. What is for a telephone, a screen or a mailbox is left alone.

    Returns whether it is a text now, which is still to be sent.
    """
    message = db.get(Message, message_id, populate_existing=True)
    if message is None or message.state != "queued" or message.channel in (SMS, DESK, EMAIL):
        return False
    if _carries(installation, message.channel):
        key = f"{message.channel}:m{message.id}"
        add_delivery(db, key, message.channel, MESSAGE, now, ticket_id=message.ticket_id, message_id=message.id)
        return False
    ticket = db.get(Ticket, message.ticket_id) if message.ticket_id else None
    phone = ticket.contact_phone if ticket is not None else None
    if can_be_texted(phone):
        message.channel, message.phone = SMS, phone
    else:
        message.state, message.error = "failed", _("渠道“%(name)s”没有接通，市民也没有留手机号。", name=message.channel)
    db.flush()
    return message.channel == SMS


def _carries(installation: Installation, name: str) -> bool:
    known = installation.city.subscription(name)
    return known is not None and known.carries_messages and bool(address_of(installation, name))


def connected(installation: Installation) -> list[str]:
    """The names of the channels by whose accounts citizens write and are answered."""
    return [one.shown for one in installation.city.subscriptions if _carries(installation, one.name)]
