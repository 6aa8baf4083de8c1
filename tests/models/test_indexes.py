"""What people look up every minute is found through an index, on both engines."""

from __future__ import annotations

from sqlalchemy import Engine, text


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
