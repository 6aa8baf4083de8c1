"""Ticket numbers that a caller can write down, and query codes that nobody can guess."""

from __future__ import annotations

import secrets
import threading
from datetime import datetime
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from hotline.city.schema import City
from models import Ticket

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0/O and no 1/I: the code is read out over the telephone."""

BLOCK = 20
_lock = threading.Lock()
_reserved: WeakKeyDictionary[Engine, list[int]] = WeakKeyDictionary()


def new_query_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(6))


def give_number(db: Session, city: City, ticket: Ticket, now: datetime) -> None:
    """Give the ticket its id and its twelve-digit number: the local day, then six digits that no other ticket has."""
    ticket.id = _next_id(db)
    day = now.astimezone(ZoneInfo(city.timezone))
    ticket.number = f"{day:%y%m%d}{ticket.id % 1_000_000:06d}"


def _next_id(db: Session) -> int:
    """On SQLite the writer is alone and the next id is the largest plus one; PostgreSQL gives blocks of a sequence.

    A sequence never takes numbers back, so a block may be kept in the process without fear of a rollback.
    """
    bind = db.get_bind()
    if bind.dialect.name != "postgresql":
        return (db.scalar(select(func.max(Ticket.id))) or 0) + 1
    with _lock:
        block = _reserved.setdefault(bind.engine, [])
        if not block:
            block += db.scalars(text(f"SELECT nextval('ticket_id_seq') FROM generate_series(1, {BLOCK})")).all()[::-1]
        return block.pop()
