"""What the city brings along is put where people keep their ready words, once: what they change stays as they changed it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.ready.schema import ReadyFile
from models import ReadyWord

BY = "城市资料"


def seed_ready(session: Session, ready: ReadyFile, now: datetime) -> int:
    """How many were new, the first of the file as the newest; never commits."""
    known = set(session.scalars(select(ReadyWord.code).where(ReadyWord.code.is_not(None))))
    fresh = [one for one in ready.words if one.code not in known]
    session.add_all(
        ReadyWord(
            code=one.code,
            desk=one.desk,
            title=one.title,
            body=one.body,
            changed_at=now,
            changed_by_name=BY,
        )
        for one in reversed(fresh)
    )
    session.flush()
    return len(fresh)
