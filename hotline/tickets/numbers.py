"""Ticket numbers that a caller can write down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.outbox import JobSession
from models import Ticket
from models.store.rows import next_numbers


def number_of(city: City, ticket_id: int, now: datetime) -> str:
    """Twelve digits: the local day, then six that no other ticket of these days has."""
    day = now.astimezone(ZoneInfo(city.timezone))
    return f"{day:%y%m%d}{ticket_id % 1_000_000:06d}"


def next_ids(db: Session, wanted: int) -> Sequence[int]:
    """As many ids of tickets as wanted, to be used before more are asked for."""
    db.flush()
    taken = next_numbers(db, cast(Table, Ticket.__table__), wanted)
    if isinstance(db, JobSession):
        db.fresh_tickets += taken
    return taken
