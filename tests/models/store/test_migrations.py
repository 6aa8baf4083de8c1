"""The numbered versions and the models tell the same story, on both engines."""

from __future__ import annotations

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Audit, Base, RowSeal, Seal, Ticket, TicketEvent
from models.store import migrate
from models.store.append_only import LOGS
from tests.support.make import BORN


def test_there_is_one_head() -> None:
    settings = Config()
    settings.set_main_option("script_location", str(migrate.FOLDER))
    assert ScriptDirectory.from_config(settings).get_heads() == [migrate.versions()[-1]]


def test_migrations_equal_the_models(engine: Engine) -> None:
    assert migrate.differences(engine) == []


def test_the_comparison_would_notice_a_missing_column(own_engine: Engine) -> None:
    with own_engine.begin() as connection:
        connection.execute(text("ALTER TABLE ticket DROP COLUMN urges"))
    assert "urges" in str(migrate.differences(own_engine))


def test_partial_indexes_say_the_same_in_the_versions_as_in_the_models(sqlite_engine: Engine) -> None:
    """Alembic does not compare the condition of an index."""
    fresh = create_engine("sqlite://")
    Base.metadata.create_all(fresh)
    question = text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%' ORDER BY name")
    with fresh.connect() as wanted, sqlite_engine.connect() as found:
        expected = {name: " ".join(sql.split()) for name, sql in wanted.execute(question)}
        assert expected
        assert {name: " ".join(sql.split()) for name, sql in found.execute(question)} == expected


def test_a_second_upgrade_changes_nothing(engine: Engine) -> None:
    assert migrate.upgrade(engine) is False


def test_the_first_version_can_be_taken_back_and_made_again(own_engine: Engine) -> None:
    from alembic import command

    with own_engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS ticket_search"))
        command.downgrade(migrate.alembic_settings(connection), "base")
    with own_engine.connect() as connection:
        assert migrate.current(connection) is None
    assert migrate.upgrade(own_engine) is True
    assert migrate.differences(own_engine) == []


def write_a_row_to_each_log(db: Session) -> None:
    db.add(Audit(at=BORN, action="login", actor_kind="staff", actor_name="安"))
    db.add(Seal(log="audit", first_id=1, last_id=1, rows=1, digest="d", previous="p", hash="h", sealed_at=BORN))
    ticket = Ticket(
        number="T1",
        state="draft",
        channel="call",
        title="路灯不亮",
        request_type="help",
        created_at=BORN,
        moved_at=BORN,
    )
    db.add(ticket)
    db.flush()
    db.add(
        TicketEvent(
            ticket_id=ticket.id,
            at=BORN,
            action="submit",
            to_state="draft",
            round=1,
            actor_kind="staff",
            actor_name="安",
        )
    )
    db.add(RowSeal(at=BORN, log_of="reply", row_id=1, digest="-"))
    db.commit()


@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id + 1", "DELETE FROM {}"])
def test_a_written_row_of_a_log_can_be_neither_changed_nor_deleted(db: Session, log: str, deed: str) -> None:
    write_a_row_to_each_log(db)
    with pytest.raises(IntegrityError, match="append-only"):
        db.execute(text(deed.format(log)))
    db.rollback()
    assert db.scalar(text(f"SELECT count(*) FROM {log}")) == 1


def test_each_test_finds_an_empty_database_and_numbers_from_one(db: Session) -> None:
    """Runs after tests that wrote rows; it proves that nothing is carried over."""
    assert db.scalar(text("SELECT count(*) FROM audit")) == 0
    row = Audit(at=BORN, action="login", actor_kind="staff", actor_name="安")
    db.add(row)
    db.commit()
    assert row.id == 1
