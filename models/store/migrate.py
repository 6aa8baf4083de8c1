"""Bring a database to the newest version of the tables, quickly when it is there already.

`python -m models.store.migrate MESSAGE` writes the next version from the models. A version that was released is a promise:
its file never changes again (migrations/released.txt holds its hash), every change of a table is a version of its own.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import OperationalError

from models.store import compare, log_months
from models.store.append_only import protect_logs

FOLDER = Path(__file__).parents[1] / "migrations"
LOCK = 123450001  # PostgreSQL's advisory lock for migrating
PATIENCE_S = 5
"""How long a migration waits for a table that others use: whoever comes meanwhile waits behind it."""
Finish = Callable[[Connection], None]


class Busy(Exception):
    """Somebody held a table (or all of SQLite) for too long; nothing was changed, and it can be tried again."""


def versions() -> list[str]:
    """The revisions in the order in which they follow one another, whatever their numbers: files are named NNNN_what.py, the
    number is the revision, and each says which one it follows.
    """
    after: dict[str, str] = {}
    for path in (FOLDER / "versions").glob("[0-9]*_*.py"):
        before = re.search(r"^down_revision = ['\"](\w+)", path.read_text(encoding="utf-8"), re.M)
        after[before[1] if before else ""] = path.name.split("_")[0]
    found: list[str] = []
    while (last := found[-1] if found else "") in after:
        found.append(after.pop(last))
    return found


def current(connection: Connection) -> str | None:
    """The version of a database; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


def version_of(engine: Engine) -> str | None:
    with engine.connect().execution_options(reading=True) as connection:
        return current(connection)


def upgrade(engine: Engine, afterwards: Iterable[Finish] = ()) -> bool:
    """Bring the database to the newest version; True when something changed. A database of a newer release is left alone.

    afterwards: functions that create what alembic does not know (full-text tables), called in the same
    transaction after the append-only triggers; they must bear being repeated. Two processes may call this at once.
    Raises Busy.
    """
    if not _older(version_of(engine)):
        return False
    from alembic import command

    with _busy_is_told():
        log_months.ready(engine)
    with migrating(engine) as connection:
        before = current(connection)
        if _older(before):
            settings = alembic_settings(connection)
            settings.attributes["afterwards"] = (protect_logs, log_months.make_function, *afterwards)
            command.upgrade(settings, "head")
        return _older(before)


def _older(version: str | None) -> bool:
    return version is None or version in versions()[:-1]


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """A transaction in which tables may be built anew.

    SQLite changes many things about a table only by building it anew, and while foreign keys are watched the old
    table takes the rows that point to it along. They are looked through before the commit instead.
    """
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        _watch_keys(connection, not sqlite)
        try:
            with _busy_is_told(), connection.begin():
                yield connection
                if sqlite and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                    raise RuntimeError(f"rows that point to nothing: {lost[:5]}")
        finally:
            _watch_keys(connection, True)


@contextmanager
def _busy_is_told() -> Iterator[None]:
    try:
        yield
    except OperationalError as trouble:
        if not _was_busy(trouble):
            raise
        raise Busy(str(trouble.orig)) from trouble


def _watch_keys(connection: Connection, on: bool) -> None:
    """Outside of a transaction, where alone SQLite heeds it."""
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.driver_connection
        raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _was_busy(trouble: OperationalError) -> bool:
    """PostgreSQL says lock_not_available (55P03) or deadlock_detected (40P01)."""
    return "database is locked" in str(trouble.orig) or getattr(trouble.orig, "sqlstate", "") in ("55P03", "40P01")


def differences(engine: Engine) -> list[Any]:
    """What the database has otherwise than the models say; empty when they agree."""
    with engine.connect().execution_options(reading=True) as connection:
        return compare.differences(connection)


def alembic_settings(connection: Connection) -> Any:
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    settings.attributes["connection"] = connection
    return settings


def write(message: str) -> Path:
    """Write the next version by comparing the models with all versions so far; returns the file."""
    from alembic import command

    number = f"{max(map(int, versions())) + 1:04}"
    # The driver's plain transactions are enough for a database in memory that only this process sees.
    with create_engine("sqlite://").begin() as connection:
        settings = alembic_settings(connection)
        command.upgrade(settings, "head")
        made = command.revision(settings, message, autogenerate=True, rev_id=number)
    path = Path(made.path)  # type: ignore[union-attr]
    path.write_text(re.sub(r"^ *# (###|please).*\n", "", path.read_text(), flags=re.M))
    return path


if __name__ == "__main__":
    match sys.argv[1:]:
        case [message] if message.strip():
            print(write(message))
        case _:
            raise SystemExit(__doc__)
