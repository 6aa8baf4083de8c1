"""Of several clocks one acts: the one that holds the database's lock, for as long as its process lives.

PostgreSQL frees an advisory lock with the connection that holds it; a SQLite file is on one machine, where the kernel frees
a file's lock with its process. Either way the next clock takes over at its next look, and no lease has to run out.
"""

from __future__ import annotations

import fcntl
import logging
from typing import IO, Any

from sqlalchemy import Engine

from hotline.outbox.commit_notify import connect, errors_of

log = logging.getLogger(__name__)
LOCK = 12345
"""The number of the clock's advisory lock."""


class Leader:
    """Asked before every deed of the clock. One per process."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._held: Any = None

    def is_ours(self) -> bool:
        """Whether this process is the clock now; it becomes it when nobody is."""
        if self._engine.dialect.name == "sqlite":
            return self._file_is_ours()
        try:
            return self._connection_is_ours()
        except errors_of(self._engine) as error:
            log.warning("the clock waits for the database: %s", str(error).splitlines()[0])
            self._held = None
            return False

    def give_up(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None

    def _connection_is_ours(self) -> bool:
        """A lock that was got lives as long as its connection answers."""
        if self._held is not None:
            self._held.execute("SELECT 1")
            return True
        connection = connect(self._engine)
        if connection.execute(f"SELECT pg_try_advisory_lock({LOCK})").fetchone()[0]:
            self._held = connection
            return True
        connection.close()
        return False

    def _file_is_ours(self) -> bool:
        """In a database in memory there is nobody else."""
        path = self._engine.url.database
        if self._held is not None or not path or path == ":memory:":
            return True
        file: IO[str] = open(f"{path}.clock", "a")  # noqa: SIM115 – held as long as the process is the clock
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._held = file
        return True
