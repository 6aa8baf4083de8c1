"""What one test leaves behind, the next does not find; only the connections are the same."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select, text

from models import Unit
from models.store.db import make_sessions
from tests.support.make import make_unit
from tests.support.services import PostgresTests


def first_asked(engine: Engine, statement: str) -> Any:
    with engine.connect() as connection:
        return connection.scalar(text(statement))


def pid(engine: Engine) -> int:
    return int(first_asked(engine, "SELECT pg_backend_pid()"))


def test_the_next_test_speaks_through_a_connection_that_was_there_to_a_clean_database(
    postgres_tests: PostgresTests,
) -> None:
    first = postgres_tests.fresh()
    with make_sessions(first)() as db:
        make_unit(db, "left-behind", "某单位")
        db.commit()
    began = first_asked(first, "SELECT clock_timestamp()")
    postgres_tests.end(first)
    second = postgres_tests.fresh()
    assert first_asked(second, "SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()") < began
    with make_sessions(second)() as db:
        assert db.scalars(select(Unit).where(Unit.code == "left-behind")).first() is None


def test_a_session_left_open_holds_up_nobody(postgres_tests: PostgresTests) -> None:
    held = postgres_tests.fresh().connect()
    held.execute(text("LOCK TABLE unit IN ACCESS EXCLUSIVE MODE"))
    gone = held.scalar(text("SELECT pg_backend_pid()"))
    second = postgres_tests.fresh()
    assert pid(second) != gone
    assert second.pool.checkedout() == 0  # type: ignore[attr-defined]
    held.invalidate()


def test_what_a_test_set_for_its_session_ends_with_it(postgres_tests: PostgresTests) -> None:
    with postgres_tests.fresh().begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
    assert first_asked(postgres_tests.fresh(), "SHOW session_replication_role") == "origin"
