"""The demo's agents were there round the clock: three shifts a day, two people in turn."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import LoginSession, Staff

SHIFT = timedelta(hours=8)
ON_SHIFT = ("demo-agent", "demo-lead")


def sign_in_shifts(db: Session, since: datetime, now: datetime) -> int:
    """One ended session for every shift from `since` to now; returns how many."""
    people = db.scalars(select(Staff.id).where(Staff.login.in_(ON_SHIFT)).order_by(Staff.id)).all()
    shifts = int((now - since) / SHIFT)
    for n in range(shifts):
        begun = now - SHIFT * (n + 1)
        left = begun + SHIFT
        db.add(
            LoginSession(
                id=hashlib.sha256(f"demo shift {n}".encode()).hexdigest(),
                staff_id=people[n % len(people)],
                created_at=begun,
                seen_at=left,
                ended_at=left,
                browser="demo",
            )
        )
    return shifts
