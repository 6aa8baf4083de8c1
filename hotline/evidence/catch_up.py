"""Once a night: what no job has looked at, because it came from another system or before there were findings."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from hotline.evidence.look import look_at
from hotline.evidence.recurring import seek_earlier
from hotline.installation import Installation
from models import ExactSpot, Reply, Ticket

BACK = timedelta(days=180)
AT_ONCE, MOST = 200, 20_000


def look_back(installation: Installation, now: datetime, back_to: timedelta = BACK, most: int = MOST) -> int:
    """Tickets no older than that without a place are placed, the oldest first, and their replies looked at; returns how many."""
    with installation.readings() as db:
        ids = list(
            db.scalars(
                select(Ticket.id)
                .join(ExactSpot, ExactSpot.ticket_id == Ticket.id, isouter=True)
                .where(Ticket.created_at > now - back_to, Ticket.unit_code.is_not(None), ExactSpot.ticket_id.is_(None))
                .order_by(Ticket.created_at)
                .limit(most)
            )
        )
    folder = installation.settings.attachments
    for at in range(0, len(ids), AT_ONCE):
        with installation.sessions() as db:
            for ticket in db.scalars(select(Ticket).where(Ticket.id.in_(ids[at : at + AT_ONCE])).order_by(Ticket.id)):
                back = seek_earlier(db, installation.city, ticket)
                replies = select(Reply).where(Reply.ticket_id == ticket.id, Reply.kind == "final").order_by(Reply.id)
                for reply in db.scalars(replies):
                    look_at(db, installation.city, folder, reply, now)
                if back is not None:
                    look_at(db, installation.city, folder, db.get_one(Reply, back.reply_id), now)
            db.commit()
    return len(ids)
