"""Many jobs in one transaction: for imports, where thousands are due at once and each is small."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from hotline import outbox
from hotline.installation import Installation
from hotline.outbox.runner import run_job
from models import Job

AT_ONCE = 100
Afterwards = Callable[[], None]


def run_all_due(installation: Installation, progress: Callable[[int, int], None] = lambda _n, _of: None) -> int:
    """Run everything that is due now, as `drain` does, but a hundred jobs to a transaction. Returns how many were run.

    progress is told how many were looked at, of how many that are waiting.
    """
    kept = looked_at = 0
    while True:
        now = installation.clock.now()
        with installation.readings() as db:
            ids = outbox.due_jobs(db, now, AT_ONCE)
            waiting = db.scalar(
                select(func.count(Job.id)).where(Job.done_at.is_(None), Job.failed_at.is_(None), Job.run_at <= now)
            )
        if not ids:
            return kept
        done = _keep_together(installation, ids)
        kept += done
        progress(looked_at + done, looked_at + int(waiting or 0))
        looked_at += done
        if not done:
            return kept


def _keep_together(installation: Installation, ids: list[int]) -> int:
    """All or none; when one fails each is kept alone by `run`, which writes down why that one could not be."""
    try:
        done, afterwards = _keep_in_one(installation, ids)
    except Exception:  # noqa: BLE001 – the edge: `run` meets the same trouble again and notes it
        return sum(run_job(installation, job_id) for job_id in ids)
    for then in afterwards:
        then()
    return done


def _keep_in_one(installation: Installation, ids: list[int]) -> tuple[int, list[Afterwards]]:
    afterwards: list[Afterwards] = []
    done = 0
    with installation.sessions() as db:
        for job_id in ids:
            job = outbox.claim(db, job_id, installation.clock.now())
            if job is not None:
                done += 1
                then = installation.handlers[job.name](installation, db, job)
                afterwards += [then] if then else []
        db.commit()
    return done, afterwards
