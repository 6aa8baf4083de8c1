"""Which promises wait longer than they should, and which were given up: what an operator looks at first."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Job

LATE = timedelta(minutes=5)
SHOWN = 200


def late_jobs(db: Session, now: datetime, most: int = SHOWN) -> list[Job]:
    """Due for more than five minutes, and neither kept nor given up: no worker runs, or each try fails."""
    late = select(Job).where(Job.done_at.is_(None), Job.failed_at.is_(None), Job.run_at <= now - LATE)
    tried = select(Job).where(Job.done_at.is_(None), Job.failed_at.is_(None), Job.attempts > 0)
    found = {
        job.id: job for query in (late, tried) for job in db.scalars(query.order_by(Job.run_at, Job.id).limit(most))
    }
    return sorted(found.values(), key=lambda job: (job.run_at, job.id))[:most]


def failed_jobs(db: Session, most: int = SHOWN) -> list[Job]:
    """Given up after the last try, the newest first."""
    return list(db.scalars(select(Job).where(Job.failed_at.is_not(None)).order_by(Job.failed_at.desc()).limit(most)))
