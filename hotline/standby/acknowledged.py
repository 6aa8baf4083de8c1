"""Which tickets were acknowledged, told beside the database: after a switch-over it names those that had not arrived.

A line per ticket: its id and the moment; nothing of the matter. It lies on the second place where there is one, else in our own
folder. Nobody who hands in a matter waits for it: a thread writes, and what a crash of the whole machine takes is the last moment.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from hotline.clock import Clock
from hotline.keys import second_place
from hotline.outbox import JobSession
from hotline.settings import Settings

log = logging.getLogger(__name__)
FULL = 8 << 20
"""Bytes of one file; then it becomes the former one."""


class Told(NamedTuple):
    """at: the moment of the commit. ticket_id: of a ticket that was committed then."""

    at: datetime
    ticket_id: int


def file_of(settings: Settings) -> Path:
    place = settings.second_place
    return (place if place is not None and second_place.stands(settings) else settings.var) / second_place.ACKNOWLEDGED


def watch(sessions: sessionmaker[Session], settings: Settings, clock: Clock) -> None:
    """From now on each commit of these sessions that made tickets is written down, where a standby is expected."""
    if not settings.standby_url:
        return
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_write, args=(settings, told), name="acknowledged", daemon=True).start()

    def committed(db: JobSession) -> None:
        taken, db.fresh_tickets = db.fresh_tickets, []
        for ticket_id in taken:
            told.put(json.dumps([clock.now().isoformat(), ticket_id]) + "\n")

    def undone(db: JobSession) -> None:
        db.fresh_tickets = []

    event.listen(sessions, "after_commit", committed)
    event.listen(sessions, "after_rollback", undone)


def _write(settings: Settings, told: queue.SimpleQueue[str]) -> None:
    while True:
        line = told.get()
        try:
            path = file_of(settings)
            with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "a") as out:
                out.write(line)
            if path.stat().st_size > FULL:
                path.replace(_former(path))
        except OSError as error:
            log.error("cannot write down an acknowledged ticket: %s", error.strerror)


def told_of(settings: Settings) -> Iterator[Told]:
    """What was acknowledged, the oldest first; a line that a crash cut off says nothing."""
    path = file_of(settings)
    for one in (_former(path), path):
        for line in one.read_text().splitlines() if one.exists() else ():
            try:
                at, ticket_id = json.loads(line)
            except ValueError:
                continue
            yield Told(datetime.fromisoformat(at), int(ticket_id))


def _former(path: Path) -> Path:
    return path.with_name(f"{path.name}-former")
