"""What people look up every minute is found through an index, on both engines."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event, text

from hotline.tickets.lists import dispatch_queue
from models import make_sessions


def plan(engine: Engine, query: str) -> str:
    """How the engine would find it, if it had so many rows that reading all of them were out of the question."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if not sqlite:
            connection.execute(text("SET enable_seqscan = off"))
        rows = connection.execute(text(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{query}")).all()
    return " ".join(str(row[-1]) for row in rows)


def test_a_person_is_found_by_name(engine: Engine) -> None:
    assert "ix_ticket_contact_name" in plan(engine, "SELECT id FROM ticket WHERE contact_name = '王芳'")


def test_notices_of_a_unit_and_of_a_role_are_found_from_a_number_on(engine: Engine) -> None:
    for column, more in (("unit_code", ""), ("role", " AND unit_code IS NULL")):
        found = plan(engine, f"SELECT id FROM message WHERE {column} = 'x'{more} AND id > 5")
        assert f"ix_message_{column}" in found or "pk_message" in found, found


def test_the_last_word_on_some_tickets_is_looked_for_among_their_own_events(engine: Engine) -> None:
    """Never through everybody's events of that kind, which grow with the years."""
    asked: list[tuple[str, Any]] = []
    event.listen(
        engine, "before_cursor_execute", lambda _c, _cursor, statement, given, *_rest: asked.append((statement, given))
    )
    with make_sessions(engine)() as db:
        dispatch_queue.last_events(db, range(1, 51), "submit", "object")
        statement, given = next((one, values) for one, values in asked if "ticket_event" in one)
        explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
        found = " ".join(str(row[-1]) for row in db.connection().exec_driver_sql(f"{explain} {statement}", given))
    assert "ix_ticket_event_action_at" not in found, found
