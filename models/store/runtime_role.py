"""Two users of PostgreSQL: an owner that migrates, and the program's own, which may add to the logs and never change them.

A trigger guards the logs against mistakes; whoever owns the tables can switch it off. The program's user owns nothing.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text

from models.store import log_months
from models.store.append_only import LOGS

_OWNED = """
    SELECT format('ALTER TABLE %I OWNER TO %I', c.relname, current_user) FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND pg_get_userbyid(c.relowner) <> current_user
    UNION ALL SELECT format('ALTER FUNCTION %s OWNER TO %I', p.oid::regprocedure, current_user) FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace AND pg_get_userbyid(p.proowner) <> current_user"""
_MAKE = "SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', CAST(:name AS text), CAST(:password AS text))"
_MAKE_OPEN = "SELECT format('CREATE ROLE %I LOGIN', CAST(:name AS text))"
_MAY_SWITCH_OFF = """
    SELECT r.rolsuper OR bool_or(pg_has_role(current_user, c.relowner, 'MEMBER'))
    FROM pg_roles r, pg_class c
    WHERE r.rolname = current_user AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(:logs)
    GROUP BY r.rolsuper"""


def prepare(owner: Engine, name: str, password: str = "") -> None:
    """Make the program's user where it is missing and give it exactly what it needs; safe to repeat after every migration.

    What it owned (an installation that had one user for both) goes over to the owner.
    """
    with owner.begin() as connection:
        _make(connection, name, password)
        for statement in connection.scalars(text(_OWNED)).all():
            connection.exec_driver_sql(statement)
        user = connection.dialect.identifier_preparer.quote(name)
        logs = ", ".join((*LOGS, *(name for _log, name in log_months.parts(connection))))
        for statement in (
            f"GRANT USAGE ON SCHEMA public TO {user}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {user}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {user}",
            f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {user}",
            f"REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {logs} FROM {user}",
            f"REVOKE DELETE ON data_key FROM {user}",  # without its key nothing that it hid is ever read again
            f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {user}",
            f"REVOKE CREATE ON SCHEMA public FROM {user}",
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        ):
            connection.exec_driver_sql(statement)


def may_switch_off_triggers(connection: Connection) -> bool:
    """Whether this very user could make the logs changeable; on SQLite whoever holds the file can."""
    if connection.dialect.name != "postgresql":
        return False
    return bool(
        connection.scalar(
            text(_MAY_SWITCH_OFF), {"logs": [*LOGS, *(name for _log, name in log_months.parts(connection))]}
        )
    )


def _make(connection: Connection, name: str, password: str) -> None:
    if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}):
        return
    words = {"name": name, **({"password": password} if password else {})}
    connection.exec_driver_sql(connection.scalar(text(_MAKE if password else _MAKE_OPEN), words) or "")
