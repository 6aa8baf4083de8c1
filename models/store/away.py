"""Whether an error says that the database could not be asked, as opposed to an answer that we did not like."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError, TimeoutError

_BUSY_SQLITE = ("database is locked", "unable to open database", "disk I/O error", "disk is full")
_NOT_AVAILABLE = ("08", "53", "57P0", "25006")
"""PostgreSQL's classes: no connection, no room, shut down, and a standby that does not write yet."""
TOO_LONG = "57014"
IN_EACH_OTHERS_WAY = ("40001", "40P01", "55P03")
"""Its words for a question that took longer than any may, and for two that waited for each other."""


def is_away(error: BaseException) -> bool:
    """Whether the database could not be asked at all or had no time."""
    if is_gone(error):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return any(said in str(error.orig) for said in _BUSY_SQLITE)
    return (state_of(error) or "").startswith((TOO_LONG, *IN_EACH_OTHERS_WAY))


def is_gone(error: BaseException) -> bool:
    """Whether there was no server to ask; a file is always there."""
    if isinstance(error, TimeoutError | PendingRollbackError):
        return True  # no connection left in the pool, or this one died under an earlier question
    if not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return False
    state = state_of(error)
    if error.connection_invalidated or (state or "").startswith(_NOT_AVAILABLE):
        return True
    return isinstance(error, OperationalError | InterfaceError) and state is None


def state_of(error: BaseException) -> str | None:
    """PostgreSQL's own code for what went wrong; None where it said nothing."""
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def in_one_line(error: BaseException) -> str:
    """What the driver said first, without the statement."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__
