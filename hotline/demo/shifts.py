"""The demo's agents were there round the clock: three shifts a day, two people in turn."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.staff.duty import set_duty
from models import DutyTime, LoginSession, Staff

SHIFT = timedelta(hours=8)
ON_SHIFT = ("demo-agent", "demo-lead")


def sign_in_shifts(db: Session, since: datetime, now: datetime) -> int:
    """One ended session and duty for every shift from `since` to now; returns how many."""
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
        db.add(DutyTime(staff_id=people[n % len(people)], started_at=begun, ended_at=left))
    for one in db.scalars(select(Staff).where(Staff.on_duty)):
        set_duty(db, one, True, now)
    return shifts
