"""A process proves that it lives: every few seconds its row says so, and what it has in its hands since when."""

from __future__ import annotations

import logging
import os
import socket
import threading
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import delete, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hotline.installation import Installation
from models import Process
from models.store.db import changed
from models.store.rows import insert_once

log = logging.getLogger(__name__)
EVERY = 10.0
FORGOTTEN = timedelta(days=1)


class Presence:
    """One process's signs of life, from a thread of their own: they go on while a job hangs, and then show which.

    They are not announced to open pages as other commits are: nobody draws them live.
    """

    def __init__(self, installation: Installation, kind: str):
        self.name = f"{kind} {socket.gethostname()[:50]}:{os.getpid()}"
        self._installation, self._kind = installation, kind
        self._started_at = installation.clock.now()
        self._in_hand: tuple[int | None, datetime | None] = (None, None)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="presence", daemon=True)

    def has(self, job_id: int | None) -> None:
        """What this process works on from now on; None: nothing. Costs no word with the database."""
        self._in_hand = (job_id, self._installation.clock.now() if job_id is not None else None)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Who leaves in order is not missed."""
        self._stop.set()
        self._thread.join(5)
        try:
            with Session(self._installation.engine) as db:
                db.execute(delete(Process).where(Process.name == self.name))
                db.commit()
        except SQLAlchemyError:
            log.warning("%s left without saying so", self.name)

    def sign(self) -> None:
        """Write down that this process lives."""
        now, (job_id, since) = self._installation.clock.now(), self._in_hand
        said = {"seen_at": now, "job_id": job_id, "busy_since": since}
        with Session(self._installation.engine) as db:
            if not changed(db, update(Process).where(Process.name == self.name).values(**said)):
                db.execute(delete(Process).where(Process.seen_at < now - FORGOTTEN))
                row = {"name": self.name, "kind": self._kind, "started_at": self._started_at, **said}
                insert_once(db, Process, ["name"], **row)
            db.commit()

    def _beat(self) -> None:
        while not self._stop.is_set():
            try:
                self.sign()
            except SQLAlchemyError as error:
                log.info("no sign of life could be written: %s", type(error).__name__)
            self._stop.wait(EVERY)
