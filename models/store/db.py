"""The engine, the session factory and the column types every table shares.

SQLite is opened in WAL mode and every transaction begins IMMEDIATE: with a plain BEGIN, writers that
upgrade from a read lock fail at once whatever the timeout. Moments are stored as naive UTC and come
back aware; a naive moment is refused at the door.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    CursorResult,
    DateTime,
    Engine,
    Integer,
    MetaData,
    create_engine,
    event,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from models.store.hosts import to_the_writing_one

PATIENCE_S = 30
"""Seconds for which one who writes on SQLite waits for another: a desk would rather wait than be told that the database is locked."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as naive UTC; a naive moment raises ValueError."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    # Numbers are 64-bit everywhere: a large city writes a billion rows of its story in a few years.
    type_annotation_map = {
        int: BigInteger().with_variant(Integer, "sqlite"),
        datetime: UTCDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


def write_json(value: Any) -> str:
    """JSON with Chinese kept readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def make_engine(url: str, *, pool_size: int = 20, statement_timeout_s: int = 15) -> Engine:
    """One engine per process.

    url: an SQLAlchemy URL; `sqlite:///path` and `postgresql://…` are the two supported engines.
    statement_timeout_s: seconds after which PostgreSQL cancels a statement.
    """
    if url.startswith("sqlite"):
        # check_same_thread is off because the pool hands connections between threads, one at a time.
        engine = create_engine(
            url,
            json_serializer=write_json,
            hide_parameters=True,
            pool_size=pool_size,
            max_overflow=pool_size,
            connect_args={"check_same_thread": False, "timeout": PATIENCE_S},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    url = to_the_writing_one(url)
    # Compiling a statement to machine code costs longer than the longest of ours runs.
    options = f"-c statement_timeout={statement_timeout_s * 1000} -c timezone=UTC -c jit=off"
    return create_engine(
        url,
        json_serializer=write_json,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args={"options": options},
    )


def make_sessions(engine: Engine, kind: type[Session] = Session) -> sessionmaker[Session]:
    """kind: the class of the sessions, for those that remember more than the rows."""
    return sessionmaker(engine, class_=kind, expire_on_commit=False, autoflush=True)


def _prepare_sqlite(connection: Any, record: Any) -> None:
    """A commit waits for the disk (synchronous=FULL): a number a citizen was told survives a power cut."""
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what was erased is overwritten, not only left out
        f"busy_timeout={PATIENCE_S * 1000}",
        "cache_size=-65536",
        "temp_store=MEMORY",
        "mmap_size=268435456",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def changed(db: Session, statement: Any) -> int:
    """Execute one INSERT, UPDATE or DELETE and say how many rows it touched: the database names the winner."""
    result = db.execute(statement.execution_options(synchronize_session=False))
    return int(cast("CursorResult[Any]", result).rowcount)


def without_time_limit(db: Session) -> None:
    """The statements of this transaction may take as long as they need: work at night or by an operator, never a page."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SET LOCAL statement_timeout = 0"))
