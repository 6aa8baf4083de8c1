"""Logs that lie month by month on PostgreSQL, so that a year of them can be taken out at once; SQLite has one table for all time.

The month is told by the number: in the month 2027-03 a log's numbers begin after 20270300000000. So the number alone stays
the key, whatever points to a row goes on pointing, and no statement has to name a time. At the turn of a month the clock
lets the numbers leap into it; whoever writes meanwhile writes into the month before, and a month that lies there too early
hurts nobody. What was there before the first leap stays one part, `…_before`; `…_rest` takes what no month would take.
"""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import Connection, Engine, text

BY_MONTH = ("audit",)
NEEDED = tuple(f"{log}_rest" for log in BY_MONTH)
A_MONTH = 10**8
"""Numbers a month has: a hundred times what the largest city writes."""

_PART = re.compile(rf"({'|'.join(BY_MONTH)})_(before|rest|\d{{6}})")
_PARTS = """
    SELECT p.relname AS log, c.relname AS name FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND p.relname = ANY(:logs) ORDER BY 1, 2"""
KEEP = """
CREATE OR REPLACE FUNCTION keep_log_months(log text, today date) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
    day date := least(today, (now() + interval '40 days')::date);
    first bigint := to_char(day, 'YYYYMM')::bigint * 100000000;
    newest bigint;
    month text;
    reader text;
    used bigint;
BEGIN
    IF log <> ALL (ARRAY['audit']) THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(123450002);
    SELECT max((regexp_match(pg_get_expr(c.relpartbound, c.oid), $re$TO \\('?(\\d+)$re$))[1]::bigint) INTO newest
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = log::regclass;
    FOR ahead IN 0..2 LOOP
        month := to_char(day + make_interval(months => ahead), 'YYYYMM');
        CONTINUE WHEN month::bigint * 100000000 < newest;
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS)', log || '_' || month, log);
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT '
            'EXECUTE FUNCTION refuse_change()', log || '_' || month || '_grows_only', log || '_' || month);
        FOR reader IN SELECT grantee FROM information_schema.role_table_grants
                      WHERE table_name = log AND privilege_type = 'SELECT' AND grantee <> current_user LOOP
            EXECUTE format('GRANT SELECT ON %I TO %I', log || '_' || month, reader);
        END LOOP;
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
            log, log || '_' || month, month || '00000000', month::bigint + 1 || '00000000');
    END LOOP;
    EXECUTE format('SELECT last_value FROM %s', pg_get_serial_sequence(log, 'id')) INTO used;
    IF used < first AND to_regclass(log || '_' || to_char(day, 'YYYYMM')) IS NOT NULL THEN
        PERFORM setval(pg_get_serial_sequence(log, 'id'), first);
    END IF;
END $$"""
"""Run as the owner of the tables, so that the program's own user may turn a month and make nothing else: this month and the
two after it, never further ahead than next month by the server's own clock. A month is made apart and then taken in."""


def first_of(day: date, more: int = 0) -> int:
    """The number after which those of this month begin, or of one some months later."""
    months = day.year * 12 + day.month - 1 + more
    return (months // 12 * 100 + months % 12 + 1) * A_MONTH


def name_of(log: str, day: date, more: int = 0) -> str:
    return f"{log}_{first_of(day, more) // A_MONTH}"


def is_part(name: str) -> bool:
    """A table that no model describes: a month of a log."""
    return _PART.fullmatch(name) is not None


def parts(connection: Connection) -> list[tuple[str, str]]:
    """Each part with its log; none on SQLite, or while a log still is one table."""
    if connection.dialect.name != "postgresql":
        return []
    return [(row.log, row.name) for row in connection.execute(text(_PARTS), {"logs": list(BY_MONTH)})]


def make_function(connection: Connection) -> None:
    """After every migration, so that the function is this release's; and the next months with it, where there are months."""
    if connection.dialect.name != "postgresql":
        return
    connection.exec_driver_sql(KEEP.replace("%", "%%"))
    for log in {log for log, _name in parts(connection)}:
        connection.execute(text("SELECT keep_log_months(:log, now()::date)"), {"log": log})


def keep(connection: Connection, zone: str) -> bool:
    """Turn the month when it has turned in the city, and see that the two after it are there; False where nothing was to do."""
    wanting = {log for log, _name in missing(connection, zone)} | set(_unturned(connection, zone))
    for log in sorted(wanting):
        connection.execute(
            text("SELECT keep_log_months(:log, (now() AT TIME ZONE :zone)::date)"), {"log": log, "zone": zone}
        )
    return bool(wanting)


def missing(connection: Connection, zone: str, ahead: int = 2) -> list[tuple[str, str]]:
    """Each log whose months do not reach so far ahead, with the month that it lacks."""
    newest = {log: name for log, name in parts(connection) if name[-1].isdigit()}
    wanted = [(log, name_of(log, _today(connection, zone), ahead)) for log in newest]
    return [(log, name) for log, name in wanted if newest[log] < name]


def lacking(connection: Connection, zone: str) -> list[str]:
    """What somebody must look at: the next month is not there, or a part is not empty that should be."""
    return [*(name for _log, name in missing(connection, zone, 1)), *astray(connection)]


def astray(connection: Connection) -> list[str]:
    """Parts that should be empty and are not: a number that belongs to no month was written."""
    rest = [name for _log, name in parts(connection) if name.endswith("_rest")]
    return [name for name in rest if connection.scalar(text(f"SELECT EXISTS (SELECT 1 FROM {name})"))]


def ready(engine: Engine) -> None:
    """Before the migration that makes months: prove, while everybody works on, what it would else have to prove under its lock."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        if connection.scalar(text("SELECT relkind FROM pg_class WHERE oid = to_regclass('audit')")) != "r":
            return
        end = first_of(_today(connection, "UTC"), 1)
    for statement in (
        "ALTER TABLE audit DROP CONSTRAINT IF EXISTS audit_before_end, "
        f"ADD CONSTRAINT audit_before_end CHECK (id < {end}) NOT VALID",
        "ALTER TABLE audit VALIDATE CONSTRAINT audit_before_end",
    ):
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(statement)


def _unturned(connection: Connection, zone: str) -> list[str]:
    """Logs whose numbers are still those of a former month although this one lies ready."""
    standing = parts(connection)
    today = _today(connection, zone) if standing else date.min
    begun = [log for log, name in standing if name == name_of(log, today)]
    return [log for log in begun if last_number(connection, log) < first_of(today)]


def end_of(connection: Connection, part: str) -> int:
    """The number before which this part ends."""
    found = connection.scalar(
        text("SELECT substring(pg_get_expr(relpartbound, oid) FROM :end) FROM pg_class WHERE relname = :part"),
        {"part": part, "end": r" TO \('?(\d+)"},
    )
    return int(found or 0)


def last_number(connection: Connection, log: str) -> int:
    return int(connection.scalar(text(f"SELECT last_value FROM {log}_id_seq")) or 0)


def _today(connection: Connection, zone: str) -> date:
    """By the server's clock: a simulated city's own may stand anywhere."""
    found = connection.scalar(text("SELECT (now() AT TIME ZONE :zone)::date"), {"zone": zone})
    assert isinstance(found, date)
    return found
