"""Jobs: work that must happen after the commit is a row written in the same transaction.

Redis or a thread only carries the row's number, and may lose it at any moment: every few seconds the clock looks whether
something is due and not done, and tells the workers to look into the table themselves. A job is run by marking it done
and doing it in one transaction, so a worker killed half-way leaves it undone, and a second worker finds it done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Select, event, select, update
from sqlalchemy.orm import Session, sessionmaker

from models import Job
from models.job import undone
from models.store.db import changed
from models.store.rows import insert_all_once, insert_numbered

Waiting = list[tuple[int, str]]
ATTEMPTS = 8
"""Tries before a job is left to an operator; with the waits below that is about four hours."""


class JobSession(Session):
    """A session that knows which jobs its transaction has added, and which tickets it has numbered: both are told after its commit."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fresh_jobs: list[int] = []
        self.fresh_tickets: list[int] = []
        self.gathered_jobs: list[NewJob] | None = None


class JobTransport(Protocol):
    """Takes the numbers of rows to whoever runs jobs: a thread in development, RQ in production."""

    def notify(self, job_ids: list[int]) -> None: ...

    def wake(self) -> None:
        """Something is due: whoever runs jobs looks into the table."""

    def take(self, most: int) -> list[int]:
        """Numbers that nobody has taken yet, the oldest first, for whoever runs jobs."""
        ...


@dataclass(frozen=True)
class NewJob:
    """One row to be. key: at most 120 characters, unique for ever. at: not before this moment (None: at once)."""

    name: str
    key: str
    args: dict[str, Any]
    at: datetime | None = None
    ticket_id: int | None = None


def enqueue(
    db: Session,
    name: str,
    *,
    key: str,
    now: datetime,
    at: datetime | None = None,
    ticket_id: int | None = None,
    **args: Any,
) -> bool:
    """Add one job to the caller's transaction; False when a job with this key already exists.

    key: at most 120 characters, unique for ever. at: not before this moment (default: now).
    """
    return enqueue_all(db, [NewJob(name, key, args, at, ticket_id)], now=now) == 1


def enqueue_all(db: Session, jobs: list[NewJob], *, now: datetime) -> int:
    """Add several jobs in one statement; returns how many were new, or will be tried where they are gathered."""
    if isinstance(db, JobSession) and db.gathered_jobs is not None:
        db.gathered_jobs += jobs
        return len(jobs)
    made = insert_all_once(db, Job, ["key"], [_row(job, now) for job in jobs])
    at_once = all(job.at is None or job.at <= now for job in jobs)
    _remember(db, made if at_once else _due_of(db, made, now))
    return len(made)


@contextmanager
def gathered(db: Session, now: datetime) -> Iterator[None]:
    """What is enqueued within is written in one statement at the end; it is left out when something goes wrong."""
    if not isinstance(db, JobSession):
        yield
        return
    jobs: list[NewJob] = []
    db.gathered_jobs = jobs
    try:
        yield
    finally:
        db.gathered_jobs = None
    enqueue_all(db, jobs, now=now)


def enqueue_first(db: Session, jobs: list[NewJob], *, now: datetime) -> None:
    """Add jobs whose keys nobody can have used: they name rows that this transaction has made."""
    numbers = insert_numbered(db, Job, [_row(job, now) for job in jobs])
    _remember(db, [number for number, job in zip(numbers, jobs, strict=True) if job.at is None or job.at <= now])


def _row(job: NewJob, now: datetime) -> dict[str, Any]:
    return {
        "name": job.name,
        "key": job.key,
        "args": job.args,
        "ticket_id": job.ticket_id,
        "enqueued_at": now,
        "run_at": job.at or now,
        "attempts": 0,
    }


def _remember(db: Session, job_ids: list[int]) -> None:
    """In a session without a transport nobody waits for them: the clock finds them."""
    if isinstance(db, JobSession):
        db.fresh_jobs += job_ids


def _due_of(db: Session, made: list[int], now: datetime) -> list[int]:
    return list(db.scalars(select(Job.id).where(Job.id.in_(made), Job.run_at <= now)))


def notify_after_commit(sessions: sessionmaker[Session], transport: JobTransport) -> None:
    """Hand the numbers of fresh jobs to the transport right after each commit; what is lost there the clock finds.

    sessions: makers of JobSession.
    """

    def notify(db: JobSession) -> None:
        fresh, db.fresh_jobs = db.fresh_jobs, []
        if fresh:
            transport.notify(fresh)

    def forget(db: JobSession) -> None:
        db.fresh_jobs = []

    event.listen(sessions, "after_commit", notify)
    event.listen(sessions, "after_rollback", forget)


def due_jobs(db: Session, now: datetime, most: int = 1000) -> list[int]:
    """The numbers of jobs that should have been run by now, oldest first."""
    return list(db.scalars(_due(now).limit(most)))


def take_due(db: Session, now: datetime, most: int) -> Waiting:
    """The number and name of what is due, the oldest first; only what nobody has in hand, and held for this transaction."""
    return _held(db, _due(now).limit(most))


def take_named(db: Session, job_ids: Sequence[int], now: datetime) -> Waiting:
    """The same of those of these jobs that are due and not done."""
    return _held(db, _due(now).where(Job.id.in_(job_ids)))


def _held(db: Session, query: Select[int]) -> Waiting:
    held = query.add_columns(Job.name).with_for_update(skip_locked=True)
    return [(number, name) for number, name in db.execute(held)]


def _due(now: datetime) -> Select[int]:
    return select(Job.id).where(undone(), Job.run_at <= now).order_by(Job.run_at, Job.id)


def claim(db: Session, job_id: int, now: datetime) -> Job | None:
    """Mark one job done, in the transaction that will do it; None when another has it or it is not yet time."""
    return next(iter(claim_all(db, [job_id], now)), None)


def claim_all(db: Session, job_ids: Sequence[int], now: datetime) -> list[Job]:
    """The same for several in one statement, in their order."""
    done = update(Job).where(Job.id.in_(job_ids), undone(), Job.run_at <= now)
    made = db.scalars(
        done.values(done_at=now, attempts=Job.attempts + 1)
        .returning(Job)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted(made, key=lambda job: job.id)


def note_failure(db: Session, job_id: int, now: datetime, error: str, *, final: bool = False) -> None:
    """Put a failed job back with a later run_at; after the last attempt it stays for an operator."""
    job = db.get(Job, job_id, populate_existing=True)
    if job is None or job.done_at is not None:
        return
    job.attempts += 1
    job.error = error[:4000]
    if final or job.attempts >= ATTEMPTS:
        job.failed_at = now
    else:
        job.run_at = now + timedelta(seconds=5 * 3 ** (job.attempts - 1))


def retry(db: Session, job_id: int, now: datetime) -> bool:
    """An operator's second chance for a job that was given up or waits for its next try."""
    undone = update(Job).where(Job.id == job_id, Job.done_at.is_(None)).values(failed_at=None, run_at=now, attempts=0)
    if changed(db, undone) != 1:
        return False
    _remember(db, [job_id])
    return True
