"""What was taken out of a log for good: up to which number, and that it was the program that did so."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.tickets.seals.reading import is_same
from hotline.tickets.seals.row_seals import plain
from models import LogArchive
from models.store.db import write_json

_SAID = ("at", "log", "year", "first_id", "last_id", "rows", "file", "digest")


def all_of(db: Session, log: str) -> Sequence[LogArchive]:
    return db.scalars(select(LogArchive).where(LogArchive.log == log).order_by(LogArchive.last_id)).all()


def end_of(db: Session, log: str, key: bytes) -> int:
    """The last number that was taken out; 0 when none was. Whoever only holds the database cannot say so."""
    return max((one.last_id for one in all_of(db, log) if is_same(one.mark, mark_of(one, key))), default=0)


def mark_of(one: LogArchive, key: bytes) -> str:
    said = write_json(["log_archive", *(plain(getattr(one, name)) for name in _SAID)])
    return hmac.digest(key or b"plain", said.encode(), "sha256").hex()
