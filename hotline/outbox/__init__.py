"""The outbox: work that must happen after the commit is a row of the same transaction, and is run from the table."""

from hotline.outbox.table import (
    ATTEMPTS,
    JobSession,
    JobTransport,
    NewJob,
    claim,
    due_jobs,
    enqueue,
    enqueue_all,
    enqueue_first,
    note_failure,
    notify_after_commit,
    retry,
    take_due,
)

__all__ = [
    "ATTEMPTS",
    "JobSession",
    "JobTransport",
    "NewJob",
    "claim",
    "due_jobs",
    "enqueue",
    "enqueue_all",
    "enqueue_first",
    "note_failure",
    "notify_after_commit",
    "retry",
    "take_due",
]
