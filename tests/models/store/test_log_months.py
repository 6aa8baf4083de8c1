"""A log lies month by month on PostgreSQL: its numbers leap into each month, nothing is refused, and nobody makes more than that."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from datetime import date

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from hotline.cli.setup import migrate_database
from hotline.ops.local_servers import PrivatePostgres
from hotline.settings import Settings
from hotline.tickets.search.full_text import create_search
from models import make_engine
from models.store import compare, log_months, migrate
from models.store.append_only import protect_logs
from models.store.log_months import A_MONTH, first_of

pytestmark = pytest.mark.postgres
ROW = "INSERT INTO audit (at, action, actor_kind, actor_name, detail) VALUES (now(), 'login', 'staff', '安', '{}') RETURNING id"
NEXT = "(now() + interval '1 month')::date"


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    made: Engine = request.getfixturevalue("postgres_tests").own()
    yield made
    made.dispose()


def turned(connection: Connection) -> date:
    """As in the first minute of next month."""
    connection.execute(text(f"SELECT keep_log_months('audit', {NEXT})"))
    found = connection.scalar(text(f"SELECT {NEXT}"))
    assert isinstance(found, date)
    return found


def part_of(connection: Connection, number: int) -> str:
    found = connection.scalar(text("SELECT tableoid::regclass::text FROM audit WHERE id = :id"), {"id": number})
    return str(found)


@pytest.mark.parametrize(
    ("day", "more", "number"),
    [
        (date(2027, 3, 31), 0, 20270300000000),
        (date(2026, 12, 1), 1, 20270100000000),
        (date(2026, 11, 30), 2, 20270100000000),
    ],
)
def test_a_number_tells_its_month(day: date, more: int, number: int) -> None:
    assert first_of(day, more) == number
    assert number < 2**53, "pages and the API hand numbers to browsers"


def test_rows_leap_into_the_new_month_and_what_was_there_stays(engine: Engine) -> None:
    with engine.begin() as connection:
        before = connection.scalar(text(ROW)) or 0
        month = turned(connection)
        after = connection.scalar(text(ROW)) or 0
        again = (turned(connection) and connection.scalar(text(ROW))) or 0
        assert (before, after, again) == (1, first_of(month) + 1, first_of(month) + 2)
        assert part_of(connection, before) == "audit_before"
        assert part_of(connection, after) == log_months.name_of("audit", month)
        assert connection.scalar(text("SELECT count(*) FROM audit")) == 3


def test_the_clock_finds_nothing_to_do_until_a_month_is_missing(engine: Engine) -> None:
    with engine.begin() as connection:
        assert log_months.keep(connection, "Asia/Shanghai") is False
        assert log_months.lacking(connection, "Asia/Shanghai") == []
        for _log, name in log_months.parts(connection)[:]:
            if name[-1].isdigit():
                connection.exec_driver_sql(f"DROP TABLE {name}")
        make_one = log_months.parts(connection)
        assert all(not name[-1].isdigit() for _log, name in make_one)
        log_months.make_function(connection)
        assert log_months.lacking(connection, "Asia/Shanghai") == []
        assert compare.faults(connection) == []


def test_a_number_of_no_month_is_written_all_the_same_and_told(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT setval('audit_id_seq', {first_of(date(2099, 1, 1))})")
        number = connection.scalar(text(ROW)) or 0
        assert part_of(connection, number) == "audit_rest"
        assert log_months.lacking(connection, "Asia/Shanghai") == ["audit_rest"]


@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_no_month_is_changed_past_its_log(engine: Engine, deed: str) -> None:
    with engine.begin() as connection:
        names = [name for _log, name in log_months.parts(connection)]
    assert len(names) >= 4
    for name in ("audit", *names):
        with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
            connection.exec_driver_sql(deed.format(name))


def test_a_month_without_its_guard_is_named(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_before DISABLE TRIGGER audit_before_grows_only")
        assert compare.faults(connection) == ["audit_before_grows_only"]


def test_two_clocks_that_turn_at_once_give_no_number_twice(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT setval('audit_id_seq', 1000)")
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        found = [number for some in pool.map(_write_and_turn, [url] * 3) for number in some]
    assert len(set(found)) == len(found) == 180
    assert max(found) > 2026 * 100 * A_MONTH


def _write_and_turn(url: str) -> list[int]:
    engine, found = make_engine(url), []
    for n in range(60):
        with engine.begin() as connection:
            if n == 20:
                turned(connection)
            found.append(int(connection.scalar(text(ROW)) or 0))
    engine.dispose()
    return found


def test_a_table_with_rows_becomes_the_first_part_without_a_copy(request: pytest.FixtureRequest) -> None:
    engine: Engine = request.getfixturevalue("postgres_tests").empty()
    with migrate.migrating(engine) as connection:
        settings = migrate.alembic_settings(connection)
        settings.attributes["afterwards"] = (protect_logs, create_search)
        command.upgrade(settings, "0060")
    with engine.begin() as connection:
        for _n in range(5):
            connection.execute(text(ROW))
        file = connection.scalar(text("SELECT pg_relation_filenode('audit')"))
    assert migrate.upgrade(engine, (create_search,)) is True
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT pg_relation_filenode('audit_before')")) == file
        assert connection.scalar(text(ROW)) == 6
        assert connection.scalar(text("SELECT count(*) FROM audit")) == 6
        assert connection.scalar(text("SELECT conname FROM pg_constraint WHERE conname = 'audit_before_end'")) is None
    engine.dispose()


def test_the_programs_own_user_turns_months_and_makes_nothing_else(
    postgres_server: PrivatePostgres, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    request.getfixturevalue("postgres_tests").empty()
    settings = Settings(
        database_url=postgres_server.url("own", user="program"),
        owner_url=postgres_server.url("own"),
        var=tmp_path_factory.mktemp("months"),
    )
    migrate_database(settings)
    program = make_engine(settings.database_url)
    with program.begin() as connection:
        month = turned(connection)
        number = connection.scalar(text(ROW)) or 0
        assert number == first_of(month) + 1
        assert connection.scalar(text(f"SELECT count(*) FROM {log_months.name_of('audit', month, 2)}")) == 0
    for statement in (
        f"DELETE FROM {log_months.name_of('audit', month)}",
        f"DROP TABLE {log_months.name_of('audit', month, 2)}",
        f"ALTER TABLE audit DETACH PARTITION {log_months.name_of('audit', month)}",
        "SELECT setval('audit_id_seq', 1)",
        "CREATE TABLE more (id int)",
    ):
        with program.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))
    with program.begin() as connection:
        connection.execute(
            text("SELECT keep_log_months('audit', DATE '2999-01-01'), keep_log_months('ticket', now()::date)")
        )
        newest = max(name for _log, name in log_months.parts(connection) if name[-1].isdigit())
        assert newest <= log_months.name_of("audit", month, 3)
    program.dispose()
