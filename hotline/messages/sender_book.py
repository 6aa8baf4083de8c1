"""Each text that a sender took, delivered or would not take is counted by day, with what it cost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from models import SenderDay
from models.store.rows import add_up
from webhooks.ranked_senders import Carried
from webhooks.sender import SendFailed

SINGLE, PART = 70, 67
"""Characters of a Chinese text that is charged as one, and of each part of a longer one."""

COUNTED = ("sent", "pieces", "cost", "failed", "delivered", "undelivered")


def pieces_of(text: str) -> int:
    """As how many texts a network charges this one."""
    return 1 if len(text) <= SINGLE else math.ceil(len(text) / PART)


def note_carried(db: Session, carried: Carried, text: str, now: datetime) -> None:
    pieces = pieces_of(text)
    added = {"sent": 1, "pieces": pieces, "cost": pieces * carried.price}
    _note(db, carried.provider, now, added, {"sent_at": now})
    note_refused(db, carried.refused, now)


def note_refused(db: Session, refused: Iterable[tuple[str, SendFailed]], now: datetime) -> None:
    for name, failure in refused:
        why = f"{failure.reason} {failure.code}".strip()[:300]
        _note(db, name, now, {"failed": 1}, {"failed_at": now, "error": why})


def note_end(db: Session, provider: str, state: str, now: datetime) -> None:
    """A receipt told how a text ended."""
    if state in ("delivered", "undelivered", "failed"):
        _note(db, provider, now, {"delivered" if state == "delivered" else "undelivered": 1}, {})


def _note(db: Session, provider: str, now: datetime, added: Mapping[str, float], said: Mapping[str, object]) -> None:
    """One statement, in which the database adds: two workers at once lose nothing."""
    add_up(db, SenderDay, {"provider": provider, "day": now.date()}, {**dict.fromkeys(COUNTED, 0), **added}, said)
