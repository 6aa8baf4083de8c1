"""Which jobs wait longer than they should, and which were given up: what an operator looks at first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Job
from models.job import given_up, late, undone

SHOWN = 200


def late_jobs(db: Session, now: datetime, most: int = SHOWN) -> list[Job]:
    """Late, or tried in vain: no worker runs, or each try fails."""
    tried = select(Job).where(undone(), Job.attempts > 0)
    overdue = select(Job).where(late(now))
    found = {
        job.id: job for query in (overdue, tried) for job in db.scalars(query.order_by(Job.run_at, Job.id).limit(most))
    }
    return sorted(found.values(), key=lambda job: (job.run_at, job.id))[:most]


def failed_jobs(db: Session, most: int = SHOWN) -> list[Job]:
    """Given up after the last try, the newest first."""
    return list(db.scalars(select(Job).where(given_up()).order_by(Job.failed_at.desc()).limit(most)))
