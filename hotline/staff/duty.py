"""Who takes calls, and since when: the switch and its history are written together, here and nowhere else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import DutyTime, Staff


def set_duty(db: Session, staff: Staff, on: bool, now: datetime) -> None:
    """Switch to on or off duty; a second switch to the same side changes nothing."""
    staff.on_duty = on
    running = (DutyTime.staff_id == staff.id, DutyTime.ended_at.is_(None))
    if not on:
        db.execute(update(DutyTime).where(*running).values(ended_at=now))
    elif db.scalar(select(DutyTime.id).where(*running).limit(1)) is None:
        db.add(DutyTime(staff_id=staff.id, started_at=now, ended_at=None))
