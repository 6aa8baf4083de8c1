"""A form sent twice (double click, back button, a retry) is done once: its random key is written with the deed."""

from __future__ import annotations

from datetime import datetime

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.web.core.request_context import here
from models import Receipt
from models.store.rows import insert_once


def was_sent(db: Session, once: str) -> bool:
    """Whether this person's form with that random key has been done, whatever it was."""
    mine = (
        Receipt.provider == "form",
        Receipt.kind.in_(("act", "contact")),
        Receipt.event_id == f"{here.me.id}:{once}"[:120],
    )
    return bool(once) and db.scalar(select(Receipt.id).where(*mine)) is not None


def first_time(db: Session, now: datetime, ticket_id: int | None = None) -> bool:
    """True when this form's key is new for the person who sends it.

    Written in the caller's transaction, so a refused form may be sent again.
    """
    key = request.form.get("once", "")[:80]
    if not key:
        return True
    return (
        insert_once(
            db,
            Receipt,
            ["provider", "kind", "event_id"],
            provider="form",
            kind="act",
            event_id=f"{here.me.id}:{key}",
            received_at=now,
            ticket_id=ticket_id,
            result={},
        )
        is not None
    )
