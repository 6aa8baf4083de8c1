"""Each text that a sender took, delivered or would not take is counted by day, with what it cost."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import SenderDay
from models.store.rows import insert_once
from webhooks.ranked_senders import Carried
from webhooks.sender import SendFailed

SINGLE, PART = 70, 67
"""Characters of a Chinese text that is charged as one, and of each part of a longer one."""


def pieces_of(text: str) -> int:
    """As how many texts a network charges this one."""
    return 1 if len(text) <= SINGLE else math.ceil(len(text) / PART)


def note_carried(db: Session, carried: Carried, text: str, now: datetime) -> None:
    pieces = pieces_of(text)
    _count(db, carried.provider, now, sent=1, pieces=pieces, cost=pieces * carried.price)
    _set(db, carried.provider, now, sent_at=now)
    note_refused(db, carried.refused, now)


def note_refused(db: Session, refused: Iterable[tuple[str, SendFailed]], now: datetime) -> None:
    for name, failure in refused:
        _count(db, name, now, failed=1)
        _set(db, name, now, failed_at=now, error=f"{failure.reason} {failure.code}".strip()[:300])


def note_end(db: Session, provider: str, state: str, now: datetime) -> None:
    """A receipt told how a text ended."""
    if state in ("delivered", "undelivered", "failed"):
        _count(db, provider, now, **{"delivered" if state == "delivered" else "undelivered": 1})


def _count(db: Session, provider: str, now: datetime, **more: float) -> None:
    """Adds in the database: two workers at once lose nothing."""
    insert_once(
        db,
        SenderDay,
        ["provider", "day"],
        provider=provider,
        day=now.date(),
        sent=0,
        pieces=0,
        cost=0.0,
        failed=0,
        delivered=0,
        undelivered=0,
    )
    _set(db, provider, now, **{name: getattr(SenderDay, name) + value for name, value in more.items()})


def _set(db: Session, provider: str, now: datetime, **values: object) -> None:
    db.execute(
        update(SenderDay)
        .where(SenderDay.provider == provider, SenderDay.day == now.date())
        .values(**values)
        .execution_options(synchronize_session=False)
    )
