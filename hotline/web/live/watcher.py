"""Notices that the database changed, once per process, so that a hundred open screens cost one look and not a hundred.

On SQLite one connection asks `PRAGMA data_version`, which moves with every commit of any process; on PostgreSQL one
listens to the word of every commit (hotline/outbox/commit_notify.py), and asks the highest numbers of the logs when it cannot.
A position in the logs is a cursor that means the same in every process.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hotline.installation import Installation
from hotline.outbox.commit_notify import Listener, errors_of
from hotline.web.core.limits.edge import whole_number
from models import Call, CallLeg, Message, Petition, TicketEvent

log = logging.getLogger(__name__)
KEPT = 600
SQLITE_PAUSE, OTHER_PAUSE = 0.2, 0.5
LEAST_EVERY = 15.0
ENDS_WITHIN = 1.0
UNTOLD = 3.0
"""Seconds after which a listener looks although it heard nothing: a word may be lost."""


@dataclass(frozen=True)
class Cursor:
    """How far a reader has heard: the last event and message, and what the calls and petitions looked like."""

    event: int = 0
    message: int = 0
    calls: str = ""
    petitions: str = ""

    def __str__(self) -> str:
        return f"{self.event}-{self.message}-{self.calls}-{self.petitions}"

    @classmethod
    def read(cls, text: str | None) -> Cursor | None:
        """None for anything that is not a cursor: such a reader starts from now."""
        parts = (text or "").split("-")
        event, message = whole_number(parts[0]), whole_number(parts[1] if len(parts) == 4 else None)
        if event is None or message is None:
            return None
        return cls(event, message, parts[2][:16], parts[3][:16])


@dataclass(frozen=True)
class Note:
    """One new message: whom it concerns, never what it says."""

    id: int
    channel: str
    staff_id: int | None
    unit_code: str | None
    role: str | None


@dataclass(frozen=True)
class Heard:
    """What happened after a cursor. tickets: numbers of the changed tickets, None when too long ago to name them."""

    cursor: Cursor
    tickets: frozenset[int] | None
    notes: tuple[Note, ...]
    calls: bool
    petitions: bool


class Watcher:
    """One per process. Streams wait on it; polls look for themselves."""

    def __init__(self, installation: Installation):
        self._installation = installation
        self._changed = threading.Condition()
        self._looking = threading.Lock()
        self._events: deque[tuple[int, int]] = deque(maxlen=KEPT)
        self._notes: deque[Note] = deque(maxlen=KEPT)
        self._from_event = self._from_message = 0
        self._now: Cursor | None = None
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    def position(self) -> Cursor:
        """Where the logs end; looks when nobody has looked yet."""
        return self._now or self.look()

    def look(self) -> Cursor:
        """Read what is new and wake everybody when something is."""
        with self._looking:
            with self._installation.readings() as db:
                found = self._read(db)
            if found == self._now:
                return found
            with self._changed:
                self._now = found
                self._changed.notify_all()
            return found

    def since(self, cursor: Cursor) -> Heard:
        """What happened after the cursor, from memory."""
        with self._changed:
            now = self._now or cursor
            # A cursor beyond our end is that of another process that has looked more recently: nothing is new to it.
            named = cursor.event >= self._from_event
            tickets = frozenset(ticket for number, ticket in self._events if number > cursor.event) if named else None
            notes = tuple(note for note in self._notes if note.id > cursor.message)
        return Heard(now, tickets, notes, now.calls != cursor.calls, now.petitions != cursor.petitions)

    def wait(self, cursor: Cursor, seconds: float, ended: Callable[[], bool] = lambda: False) -> bool:
        """Until something happened after the cursor, at most so long, or until it has ended or nobody watches any more.

        Starts the thread that watches.
        """
        self._start()
        until = time.monotonic() + seconds
        with self._changed:
            while (left := until - time.monotonic()) > 0 and not (self._stopped.is_set() or ended()):
                if self._changed.wait_for(
                    lambda: self._now is not None and self._now != cursor, min(left, ENDS_WITHIN)
                ):
                    return True
        return False

    def stop(self) -> None:
        """End the thread and wake everybody who waits, for tests and a clean exit; whoever waits again begins it anew."""
        self._stopped.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(2)

    # --- steps -----------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        with self._looking:
            if self._thread is None or not self._thread.is_alive():
                self._stopped.clear()
                thread = threading.Thread(target=self._watch, name="watcher", daemon=True)
                thread.start()
                # Known when it runs: whoever stops us at this very moment may wait for it.
                self._thread = thread

    def _watch(self) -> None:
        """Look whenever something was committed, and now and then all the same."""
        if self._installation.engine.dialect.name == "postgresql":
            self._listen()
            return
        moved = _sqlite_moves(self._installation) if self._installation.engine.dialect.name == "sqlite" else None
        pause, looked = (SQLITE_PAUSE if moved else OTHER_PAUSE), 0.0
        while not self._stopped.wait(pause):
            try:
                if moved is None or moved() or time.monotonic() - looked > LEAST_EVERY:
                    looked = time.monotonic()
                    self.look()
            except (SQLAlchemyError, sqlite3.Error) as error:
                log.warning("cannot look for changes, trying again: %s", error)
                self._stopped.wait(2)

    def _listen(self) -> None:
        """Look at each word of a commit; while nobody can be listened to, look every so often and try again."""
        trouble: tuple[type[Exception], ...] = (SQLAlchemyError, *errors_of(self._installation.engine))
        listener: Listener | None = None
        tried = -LEAST_EVERY
        while not self._stopped.is_set():
            try:
                if listener is None and time.monotonic() - tried >= LEAST_EVERY:
                    tried = time.monotonic()
                    listener = Listener(self._installation.engine)
                if listener is None:
                    self._stopped.wait(OTHER_PAUSE)
                else:
                    until = time.monotonic() + UNTOLD
                    while not self._stopped.is_set() and time.monotonic() < until and not listener.wait(0.5):
                        pass
                self.look()
            except trouble as error:
                log.warning("cannot listen for changes, looking every so often: %s", error)
                listener = None
                self._stopped.wait(OTHER_PAUSE)
        if listener is not None:
            listener.close()

    def _read(self, db: Session) -> Cursor:
        """The new rows of the logs since the last look, and the present ends."""
        if self._now is None:
            self._from_event = db.scalar(select(func.max(TicketEvent.id))) or 0
            self._from_message = db.scalar(select(func.max(Message.id))) or 0
            return Cursor(self._from_event, self._from_message, _calls(db, self._installation), _petitions(db))
        event, message = self._now.event, self._now.message
        fresh = db.execute(
            select(TicketEvent.id, TicketEvent.ticket_id)
            .where(TicketEvent.id > event)
            .order_by(TicketEvent.id)
            .limit(KEPT * 10)
        ).all()
        notes = db.execute(
            select(Message.id, Message.channel, Message.staff_id, Message.unit_code, Message.role)
            .where(Message.id > message)
            .order_by(Message.id)
            .limit(KEPT * 10)
        ).all()
        with self._changed:
            for number, ticket in fresh:
                if len(self._events) == KEPT:
                    self._from_event = self._events[0][0]
                self._events.append((number, ticket))
            self._notes.extend(Note(*row) for row in notes)
        return Cursor(
            fresh[-1][0] if fresh else event,
            notes[-1][0] if notes else message,
            _calls(db, self._installation),
            _petitions(db),
        )


def _calls(db: Session, installation: Installation) -> str:
    """A short sign of the last calls' states: it changes when one rings (on), is answered, ends, is called back or has a third party."""
    since = installation.clock.now() - timedelta(hours=12)
    rows = db.execute(
        select(Call.id, Call.state, Call.agent_id, Call.called_back_at, Call.rating, Call.turn, Call.dialled_id)
        .where(Call.started_at > since)
        .order_by(Call.started_at.desc())
        .limit(80)
    ).all()
    legs = db.execute(
        select(CallLeg.id, CallLeg.state).where(CallLeg.started_at > since).order_by(CallLeg.id.desc()).limit(20)
    ).all()
    return _sign([tuple(map(str, row)) for row in (*rows, *legs)])


def _petitions(db: Session) -> str:
    last = db.scalar(select(func.max(Petition.id))) or 0
    waiting = db.scalar(select(func.count()).select_from(Petition).where(Petition.state == "asked")) or 0
    return _sign((last, waiting))


def _sign(value: Any) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:10]


def _sqlite_moves(installation: Installation) -> Any:
    """A function that says whether any connection committed since it was last asked; None for a database in memory."""
    path = installation.engine.url.database
    if not path or path == ":memory:":
        return None
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5, isolation_level=None)
    seen = [-1]

    def moved() -> bool:
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        changed, seen[0] = version != seen[0], version
        return changed

    return moved
