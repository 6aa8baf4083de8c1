"""Logs that can only grow: triggers refuse to change or delete a row of the story, the audit or its seals."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, inspect

from models.store import log_months

LOGS = ("ticket_event", "audit", "seal", "row_seal")
TRIGGERS = {
    "sqlite": tuple(f"{log}_no_{deed}" for log in LOGS for deed in ("update", "delete")),
    "postgresql": tuple(f"{log}_grows_only" for log in LOGS),
}


def protect_logs(connection: Connection) -> None:
    """Create the triggers where they are missing; safe to repeat, and repeated after every migration.

    The repetition is needed: on SQLite a migration that alters a table builds it anew and loses its triggers.
    A log that a database of an earlier version does not have yet is left out.
    """
    standing = [log for log in LOGS if inspect(connection).has_table(log)]
    sqlite, months = connection.dialect.name == "sqlite", log_months.parts(connection)
    statements = (
        sqlite_triggers(standing) if sqlite else postgres_triggers([*standing, *(name for _log, name in months)])
    )
    for statement in statements:
        connection.exec_driver_sql(statement)


def opened_log(connection: Connection, log: str) -> None:
    """Let one log be changed until `protect_logs`, in the same transaction; only the tables' owner can."""
    if connection.dialect.name == "sqlite":
        for deed in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {log}_no_{deed}")
    else:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {log}_grows_only ON {log}")


def sqlite_triggers(logs: Iterable[str] = LOGS) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {log}_no_{deed.lower()} BEFORE {deed} ON {log} "
        f"BEGIN SELECT RAISE(ABORT, '{log} is append-only'); END"
        for log in logs
        for deed in ("UPDATE", "DELETE")
    ]


def postgres_triggers(tables: Iterable[str]) -> list[str]:
    """Statement triggers, so that TRUNCATE and a DELETE that finds nothing are refused as well.

    tables: logs, and the months of them, which could be named directly.
    """
    function = """
        CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'restrict_violation';
        END $$
    """
    return [function] + [
        f"CREATE OR REPLACE TRIGGER {table}_grows_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in tables
    ]
