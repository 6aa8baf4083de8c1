"""The pages after ten years: a database of 100,000 tickets, and the same one grown by copies of its closed tickets, to 1,050,000 and further."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from hotline.tickets.search import full_text, windows
from models import Assignment, Deadline, Survey, Ticket, TicketEvent, TicketText
from models.store.db import Base, UTCDateTime
from tests.bench import pages
from tests.bench.ground import Ground, ground, served

SIZE, COPIES = 100_000, (10,)
REPEATS = 25
TABLES: tuple[type[Base], ...] = (Ticket, TicketText, Assignment, TicketEvent, Deadline, Survey)
EARLIER = "interval '7 minutes'"
"""Each copy is as much earlier than the one before, so that no moment has ten tickets."""


def run(*copies: int) -> None:
    """PostgreSQL only: a copy is one statement a table there. `copies`: how many there are each time the pages are asked again (10 34).

    The days are folded each time: of a million tickets that takes about an hour.
    """
    with ground("postgresql") as made:
        pages._grow(made, 0, SIZE)
        pages.fold_days(made)
        with served(made) as server:
            pages._measure(made, server, SIZE, REPEATS)
        there = 0
        for wanted in copies or COPIES:
            grown = _multiply(made, range(there + 1, wanted + 1))
            there = wanted
            pages.fold_days(made)
            with served(made) as server:
                pages._measure(made, server, grown, REPEATS)


def _multiply(made: Ground, copies: range) -> int:
    """How many tickets there are afterwards."""
    engine, began = made.engine(), time.perf_counter()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("SET session_replication_role = replica"))
        with _without_indexes(connection):
            for copy in copies:
                _copy(connection, copy)
        connection.execute(text("SELECT setval('ticket_id_seq', (SELECT max(id) FROM ticket))"))
        connection.execute(text("VACUUM ANALYZE"))
        size = int(connection.scalar(text("SELECT count(*) FROM ticket")) or 0)
    engine.dispose()
    print(f"grown to {size:,} tickets in {time.perf_counter() - began:.0f} s", flush=True)
    return size


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Indexes are cheaper made once at the end than kept row by row; those of constraints stay."""
    names = [table.__tablename__ for table in TABLES] + ["ticket_search"]
    rows = connection.execute(
        text(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(:names) "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)"
        ),
        {"names": names},
    ).all()
    for name, _made_by in rows:
        connection.execute(text(f'DROP INDEX "{name}"'))
    yield
    for _name, made_by in rows:
        connection.execute(text(made_by))


def _copy(connection: Connection, copy: int) -> None:
    """The closed tickets once more, with numbers of their own."""
    shift = copy * SIZE
    for table in TABLES:
        columns = list(table.__table__.columns)
        told = [_told(table.__tablename__, one.name, isinstance(one.type, UTCDateTime), shift, copy) for one in columns]
        names = ", ".join(f'"{one.name}"' for one in columns)
        key = "id" if table is Ticket else "ticket_id"
        connection.execute(
            text(
                f"INSERT INTO {table.__tablename__} ({names}) SELECT {', '.join(told)} FROM {table.__tablename__} "
                f"WHERE {key} > {pages.OPEN} AND {key} <= {SIZE}"
            )
        )
    parts, number = full_text.PARTS, f"id / {full_text.PARTS}"
    bare = "ts_filter(setweight(terms, 'A'), '{a}')"
    connection.execute(
        text(
            f"INSERT INTO ticket_search SELECT id + {shift * parts}::bigint, setweight({bare}, 'D') || "
            f"CAST({windows.in_sql(f'({number} + {shift})')} AS tsvector) FROM ticket_search "
            f"WHERE id >= {(pages.OPEN + 1) * parts}::bigint AND id < {(SIZE + 1) * parts}::bigint"
        )
    )


def _told(table: str, name: str, moment: bool, shift: int, copy: int) -> str:
    """The value of a column in the copy."""
    if name == "own_id" or name == ("id" if table == "ticket" else "ticket_id"):
        return f'"{name}" + {shift}'
    if name == "id":
        return f"nextval('{table}_id_seq')"
    if name in ("number", "token"):
        return f"\"{name}\" || '-{copy}'"
    return f'"{name}" - {copy} * {EARLIER}' if moment else f'"{name}"'
