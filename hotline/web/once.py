"""A form sent twice (double click, back button, a retry) is done once: its random key is written with the deed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import Receipt
from models.db import changed


def first_time(db: Session, now: datetime, ticket_id: int | None = None) -> bool:
    """True when this form's key is new; written in the caller's transaction, so a refused form may be sent again."""
    key = request.form.get("once", "")[:120]
    if not key:
        return True
    insert: Any = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    return changed(db, insert(Receipt).values(
        provider="form", kind="act", event_id=key, received_at=now, ticket_id=ticket_id, result={},
    ).on_conflict_do_nothing(index_elements=["provider", "kind", "event_id"])) == 1
