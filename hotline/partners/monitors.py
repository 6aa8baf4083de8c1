"""Bodies that monitor: each row of the stream becomes one signed telling, in order for each ticket, with nothing about people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.city.partners.subscription import Subscription
from hotline.city.schema import City
from hotline.i18n import speaking
from hotline.installation import Installation
from hotline.monitoring.faces import FACTS, seen
from hotline.partners.publish import add_delivery, address_of
from models import Delivery, MonitorEntry


def tell_monitors(installation: Installation, db: Session, entries: Iterable[MonitorEntry], now: datetime) -> None:
    """In the transaction that writes the rows; whoever has no address or no key yet is not told."""
    bodies = [one for one in installation.city.subscriptions if one.monitoring and address_of(installation, one.name)]
    for entry in entries if bodies else ():
        for body in bodies:
            kind = body.stream_kind_of(entry.kind)
            if kind:
                key = f"{body.name}:m{entry.id}"
                add_delivery(db, key, body.name, kind, now, ticket_id=entry.ticket_id, entry_id=entry.id)


def told(db: Session, city: City, held: Delivery) -> tuple[dict[str, str], Subscription] | None:
    """The body of one telling in the city's language; None when the city's file does not know it any more."""
    subscription = city.subscription(held.partner)
    if subscription is None or held.kind not in subscription.tellings or not subscription.monitoring:
        return None
    (one,) = seen(db, city, [db.get_one(MonitorEntry, held.entry_id)])
    telling = subscription.tellings[held.kind]
    with speaking("zh"):
        content = {theirs: FACTS[ours](one) for theirs, ours in telling.fields.items()}
    return dict(telling.fixed) | content, subscription
