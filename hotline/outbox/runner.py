"""Run one job: mark it done and do it, in one transaction; then, with the transaction closed, what needs the outside."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from classifier.text.masking.mask import mask
from hotline import outbox
from hotline.errors import Refusal
from hotline.installation import Installation

log = logging.getLogger(__name__)
Afterwards = Callable[[], None]


def run_job(installation: Installation, job_id: int) -> bool:
    """Run this job if nobody has. Returns whether it was run here and now.

    1. Claim: one UPDATE marks it done; the row count names the winner.
    2. Do it in the same transaction; a worker killed here leaves the job open.
    3. Commit, then do what needs the outside (a text to send) without holding the database.
    A failure rolls back 1 and 2, and is written down with a later time to try again.
    """
    try:
        afterwards = _keep(installation, job_id)
    except Exception as error:  # noqa: BLE001 – the edge: whatever went wrong belongs on the operators' page
        _note(installation, job_id, error)
        return False
    if afterwards is None:
        return False
    afterwards()
    return True


def _keep(installation: Installation, job_id: int) -> Afterwards | None:
    with installation.sessions() as db:
        job = outbox.claim(db, job_id, installation.clock.now())
        if job is None:
            return None
        afterwards = installation.handlers[job.name](installation, db, job)
        db.commit()
    return afterwards or _nothing


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
