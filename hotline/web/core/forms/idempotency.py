"""A form sent twice (double click, back button, a retry) is done once: its random key is written with the deed."""

from __future__ import annotations

from datetime import datetime

from flask import request
from sqlalchemy.orm import Session

from models import Receipt
from models.store.rows import insert_once


def first_time(db: Session, now: datetime, ticket_id: int | None = None) -> bool:
    """True when this form's key is new; written in the caller's transaction, so a refused form may be sent again."""
    key = request.form.get("once", "")[:120]
    if not key:
        return True
    return (
        insert_once(
            db,
            Receipt,
            ["provider", "kind", "event_id"],
            provider="form",
            kind="act",
            event_id=key,
            received_at=now,
            ticket_id=ticket_id,
            result={},
        )
        is not None
    )
