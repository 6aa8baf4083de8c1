"""What one test leaves behind, the next does not find; only the connections are the same."""

from __future__ import annotations

from sqlalchemy import Engine, select, text

from models import Unit
from models.store.db import make_sessions
from tests.support.make import make_unit
from tests.support.services import PostgresTests


def pid(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)


def test_the_next_test_speaks_through_the_same_connection_to_a_clean_database(postgres_tests: PostgresTests) -> None:
    first = postgres_tests.fresh()
    with make_sessions(first)() as db:
        make_unit(db, "left-behind", "某单位")
        db.commit()
    before = pid(first)
    postgres_tests.end(first)
    second = postgres_tests.fresh()
    assert pid(second) == before
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
