"""The program's own database user adds to the logs and can neither change them nor switch off what guards them (V7)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from hotline.city.schema import City
from hotline.city.sync import sync
from hotline.cli.setup import migrate_database
from hotline.clock import StoppedClock
from hotline.keys import master_key
from hotline.ops.local_servers import PrivatePostgres
from hotline.settings import Settings
from models import make_engine, make_sessions
from models.store.runtime_role import may_switch_off_triggers
from tests.support.life import Life
from tests.support.make import BORN

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def owned(
    postgres_server: PrivatePostgres, anyang: City, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """A database migrated by its owner, for the program's user. Before that it had one user for both."""
    admin = create_engine(postgres_server.url(), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS roles WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE roles"))
    settings = Settings(
        database_url=postgres_server.url("roles", user="program"),
        owner_url=postgres_server.url("roles"),
        var=tmp_path_factory.mktemp("roles"),
    )
    migrate_database(settings)
    yield settings
    admin.dispose()


@pytest.fixture(scope="module")
def program(owned: Settings, anyang: City) -> Iterator[Engine]:
    """That database as the program's user sees it, with the city in it; what a test does not commit is rolled back."""
    engine = make_engine(owned.database_url)
    master_key.attach(engine, owned)
    with make_sessions(engine)() as db:
        sync(db, anyang, BORN)
        db.commit()
    yield engine
    engine.dispose()


def test_the_program_lives_a_whole_ticket_as_its_own_user(program: Engine, city: City, clock: StoppedClock) -> None:
    with make_sessions(program)() as db:
        ticket = Life(db, city, clock).to("closed")
        db.commit()
        assert ticket.closed_at is not None


@pytest.mark.parametrize("log", ["audit", "ticket_event", "seal", "row_seal"])
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE {log} DISABLE TRIGGER ALL",
        "ALTER TABLE {log} DISABLE TRIGGER {log}_grows_only",
        "DROP TRIGGER {log}_grows_only ON {log}",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "SET session_replication_role = replica",
        "UPDATE {log} SET id = id",
        "DELETE FROM {log}",
        "TRUNCATE {log}",
        "DROP TABLE {log} CASCADE",
        "ALTER TABLE {log} RENAME TO elsewhere",
        "CREATE RULE quiet AS ON INSERT TO {log} DO INSTEAD NOTHING",
        "CREATE TABLE shadow (id int)",
        "SET ROLE postgres",
    ],
)
def test_v7_no_statement_of_the_program_opens_the_logs(program: Engine, statement: str, log: str) -> None:
    with program.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text(statement.format(log=log)))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM data_key",
        "TRUNCATE data_key",
        "UPDATE alembic_version SET version_num = '0001'",
        "DELETE FROM alembic_version",
        "INSERT INTO audit SELECT * FROM audit ON CONFLICT (id) DO UPDATE SET actor_name = 'x'",
        "MERGE INTO audit a USING (SELECT 1 AS id) b ON a.id = b.id WHEN MATCHED THEN DELETE",
        "WITH gone AS (DELETE FROM seal RETURNING *) SELECT * FROM gone",
        "COPY audit FROM '/etc/passwd'",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT setval('audit_id_seq', 1)",
        "ALTER ROLE program SUPERUSER",
        "ALTER ROLE program SET session_replication_role = replica",
        "DO $$ BEGIN EXECUTE 'ALTER TABLE audit DISABLE TRIGGER ALL'; END $$",
        "LOCK TABLE audit IN ACCESS EXCLUSIVE MODE",
        "SELECT passwd FROM pg_shadow",
    ],
)
def test_v7_no_statement_of_the_program_loses_keys_or_reaches_beyond_its_rows(program: Engine, statement: str) -> None:
    with program.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text(statement))


def test_migrating_again_changes_nothing(program: Engine, owned: Settings) -> None:
    migrate_database(owned)
    with program.connect() as connection:
        assert not may_switch_off_triggers(connection)


def test_an_installation_whose_program_owns_the_tables_is_told_so(postgres_engine: Engine) -> None:
    with postgres_engine.connect() as connection:
        assert may_switch_off_triggers(connection)
