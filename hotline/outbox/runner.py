"""Run jobs: mark them done and do them, in one transaction; then, with the transaction closed, what needs the outside."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from hotline import outbox
from hotline.city.following import follow
from hotline.errors import Refusal
from hotline.installation import Installation
from models import Job
from models.store.away import is_gone

log = logging.getLogger(__name__)
Afterwards = Callable[[], None]
Watch = Callable[[int | None], None]
IN_ONE_TRANSACTION = 40
LONGEST = 1.0
"""Seconds after which what was done together is committed, and others may write."""
STAND_BACK = 0.15
"""Seconds in which a worker that has written so long lets others write. On SQLite one writes at a time, and whoever waits asks
every tenth of a second: without a gap of that length a worker with much to do would keep all others out."""
_stretch = threading.local()


def run_job(installation: Installation, job_id: int) -> bool:
    """Run this job if nobody has. Returns whether it was run here and now.

    1. Claim: one UPDATE marks it done; the row count names the winner.
    2. Do it in the same transaction; a worker killed here leaves the job open.
    3. Commit, then do what needs the outside (a text to send) without holding the database.
    A failure rolls back 1 and 2, and is written down with a later time to try again. A database that is gone is no failure
    of the job: the error is raised, and the job is due as before.
    """
    try:
        _look_around(installation)
        afterwards = _keep(installation, job_id)
    except Exception as error:  # the edge: whatever went wrong belongs on the operators' page
        if is_gone(error):
            raise
        _note(installation, job_id, error)
        return False
    if afterwards is None:
        return False
    afterwards()
    return True


def run_jobs(installation: Installation, job_ids: Sequence[int], watch: Watch = lambda _job_id: None) -> None:
    """Run these jobs: what came together is done together, in one transaction as far as it stays inside the database."""
    for at in range(0, len(job_ids), IN_ONE_TRANSACTION):
        _run_some(installation, watch, job_ids[at : at + IN_ONE_TRANSACTION])
    watch(None)


def run_due(installation: Installation, seconds: float, watch: Watch = lambda _job_id: None) -> bool:
    """Run what has just been enqueued, then what is due by the table, the oldest first; several workers share both.

    What citizens just did waits no longer than a few jobs of a backlog. Returns whether the time was over before the work
    was. watch is told what is in hand, and None at the end.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if fresh := installation.transport.take(IN_ONE_TRANSACTION):
            run_jobs(installation, fresh, watch)
        elif not _run_some(installation, watch):
            watch(None)
            return False
    watch(None)
    return True


def _run_some(installation: Installation, watch: Watch, job_ids: Sequence[int] = ()) -> int:
    """A few jobs (those named, or what is due) in one transaction, or each in its own when one of them fails.

    It ends with the first that needs the outside, so that a crash leaves one deed in doubt and not forty. Others that were
    named follow one by one; what was found in the table is left to the next look. Returns how many there were.
    """
    waiting: list[int] = []
    try:
        _look_around(installation)
        there, afterwards = _keep_some(installation, watch, waiting, job_ids)
    except Exception as error:
        if not waiting or is_gone(error):
            raise  # the table could not even be read
        _run_each(installation, watch, waiting)
        return len(waiting)
    afterwards()
    _run_each(installation, watch, waiting if job_ids else ())
    return there


def _look_around(installation: Installation) -> None:
    """Other files of the city, another model: read before anything is held, since on SQLite everybody waits for one who writes."""
    follow(installation)
    if installation.before_jobs is not None:
        installation.before_jobs()


@contextmanager
def _transaction(installation: Installation) -> Iterator[Session]:
    """Committed at the end; where a worker has written for a second without a gap, those who wait come first."""
    with installation.sessions() as db:
        if time.monotonic() - getattr(_stretch, "ended", 0.0) > STAND_BACK:
            _stretch.began = time.monotonic()
        yield db
        db.commit()
        alone = db.get_bind().dialect.name == "sqlite"
    _stretch.ended = time.monotonic()
    if alone and _stretch.ended - _stretch.began > LONGEST:
        time.sleep(STAND_BACK)


def _run_each(installation: Installation, watch: Watch, job_ids: Sequence[int]) -> None:
    for job_id in job_ids:
        watch(job_id)
        run_job(installation, job_id)


def _keep_some(
    installation: Installation, watch: Watch, waiting: list[int], job_ids: Sequence[int]
) -> tuple[int, Afterwards]:
    """Leaves in `waiting` what is still to be done, or everything when it fails. Returns how many jobs there were."""
    with _transaction(installation) as db:
        now = installation.clock.now()
        found = outbox.take_named(db, job_ids, now) if job_ids else outbox.take_due(db, now, IN_ONE_TRANSACTION)
        waiting += [job_id for job_id, _name in found]
        _do_those_of_many(installation, db, found, watch)
        others = [job_id for job_id, name in found if name not in installation.handlers_of_many]
        afterwards = _do_until_outside(installation, db, others, watch)
    waiting[:] = others
    return len(found), afterwards


def _do_until_outside(installation: Installation, db: Session, job_ids: list[int], watch: Watch) -> Afterwards:
    """Takes out of the list what it has done; after a second the rest is left as well."""
    end = time.monotonic() + LONGEST
    while job_ids and time.monotonic() < end:
        job_id = job_ids.pop(0)
        watch(job_id)
        afterwards = _do(installation, db, job_id)
        if afterwards is not None and afterwards is not _nothing:
            return afterwards
    return _nothing


def _do_those_of_many(installation: Installation, db: Session, waiting: outbox.Waiting, watch: Watch) -> None:
    """Each kind of which several can be done at once; none of these needs the outside."""
    for kind, handle in installation.handlers_of_many.items():
        if these := [job_id for job_id, name in waiting if name == kind]:
            watch(these[0])
            handle(installation, db, outbox.claim_all(db, these, installation.clock.now()))


def _keep(installation: Installation, job_id: int) -> Afterwards | None:
    with _transaction(installation) as db:
        return _do(installation, db, job_id)


def _do(installation: Installation, db: Session, job_id: int) -> Afterwards | None:
    """None when somebody else has it or it is not yet time."""
    job: Job | None = outbox.claim(db, job_id, installation.clock.now())
    if job is None:
        return None
    return installation.handlers[job.name](installation, db, job) or _nothing


def _note(installation: Installation, job_id: int, error: Exception) -> None:
    """A refusal is final in its meaning, but tried again all the same: the ticket may change its mind."""
    said = error.sentence if isinstance(error, Refusal) else mask("".join(traceback.format_exception(error))[-3500:])
    log.warning("job %s failed: %s", job_id, said.splitlines()[-1] if said else error)
    with installation.sessions() as db:
        outbox.note_failure(db, job_id, installation.clock.now(), said)
        db.commit()


def drain(installation: Installation, most: int = 10_000) -> int:
    """Run every job that is due now, and those they enqueue; for tests, stories and the thread of development."""
    kept = 0
    while kept < most:
        with installation.readings() as db:
            ids = outbox.due_jobs(db, installation.clock.now(), min(200, most - kept))
        done = sum(run_job(installation, job_id) for job_id in ids)
        kept += done
        if not done:
            return kept
    return kept


def _nothing() -> None:
    return None
