"""A small city beside the real one in which one living at a time is lived through the real rules, read out, and forgotten."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, exists, func, insert, literal, select, union_all
from sqlalchemy.orm import Session

from hotline.city.sync import sync
from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.simulate.plan import Living
from hotline.simulate.playing import play, stage_on
from hotline.simulate.roster import Roster, hire
from hotline.tickets.search.full_text import create_search
from models import Base, Deadline, Job, Ticket, make_engine
from models.store import hidden

log = logging.getLogger(__name__)
LEFT_OUT = frozenset(
    {
        "job",  # done, and tidied away after a month
        "seal",
        "row_seal",  # written anew for each row that is copied
        "sender_day",  # a sum over all
        "citizen",  # the same person may have telephoned before
        "taking_back",  # what could be taken back within seconds
        "reply_sketch",
        "exact_spot",
        "reply_finding",
        "figure_change",  # the first fold counts the whole history
        "recurrence",  # what compares a matter with all others is looked for at the end
    }
)
"""Tables of which nothing is read out; each says why."""

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Lived:
    """What one living left behind. rows: by table. jobs: when each was enqueued and run. happened: the last moment at which anything
    did; pending: the next one that was still to come. citizens: phone → id. stopped: the sentences of lives that a rule ended.
    """

    living: Living
    until: datetime
    rows: Rows
    citizens: Mapping[str, int]
    jobs: Sequence[tuple[datetime, datetime]]
    happened: datetime
    pending: datetime | None
    stopped: tuple[str, ...]


class Scratch:
    """One per process. The people in it are hired in the same order as in the city."""

    def __init__(self, real: Installation, seed: int, since: datetime, until: datetime, folder: Path):
        """folder: where its file may lie; in memory where there is such a folder."""
        engine = make_engine(f"sqlite:///{folder / 'scratch.db'}")
        hidden.attach(engine, hidden.ring_of(real.engine))
        Base.metadata.create_all(engine)
        self._real, self._engine = real, engine
        with engine.begin() as connection:
            create_search(connection)
            db = Session(bind=connection)
            sync(db, real.city, since)
            self.roster: Roster = hire(db, real.city, seed, since, until)
            db.flush()
        with engine.connect() as connection:
            self._tables = [
                table
                for table in Base.metadata.sorted_tables
                if table.name not in LEFT_OUT and not connection.scalar(select(func.count()).select_from(table))
            ]
            # which of the eighty tables a living wrote into is one question, not eighty
            self._written = union_all(*(select(literal(t.name)).where(exists().select_from(t)) for t in self._tables))

    def live(self, living: Living, first_id: int, until: datetime) -> Lived:
        """Live it with this number of its first ticket, read it out, and leave no trace."""
        with self._forgotten() as connection:
            _begin_at(connection, first_id, living.begins)
            stage = stage_on(self._real, connection, living.begins)
            stopped = play(stage, self.roster, [living], until).cut_short
            return self._read(connection, living, until, first_id, tuple(stopped))

    @contextmanager
    def _forgotten(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            transaction = connection.begin()
            try:
                yield connection
            finally:
                transaction.rollback()

    def _read(
        self, connection: Connection, living: Living, until: datetime, first_id: int, stopped: tuple[str, ...]
    ) -> Lived:
        written = set(connection.scalars(self._written))
        rows = {table.name: _rows(connection, table, first_id) for table in self._tables if table.name in written}
        jobs = connection.execute(select(Job.enqueued_at, Job.run_at, Job.done_at, Job.failed_at, Job.error)).all()
        for job in jobs:
            if job.error:
                raise Refusal(job.error)
        waiting = [job.run_at for job in jobs if job.done_at is None]
        ringing = connection.scalar(select(func.min(Deadline.ring_at)))
        pending = min((at for at in (*waiting, ringing) if at is not None), default=None)
        citizens = Base.metadata.tables["citizen"]
        told = {row.phone: row.id for row in connection.execute(select(citizens.c.phone, citizens.c.id))}
        steps = [at for moments in living.moments(self._real.city) for at in moments if at <= until]
        happened = max((*steps, *(job.done_at for job in jobs if job.done_at is not None)))
        return Lived(
            living,
            until,
            {name: some for name, some in rows.items() if some},
            told,
            [(job.enqueued_at, job.run_at) for job in jobs],
            happened,
            pending,
            stopped,
        )


def _rows(connection: Connection, table: Table, first_id: int) -> list[dict[str, Any]]:
    found = [dict(row) for row in connection.execute(select(table)).mappings()]
    return [row for row in found if row["id"] >= first_id] if table.name == "ticket" else found


def _begin_at(connection: Connection, first_id: int, at: datetime) -> None:
    """The number before the first is taken by a ticket that says nothing, so that the next one has the wanted number."""
    if first_id > 1:
        row = {
            "id": first_id - 1,
            "number": "-",
            "state": "void",
            "channel": "hotline",
            "title": "-",
            "request_type": "other",
        }
        connection.execute(insert(Ticket.__table__), [{**row, "created_at": at, "moved_at": at}])  # type: ignore[arg-type]
