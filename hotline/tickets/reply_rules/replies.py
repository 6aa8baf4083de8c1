"""A ticket's replies as others ask for them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Reply


def last_reply(db: Session, ticket_id: int) -> Reply | None:
    """The newest final reply of any round."""
    return db.scalar(
        select(Reply).where(Reply.ticket_id == ticket_id, Reply.kind == "final").order_by(Reply.id.desc()).limit(1)
    )
