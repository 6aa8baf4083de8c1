"""Ticket numbers that a caller can write down."""

from __future__ import annotations

import threading
from datetime import datetime
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from hotline.city.schema import City
from models import Ticket

BLOCK = 20
_lock = threading.Lock()
_reserved: WeakKeyDictionary[Engine, list[int]] = WeakKeyDictionary()


def number_of(city: City, ticket_id: int, now: datetime) -> str:
    """Twelve digits: the local day, then six that no other ticket of these days has."""
    day = now.astimezone(ZoneInfo(city.timezone))
    return f"{day:%y%m%d}{ticket_id % 1_000_000:06d}"


def next_ids(db: Session, wanted: int) -> list[int]:
    """As many ids as wanted. On SQLite the writer is alone and they follow the largest, so they must be used before more
    are asked for; PostgreSQL gives them from a sequence, in blocks kept in the process: it never takes a number back.
    """
    bind = db.get_bind()
    if bind.dialect.name != "postgresql":
        db.flush()
        last = db.scalar(select(func.max(Ticket.id))) or 0
        return list(range(last + 1, last + 1 + wanted))
    with _lock:
        block = _reserved.setdefault(bind.engine, [])
        if len(block) < wanted:
            block += db.scalars(_SEQUENCE, {"n": max(BLOCK, wanted)}).all()
        taken, block[:] = block[:wanted], block[wanted:]
        return taken


_SEQUENCE = text("SELECT nextval('ticket_id_seq') FROM generate_series(1, :n)")
