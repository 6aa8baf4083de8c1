"""Word of every commit, from process to process, on PostgreSQL: whoever listens looks at once instead of every so often.

The word is sent after the commit and not inside it: a transaction that holds a NOTIFY commits under a lock of the whole
server, one after the other, which would cost the intake more than half of its speed. A word that is lost (a crash right
after the commit) is made up for by the listener's own look now and then; that is all that depends on it.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, sessionmaker

log = logging.getLogger(__name__)
CHANNEL = "hotline_changes"
GAP = 0.05
"""Least seconds between two words of one process: a busy second is told in twenty."""

IDLE = 5.0


def announce_commits(sessions: sessionmaker[Session], engine: Engine) -> Announcer | None:
    """From now on each commit of these sessions is announced; None where the database knows no such thing."""
    if engine.dialect.name != "postgresql":
        return None
    announcer = Announcer(engine)
    event.listen(sessions, "after_commit", lambda _db: announcer.announce())
    return announcer


class Announcer:
    """One thread per process while there is something to say; it keeps no connection of the pool."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._said = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def announce(self) -> None:
        """Never waits and never fails: the commit is through already."""
        self._said.set()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="announcer", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        connection: Any = None
        try:
            connection = connect(self._engine)
            connection.execute("SET synchronous_commit TO off")  # a word need not outlive the server
            pause = threading.Event()
            while self._said.wait(IDLE):
                self._said.clear()
                connection.execute(f"NOTIFY {CHANNEL}")
                pause.wait(GAP)
        except errors_of(self._engine) as error:
            log.warning("cannot announce commits, listeners look by themselves: %s", error)
        finally:
            if connection is not None:
                connection.close()


class Listener:
    """Hears the words of all processes. Making one and waiting raise the driver's errors (see `errors_of`)."""

    def __init__(self, engine: Engine):
        self._connection = connect(engine)
        self._connection.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> bool:
        """Whether somebody committed, at most so many seconds from now; several words at once are one."""
        return any(True for _word in self._connection.notifies(timeout=seconds, stop_after=1))

    def close(self) -> None:
        self._connection.close()


def connect(engine: Engine) -> Any:
    """A connection of the driver's own, beside the pool and without its time limits; each statement is a transaction."""
    words, named = engine.dialect.create_connect_args(engine.url)
    connection = engine.dialect.connect(*words, **{"connect_timeout": 5, **named})
    connection.autocommit = True
    return connection


def errors_of(engine: Engine) -> tuple[type[Exception], ...]:
    """What goes wrong between us and this database, outside SQLAlchemy."""
    return (engine.dialect.dbapi.Error, OSError)  # type: ignore[union-attr]
