"""What the citizens said whose tickets were merged in, as everybody may read it: each is answered by the same reply."""

from __future__ import annotations

from sqlalchemy.orm import Session

from hotline.review_advice.advise import request_of
from hotline.review_advice.others import Heard
from hotline.tickets.citizens.merged import merged_into
from hotline.tickets.privacy import redact
from models import Ticket

MOST = 50
"""So many of them are read: the unit's check reads them while it types."""


def others_heard(db: Session, ticket: Ticket) -> list[Heard]:
    """Of the earliest, each under the own number."""
    return [Heard(one.number, redact.starred(one, request_of(one))) for one in merged_into(db, ticket)[:MOST]]
