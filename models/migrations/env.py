"""What alembic runs: one transaction per upgrade, one process at a time, and the append-only triggers after it."""

from __future__ import annotations

import os
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from models import Base, make_engine
from models.store import log_months
from models.store.append_only import protect_logs
from models.store.compare import is_ours
from models.store.migrate import LOCK, PATIENCE_S, migrating

config = context.config


def run(connection: Connection) -> None:
    """`attributes` may bring `afterwards` (functions of the connection)."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=is_ours,
        render_item=render_moment,
        render_as_batch=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            be_patient(connection)
        context.run_migrations()
        for finish in config.attributes.get("afterwards", ()):
            finish(connection)


def be_patient(connection: Connection) -> None:
    """One migration at a time; a new index may take as long as it takes, but people wait for nobody behind our locks."""
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_S}s'")


def render_moment(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """UTCDateTime is a plain DateTime in the database; a version must not depend on today's classes."""
    return "sa.DateTime()" if kind == "type" and type(item).__name__ == "UTCDateTime" else False


def address() -> str:
    """The database, when alembic is called by hand: `alembic -x url=… upgrade head`, or DATABASE_URL."""
    url = context.get_x_argument(as_dictionary=True).get("url") or os.environ.get("DATABASE_URL")
    if not url:
        raise SystemExit("Say which database: alembic -x url=… or DATABASE_URL=…")
    return url


if "connection" in config.attributes:
    run(config.attributes["connection"])
else:
    config.attributes["afterwards"] = (protect_logs, log_months.make_function)
    with migrating(make_engine(address())) as own:
        run(own)
