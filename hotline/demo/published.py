"""Some citizens of the demo let the city publish their matter; a reviewer has read most of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.errors import Refusal
from hotline.public_board import consent, publishing
from hotline.public_board.wording import proposed
from hotline.tickets.act import attempt
from hotline.tickets.roles import Actor, a_citizen
from models import Publication, Ticket

WAITING = 2


def publish_some(db: Session, reviewer: Actor, now: datetime, most: int | None = None) -> None:
    """Every second matter that may be shown at all (of the newest, when there are more than most); the last ones still wait to be read."""
    ended = select(Ticket).join(Ticket.text).where(publishing.fit()).order_by(Ticket.id)
    if most is not None:
        ended = ended.order_by(None).order_by(Ticket.id.desc()).limit(most)
    for ticket in db.scalars(ended).all()[::2]:
        consent.give(db, ticket, a_citizen(ticket), now)
    for publication, ticket in db.execute(publishing.waiting().order_by(Publication.id)).all()[:-WAITING]:
        _publish(db, reviewer, publication, ticket, now)


def _publish(db: Session, reviewer: Actor, publication: Publication, ticket: Ticket, now: datetime) -> Refusal | None:
    """What still tells of somebody waits for a person's own words."""
    return attempt(db, lambda: publishing.publish(db, reviewer, publication.id, proposed(ticket), now))
