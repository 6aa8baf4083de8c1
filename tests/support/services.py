"""What the tests stand on: a private PostgreSQL and Redis per run, a clean database per test, a web server.

A missing server is a failure, not a skip: `make test` installs them. HOTLINE_SKIP_SERVICES=1 allows the skip.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from werkzeug.serving import make_server

from hotline.ops.local_servers import missing
from models import make_engine
from models.keys import key_ring
from models.keys.key_ring import KeyRing
from models.store import hidden
from models.store.migrate import upgrade
from tests.support.make import BORN

CHROMIUM = next(
    filter(os.path.exists, ("/usr/lib/chromium/chromium-headless-shell", "/usr/bin/chromium")),
    "chromium-headless-shell",
)
"""The same browser without its own windows, tabs and menus: a page of its own costs 0.3 s of work instead of 0.8."""
STUMBLES = [r"net::ERR_ABORTED", r"Target crashed", r"Page crashed"]
"""What a test says whose browser stumbled over itself: it is played once more, and named at the end. Nothing that it asserts or
waits for in vain is among them."""
CHROMIUM_WORDS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
Finish = Callable[[Connection], None]

# Leaves every table as the template has it, without asking the append-only triggers; 3 ms for a test's few rows.
PUT_BACK = """
CREATE OR REPLACE FUNCTION template.put_back() RETURNS void LANGUAGE plpgsql
SET session_replication_role = replica AS $$
DECLARE t record; changed boolean;
BEGIN
  FOR t IN SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%1$I) OR EXISTS (SELECT 1 FROM template.%1$I)', t.name)
      INTO changed;
    CONTINUE WHEN NOT changed;
    EXECUTE format('SELECT EXISTS (
      (SELECT p::text FROM public.%1$I p EXCEPT ALL SELECT q::text FROM template.%1$I q) UNION ALL
      (SELECT q::text FROM template.%1$I q EXCEPT ALL SELECT p::text FROM public.%1$I p))', t.name)
      INTO changed;
    CONTINUE WHEN NOT changed;
    EXECUTE format('DELETE FROM public.%1$I', t.name);
    EXECUTE format('INSERT INTO public.%1$I SELECT * FROM template.%1$I', t.name);
  END LOOP;
  FOR t IN SELECT n.name, n.last FROM pg_sequences s JOIN template.next_number n ON n.name = s.sequencename
           WHERE s.schemaname = 'public' AND s.last_value IS DISTINCT FROM n.last LOOP
    PERFORM setval(format('public.%I', t.name)::regclass, coalesce(t.last, 1), t.last IS NOT NULL);
  END LOOP;
END $$
"""


def need_servers() -> None:
    """Fail when a server is missing on this machine, or skip when that was asked for."""
    need(missing())


def need(lacking: Sequence[str]) -> None:
    """Fail with a sentence when something is lacking that `make test` brings, or skip when that was asked for."""
    if not lacking:
        return
    sentence = f"missing on this machine: {', '.join(lacking)} (make test installs them)"
    if os.environ.get("HOTLINE_SKIP_SERVICES") == "1":
        pytest.skip(sentence)
    pytest.fail(sentence, pytrace=False)


MASTER = b"m" * 32
"""The master key of every database that tests are given."""


def make_keys(connection: Connection) -> None:
    """The data keys of a new database."""
    key_ring.make_missing(connection, MASTER, BORN)


def with_keys(engine: Engine) -> Engine:
    hidden.attach(engine, KeyRing(engine, lambda: [MASTER]))
    return engine


def fast_folder() -> Path:
    """A new folder in memory where there is one, that the user postgres can reach."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="hotline-", dir=place))
    folder.chmod(0o755)
    return folder


def kill(*pids: int) -> list[int]:
    """SIGKILL to each that still lives: between being listed and being killed a process may end by itself. Those whom it met."""
    met = []
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            met.append(pid)
    return met


class SqliteTests:
    """A migrated file, copied for every test: each test owns its database."""

    def __init__(self, folder: Path, finish: tuple[Finish, ...] = ()):
        self.template = folder / "template.db"
        self.current = folder / "test.db"
        engine = make_engine(f"sqlite:///{self.template}")
        upgrade(engine, finish)
        # Without this the copy would lack what still lies in the write-ahead log.
        raw = engine.raw_connection()
        raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        raw.close()
        engine.dispose()
        self.shared = make_engine(f"sqlite:///{self.current}")

    def fresh(self) -> Engine:
        """An engine of its own that shares with those before it what SQLAlchemy made of each statement."""
        self.shared.dispose()
        for leftover in self.current.parent.glob("test.db*"):
            leftover.unlink()
        shutil.copyfile(self.template, self.current)
        return with_keys(self.shared.execution_options())

    def end(self, engine: Engine) -> None:
        """The next test's file takes its place."""
        engine.dispose()

    def own(self) -> Engine:
        """A database whose very tables a test may change."""
        return self.fresh()

    def empty(self) -> Engine:
        """A database without a table."""
        for leftover in self.current.parent.glob("test.db*"):
            leftover.unlink()
        return with_keys(make_engine(f"sqlite:///{self.current}"))

    def apart(self, path: Path) -> Engine:
        """A database of its own that outlives the next test."""
        shutil.copyfile(self.template, path)
        return with_keys(make_engine(f"sqlite:///{path}"))


class PostgresTests:
    """One database, put back to its migrated state before every test."""

    def __init__(self, server_url: str, url: str, finish: tuple[Finish, ...] = ()):
        self.url = url
        self.admin = create_engine(server_url, isolation_level="AUTOCOMMIT", pool_size=1)
        self.finish = finish
        self._create("tests")
        self.keeper = create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1, pool_pre_ping=True)
        upgrade(self.keeper, finish)
        with self.keeper.connect() as connection:
            connection.execute(text("CREATE SCHEMA template"))
            names = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
            for name in names:
                connection.execute(text(f'CREATE TABLE template."{name}" AS TABLE public."{name}"'))
            connection.execute(
                text(
                    "CREATE TABLE template.next_number AS SELECT sequencename::text AS name, last_value AS last "
                    "FROM pg_sequences WHERE schemaname = 'public'"
                )
            )
            connection.exec_driver_sql(PUT_BACK.replace("%", "%%"))
        self.shared = make_engine(self.url)
        self.kept: set[Any] = set()
        # A session that a test never closed loses its connection to `fresh`; told when it is collected, in the midst of
        # another test, the news would print a traceback, which parses, which breaks whoever is parsing (Python 3.11).
        logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
        event.listen(self.shared, "connect", lambda made, _record: self.kept.add(made))

    def fresh(self) -> Engine:
        """An engine of its own that shares with those before it what SQLAlchemy made of each statement, and its connections: a new
        one costs the server 34 ms until it knows the tables."""
        if self.shared.pool.checkedout():  # type: ignore[attr-defined]
            self.shared.dispose()
            self.kept.clear()
        self.kept = {one for one in self.kept if _as_it_began(one)}
        with self.keeper.connect() as connection:
            # A test that left a connection open must not hold up the next one.
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(:kept)"
                ),
                {"kept": [one.info.backend_pid for one in self.kept]},
            )
            connection.execute(text("SELECT template.put_back()"))
        return with_keys(self.shared.execution_options())

    def end(self, engine: Engine) -> None:
        """Its connections serve the next test too."""

    def own(self) -> Engine:
        """A database whose very tables a test may change."""
        engine = self.empty()
        upgrade(engine, self.finish)
        return engine

    def empty(self) -> Engine:
        """A database without a table."""
        self._create("own")
        return with_keys(make_engine(self.url.replace("/tests?", "/own?")))

    def close(self) -> None:
        self.shared.dispose()
        self.keeper.dispose()
        self.admin.dispose()

    def _create(self, name: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))


def _as_it_began(one: psycopg.Connection) -> bool:
    """Whether the server still holds this connection, without what a test set for it; one that a test broke the pool makes anew."""
    try:
        one.execute("RESET ALL")
        one.commit()
    except psycopg.OperationalError:
        return False
    return True


class LiveServer:
    """A WSGI application on a free loopback port, one thread per request, until `stop`."""

    def __init__(self, app: Any, port: int = 0):
        self.server = make_server("127.0.0.1", port, app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def start(self) -> Self:
        self.thread.start()
        return self

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join(5)
        self.server.server_close()
