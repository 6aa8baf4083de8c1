"""One person planted in every column of words that the tables have, in files and in the index: erased, no byte of it is left."""

from __future__ import annotations

import io
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    String,
    Table,
    Text,
    TypeDecorator,
    select,
)

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.nuisance.marks import propose
from hotline.settings import Settings
from hotline.tickets.erasing.erase_person import erase_person_now
from hotline.tickets.privacy import attachments
from models import Citizen, make_sessions
from models.store.append_only import LOGS
from models.store.db import Base
from tests.support.life import Life

NAME, PHONE, HOME = "逄啸天", "13899991111", "永明路77号院3号楼2单元909室"
SAID = f"{NAME}（{PHONE}，又写作138 999 91111）住{HOME}"
OF_STAFF = frozenset({"staff", "unit", "category", "city_release", "holiday", "api_token", "process", "daily_task", "row_seal", "seal", "restore_drill", "sender_day", "practice_exam", "practice_run", "cell", "cell_day", "cell_head", "told_day", "province_line", "neighbour"})  # fmt: skip
"""Tables that tell of those who work here, of the city and its province, and of invented callers."""

NO_WORDS = frozenset(
    {"stored_as", "sha256", "digest", "address", "browser", "sealed_secret", "event_id", "provider_id", "draft_key"}
)
"""Columns that a person writes nothing into, or whose rows tell of a member of staff."""

NOT_PLANTED = {*LOGS, *OF_STAFF, "ticket", "ticket_text", "citizen", "call", "nuisance_mark"}
"""And the person's own rows, which were made as a matter makes them; into the logs nothing comes that was not starred."""

TRACES = (NAME, "啸天", PHONE, "99991111", "999 91111", "909室", "永明路77号院")


def word_columns(table: Table) -> list[str]:
    """Columns that take a sentence."""
    return [
        column.name
        for column in table.columns
        if column.name not in NO_WORDS
        and not column.primary_key
        and not column.foreign_keys
        and takes_words(plain_type(column))
    ]


def takes_words(kind: Any) -> bool:
    return isinstance(kind, JSON | Text) or (isinstance(kind, String) and (kind.length or 200) >= 100)


def plain_type(column: Column[Any]) -> Any:
    """What the database has, below our own types."""
    return column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type


def a_row(connection: Connection, table: Table, ticket_id: int, n: int) -> dict[str, Any]:
    """A row that the table takes, with the person in each of its words."""
    words, row = word_columns(table), {}
    for column in table.columns:
        kind = plain_type(column)
        if column.name in words:
            row[column.name] = {"a": [SAID], "b": {"c": SAID}} if isinstance(kind, JSON) else SAID
        elif column.name == "ticket_id":
            row[column.name] = ticket_id
        elif column.nullable or (column.primary_key and isinstance(kind, Integer) and not column.foreign_keys):
            continue
        elif column.foreign_keys:
            (reference,) = column.foreign_keys
            row[column.name] = connection.scalar(select(reference.column).limit(1))
        elif isinstance(kind, JSON):
            row[column.name] = {}
        elif isinstance(kind, Boolean):
            row[column.name] = False
        elif isinstance(kind, Integer | Float):
            row[column.name] = n
        elif isinstance(kind, String):
            row[column.name] = f"x{n}"[: kind.length or 8]
        else:
            row[column.name] = datetime(2026, 3, 1, tzinfo=UTC)
    return row


@pytest.fixture
def installation(sqlite_engine: Engine, city: City, clock: StoppedClock, tmp_path: Path) -> Installation:
    settings = Settings(
        database_url=str(sqlite_engine.url), secret_key="s" * 40, twilio_auth_token="t" * 40, var=tmp_path, testing=True
    )
    return build_installation(settings, city=city, clock=clock, engine=sqlite_engine)


def test_no_byte_of_a_person_is_left_in_any_table_index_or_file(
    installation: Installation, city: City, clock: StoppedClock
) -> None:
    """V6, VC8: tables are found by reflection, so that a new one is asked as well."""
    engine, settings = installation.engine, installation.settings
    with make_sessions(engine)() as db:
        life = Life(db, city, clock)
        ticket = life.ticket(
            phone=PHONE,
            name=NAME,
            words=f"楼道灯坏了。我叫{SAID}",
            place=HOME,
            title=f"{NAME}反映楼道灯",
            extra={"备注": SAID},
        )
        pdf = io.BytesIO(b"%PDF-1.7 " + SAID.encode())
        attachments.store(
            db,
            settings.attachments,
            pdf,
            f"{SAID}.pdf",
            life.who("citizen", ticket),
            life.now,
            most_mb=5,
            ticket=ticket,
        )
        life.do(ticket, "an", "note", text=f"{NAME}再次来电，回{PHONE}，{HOME}")
        life.do(ticket, "an", "answer_directly")
        db.scalars(select(Citizen)).one().note = SAID
        number, reason = ticket.number, next(iter(city.nuisance.reasons))
        propose(db, city, life.people["an"], PHONE, reason, SAID, [number], life.now)
        db.commit()
        ticket_id = ticket.id
    planted: list[str] = []
    with engine.connect() as connection:
        for n, table in enumerate(Base.metadata.sorted_tables, 900):
            words = word_columns(table)
            if not words or table.name in NOT_PLANTED:
                continue
            connection.execute(table.insert().values(a_row(connection, table, ticket_id, n)))
            planted += [f"{table.name}.{one}" for one in words]
        connection.commit()
    assert {
        "draft.data",
        "saved_view.query",
        "reply_finding.evidence",
        "review.note",
        "job.args",
        "message.text",
    } <= set(planted)
    rejects = settings.var / "imports" / "x" / "rejects.jsonl"
    rejects.parent.mkdir(parents=True)
    rejects.write_text(json.dumps({"row": {"电话": PHONE, "诉求": "停水"}}) + "\n", "utf-8")

    erase_person_now(installation, PHONE, "本人要求")

    with installation.readings() as db:
        left = [
            f"{table.name}: {trace} in {row}"
            for table in Base.metadata.sorted_tables
            for row in db.execute(select(table))
            for trace in TRACES
            if trace in str(tuple(row))
        ]
    assert not left, "\n".join(left)
    engine.dispose()
    database = Path(str(engine.url.database))
    with closing(sqlite3.connect(database)) as alone:
        alone.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = [
        database,
        *database.parent.glob(f"{database.name}-*"),
        *(one for one in settings.var.rglob("*") if one.is_file()),
    ]
    raw = {path.name: path.read_bytes() for path in files if path.exists()}
    assert database.name in raw
    found = [(name, trace) for name, body in raw.items() for trace in TRACES for one in written(trace) if one in body]
    assert not found


def written(trace: str) -> tuple[bytes, bytes]:
    """As UTF-8, and as JSON escapes it."""
    return trace.encode(), json.dumps(trace)[1:-1].encode()
