"""A released version is a promise: what was written under it is there, whole, under every later one."""

from __future__ import annotations

import hashlib
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Connection, Engine, MetaData, inspect, select, text
from sqlalchemy.exc import IntegrityError

from hotline.tickets.search.full_text import MADE_BY_HAND, create_search
from models import make_engine
from models.store import compare, migrate
from models.store.append_only import LOGS, protect_logs
from models.store.compare import Tables

RELEASED = migrate.FOLDER / "released.txt"
NOON = datetime(2026, 3, 4, 12, 0)
BESIDE = ("alembic_version", "ticket_search")
RENAMED = {("ticket", "turn"): "move_count", ("job", "promised_at"): "enqueued_at", ("audit", "deed"): "action"}
LATER_FOUND_MISSING = (("reply", "answered_at"), ("reply", "beyond_kind"))


def released() -> dict[str, str]:
    """File → the hash it was released with (`sha256sum -c released.txt` says the same)."""
    return {name: digest for digest, name in map(str.split, RELEASED.read_text().splitlines())}


def at_version(engine: Engine, version: str) -> None:
    """An empty database as the release with this version made it."""
    with migrate.migrating(engine) as connection:
        settings = migrate.alembic_settings(connection)
        settings.attributes["afterwards"] = (protect_logs, create_search)
        command.upgrade(settings, version)


def fill(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """One row in every table, with something in every column (they point to each other); returns what was written."""
    tables = MetaData()
    with migrate.migrating(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        tables.reflect(connection, only=lambda name, _all: not name.startswith(BESIDE))
        for table in tables.tables.values():
            connection.execute(table.insert().values({column.name: value_for(column.type) for column in table.columns}))
        return written(connection, tables)


def value_for(kind: Any) -> Any:
    if isinstance(kind, sa.JSON):
        return {"甲": [1, None]}
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.DateTime):
        return NOON
    if isinstance(kind, sa.Integer | sa.Float):
        return 1
    return "1"


def written(connection: Connection, tables: MetaData) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(row._mapping) for row in connection.execute(select(table))]
        for table in tables.tables.values()
    }


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def test_a_released_version_is_as_it_was_released() -> None:
    found = {name: hashlib.sha256((migrate.FOLDER / "versions" / name).read_bytes()).hexdigest() for name in released()}
    assert found == released(), "a released version never changes: write a new one (make migration MESSAGE=…)"


def test_every_version_up_to_the_last_released_is_held_to_its_hash() -> None:
    numbers = sorted(name[:4] for name in released())
    assert numbers == migrate.versions()[: len(numbers)]
    assert len(numbers) >= 2


def test_rows_of_every_table_live_on_through_every_upgrade(empty_engine: Engine) -> None:
    at_version(empty_engine, "0001")
    before = fill(empty_engine)
    assert len(before) > 30
    assert all(len(rows) == 1 for rows in before.values())
    assert migrate.upgrade(empty_engine, (create_search,)) is True
    tables = MetaData()
    with reading(empty_engine) as connection:
        tables.reflect(connection)
        after = written(connection, tables)
        assert compare.differences(connection) == []
        assert compare.faults(connection, MADE_BY_HAND) == []
    for name, rows in before.items():
        found = [{column: row[RENAMED.get((name, column), column)] for column in rows[0]} for row in after[name]]
        assert found == rows


def test_numbers_kept_in_other_writings_are_found_by_one_key_after_an_upgrade(empty_engine: Engine) -> None:
    """In full width or in letters of both kinds; of two with one key the first."""
    at_version(empty_engine, "0062")
    receipt = sa.Table("receipt", MetaData(), autoload_with=empty_engine)
    kept = {"kind": "contact", "received_at": NOON, "ticket_id": 1, "result": {"number": "1"}}
    numbers = ("ＡＢ－１", "ab-1x", "Sj-2a", "sJ-2A", "AB-3", "7")
    rows = [{"provider": "old", "event_id": number, **kept} for number in numbers]
    form = {"provider": "form", "event_id": "Once-Aa", **kept}
    with empty_engine.begin() as connection:
        connection.execute(receipt.insert(), [*rows, form])
    migrate.upgrade(empty_engine, (create_search,))
    beside = select(receipt.c.event_id, receipt.c.result).where(receipt.c.kind == "folded").order_by(receipt.c.event_id)
    with reading(empty_engine) as connection:
        found = [(key, result["number"]) for key, result in connection.execute(beside)]
    assert found == [("ab-1", "ＡＢ－１"), ("sj-2a", "Sj-2a")]


def test_logs_still_only_grow_after_an_upgrade(empty_engine: Engine) -> None:
    at_version(empty_engine, "0001")
    fill(empty_engine)
    migrate.upgrade(empty_engine, (create_search,))
    later = sa.Table("row_seal", MetaData(), autoload_with=empty_engine)  # SQLite guards rows, so there must be one
    with empty_engine.begin() as connection:
        connection.execute(later.insert().values({column.name: value_for(column.type) for column in later.columns}))
    for log in LOGS:
        with pytest.raises(IntegrityError, match="append-only"), empty_engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {log}"))


def test_a_database_that_was_called_up_to_date_and_was_not_is_mended_and_told(
    empty_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    at_version(empty_engine, "0001")
    fill(empty_engine)
    with empty_engine.begin() as connection:
        for table, column in LATER_FOUND_MISSING:
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
    assert {f"{table}.{column}" for table, column in LATER_FOUND_MISSING} <= set(
        Tables(empty_engine, MADE_BY_HAND).faults()
    )
    assert migrate.upgrade(empty_engine, (create_search,)) is True
    assert Tables(empty_engine, MADE_BY_HAND).faults() == []
    assert "reply.answered_at, reply.beyond_kind" in caplog.text
    with reading(empty_engine) as connection:
        assert connection.execute(text("SELECT facts, answered_at FROM reply")).one() == ("1", None)


def test_a_database_that_lacks_what_came_with_later_writings_of_the_first_version_is_mended(
    empty_engine: Engine,
) -> None:
    at_version(empty_engine, "0001")
    fill(empty_engine)
    with migrate.migrating(empty_engine) as connection:
        make_older(connection)
    assert len(Tables(empty_engine, MADE_BY_HAND).faults()) > 10
    migrate.upgrade(empty_engine, (create_search,))
    assert Tables(empty_engine, MADE_BY_HAND).faults() == []
    with reading(empty_engine) as connection:
        assert connection.execute(text("SELECT own_id, ticket_id FROM survey")).one() == (1, 1)
        assert connection.execute(text("SELECT quiet, left_at FROM ticket")).one() in ((False, None), (0, None))
        assert connection.execute(text("SELECT notices_read_to FROM staff")).scalar_one() == 0
        assert inspect(connection).get_foreign_keys("receipt") == []


def make_older(connection: Connection) -> None:
    """As an earlier writing of the first version left it: fewer tables and columns, other indexes, a key too many."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    op = Operations(MigrationContext.configure(connection))
    for table in ("hot_ticket", "hot_spot", "call_leg", "notice_reading"):
        op.drop_table(table)
    for name, table in (
        ("ix_call_back_to_id", "call"),
        ("ix_call_ticket_id", "call"),
        ("ix_ticket_contact_name", "ticket"),
        ("ix_survey_own_id", "survey"),
        ("uq_survey_once", "survey"),
        ("ix_message_role", "message"),
    ):
        op.drop_index(name, table)
    with op.batch_alter_table("call") as call:
        call.drop_constraint("fk_call_back_to_id", type_="foreignkey")
        for column in ("agent_leg", "citizen_leg", "room_at", "purpose", "outcome", "back_to_id"):
            call.drop_column(column)
        call.alter_column("transferred_to", existing_type=sa.String(32), type_=sa.String(16))
    with op.batch_alter_table("survey") as survey:
        survey.drop_constraint("fk_survey_own_id", type_="foreignkey")
        survey.drop_column("own_id")
    with op.batch_alter_table("receipt") as receipt:
        receipt.create_foreign_key("fk_receipt_ticket_id", "ticket", ["ticket_id"], ["id"])
    op.create_index("uq_survey_once", "survey", ["ticket_id", "round", "citizen_id"], unique=True)
    op.add_column("message", sa.Column("read_at", sa.DateTime()))
    op.create_index("ix_message_role", "message", ["role", "read_at"])
    for table, column in (
        *LATER_FOUND_MISSING,
        ("ticket", "left_at"),
        ("ticket", "quiet"),
        ("staff", "notices_read_to"),
    ):
        op.drop_column(table, column)
    if connection.dialect.name == "postgresql":
        op.alter_column("ticket", "urges", type_=sa.Integer())


LACKS = (
    ("ALTER TABLE ticket DROP COLUMN urges", "ticket.urges"),
    ("DROP TABLE saved_view", "saved_view"),
    ("DROP INDEX ix_audit_at", "ix_audit_at"),
    ("DROP TABLE ticket_search", "ticket_search"),
)


def test_what_is_missing_is_named_as_soon_as_it_is_missing(own_engine: Engine) -> None:
    tables = Tables(own_engine, MADE_BY_HAND)
    assert tables.faults() == []
    for deed, name in LACKS:
        with own_engine.begin() as connection:
            connection.execute(text(deed))
        assert name in tables.faults()


def test_a_log_without_its_guard_is_named(own_engine: Engine) -> None:
    tables, sqlite = Tables(own_engine), own_engine.dialect.name == "sqlite"
    assert tables.faults() == []
    with own_engine.begin() as connection:
        connection.execute(
            text("DROP TRIGGER audit_no_delete" if sqlite else "ALTER TABLE audit DISABLE TRIGGER audit_grows_only")
        )
    assert tables.faults() == ["audit_no_delete" if sqlite else "audit_grows_only"]


def test_a_column_of_another_type_is_named_and_a_longer_one_is_not(own_engine: Engine) -> None:
    if own_engine.dialect.name == "sqlite":
        return  # SQLite's columns take whatever they are given
    with own_engine.begin() as connection:
        connection.execute(text("ALTER TABLE ticket ALTER COLUMN urges TYPE integer"))
        connection.execute(text("ALTER TABLE ticket ALTER COLUMN street TYPE varchar(999)"))
    assert Tables(own_engine).faults() == ["ticket.urges"]


def test_what_a_newer_release_or_an_operator_adds_hinders_nobody(own_engine: Engine) -> None:
    with own_engine.begin() as connection:
        connection.execute(text("ALTER TABLE ticket ADD COLUMN colour varchar(8)"))
        connection.execute(text("ALTER TABLE ticket ADD COLUMN shade varchar(8) NOT NULL DEFAULT 'x'"))
        connection.execute(text("CREATE TABLE ours (id integer PRIMARY KEY)"))
        connection.execute(text("CREATE INDEX ix_ours ON ticket (colour, id)"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert Tables(own_engine, MADE_BY_HAND).faults() == []
    assert migrate.upgrade(own_engine) is False


def test_what_would_refuse_our_rows_is_named(own_engine: Engine) -> None:
    with own_engine.begin() as connection:
        connection.execute(text("CREATE UNIQUE INDEX one_a_day ON ticket (title)"))
    assert Tables(own_engine).faults() == ["one_a_day"]


@pytest.mark.postgres
def test_people_do_not_wait_behind_a_migration_that_waits(postgres_tests: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migration gives up after its patience, nothing is changed, and the next try succeeds."""
    monkeypatch.setattr(migrate, "PATIENCE_S", 1)
    engine: Engine = postgres_tests.empty()
    at_version(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE reply DROP COLUMN beyond_kind"))
    with engine.connect() as holder:
        holder.execute(text("SELECT id FROM reply"))
        began = time.monotonic()
        with pytest.raises(migrate.Busy):
            migrate.upgrade(engine, (create_search,))
        assert time.monotonic() - began < 10
    assert migrate.version_of(engine) == "0001"
    assert migrate.upgrade(engine, (create_search,)) is True
    engine.dispose()


def test_two_processes_may_migrate_at_once(empty_engine: Engine) -> None:
    url = empty_engine.url.render_as_string(hide_password=False)
    processes = [
        multiprocessing.get_context("fork").Process(target=upgrade_in_another_process, args=(url,)) for _ in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert Tables(empty_engine, MADE_BY_HAND).faults() == []


def upgrade_in_another_process(url: str) -> None:
    migrate.upgrade(make_engine(url), (create_search,))


def test_a_table_is_built_anew_without_taking_along_what_points_to_it(sqlite_tests: Any) -> None:
    """SQLite would delete the readings of notices with the old table of notices."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    engine: Engine = sqlite_tests.empty()
    at_version(engine, "0001")
    fill(engine)
    with migrate.migrating(engine) as connection:
        op = Operations(MigrationContext.configure(connection))
        with op.batch_alter_table("message", recreate="always") as message:
            message.alter_column("phone", existing_type=sa.String(32), type_=sa.String(40))
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM notice_reading")).scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()
