"""A year of the book is taken out of PostgreSQL: the seals stand, the file proves itself, and nobody else can take a row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session, sessionmaker

from hotline.backups.log_years import archive, lines_of, problems_of
from hotline.errors import Refusal
from hotline.settings import Settings
from hotline.tickets.privacy import audit
from hotline.tickets.roles import SYSTEM
from hotline.tickets.seals import archives, chain, log_marks, seal_files
from models import Audit, LogArchive, make_sessions
from models.store import compare, log_months
from tests.support.doubles.tampering import tamper

ZONE = "Asia/Shanghai"
OLD, YOUNG = datetime(2026, 3, 4, 2, tzinfo=UTC), datetime(2027, 2, 3, 2, tzinfo=UTC)
LATER = datetime(2027, 9, 1, tzinfo=UTC)
NEXT = "(now() + interval '1 month')::date"


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    made: Engine = request.getfixturevalue("postgres_tests").own()
    yield made
    made.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path / "var", secret_key="s" * 40)


@pytest.fixture
def key(settings: Settings) -> bytes:
    return seal_files.seal_key(settings)


@pytest.fixture
def sessions(engine: Engine, key: bytes) -> sessionmaker[Session]:
    made = make_sessions(engine)
    log_marks.watch(made, key)
    return made


def write(sessions: sessionmaker[Session], key: bytes, at: datetime, *words: str) -> None:
    """So many deeds under one link."""
    with sessions() as db:
        for n, word in enumerate(words):
            audit.record(db, "reveal", SYSTEM, at + timedelta(minutes=n), subject=word, reason="核实")
        db.commit()
        chain.seal(db, at + timedelta(hours=1), key=key)
        db.commit()


def turn(sessions: sessionmaker[Session]) -> None:
    """The next month has begun."""
    with sessions() as db:
        db.execute(text(f"SELECT keep_log_months('audit', {NEXT})"))
        db.commit()


@pytest.fixture
def lived(sessions: sessionmaker[Session], key: bytes) -> sessionmaker[Session]:
    """A book of two years, whose second begins in what was there before there were months and goes on in a month of its own; one link
    covers rows of both years."""
    write(sessions, key, OLD, "甲", "乙")
    write(sessions, key, datetime(2026, 12, 31, 15, 58, tzinfo=UTC), "丙", "丁", "戊")
    write(sessions, key, YOUNG, "己")
    turn(sessions)
    write(sessions, key, YOUNG + timedelta(days=30), "庚")
    return sessions


def subjects(db: Session) -> list[str]:
    return list(db.scalars(select(Audit.subject).where(Audit.action == "reveal").order_by(Audit.id)))


def archived(sessions: sessionmaker[Session], settings: Settings, key: bytes, folder: Path | None) -> LogArchive:
    with sessions() as db:
        return archive(db, settings, 2026, folder, SYSTEM, LATER, ZONE, key)


@pytest.mark.postgres
def test_a_year_goes_into_a_file_that_proves_itself(
    lived: sessionmaker[Session], settings: Settings, key: bytes, tmp_path: Path
) -> None:
    row = archived(lived, settings, key, tmp_path)
    assert row.rows == 4
    with lived() as db:
        assert subjects(db) == ["戊", "己", "庚"]
        assert chain.verify(db, key).problems == []
        assert log_marks.problems(db, key) == []
        assert compare.faults(db.connection()) == []
        assert db.scalar(select(Audit.action).order_by(Audit.id.desc()).limit(1)) == "log_archived"
        file = tmp_path / "audit-2026.sealed"
        assert "甲".encode() not in file.read_bytes()
        assert problems_of(db, file, settings, key)[1] == []
    told = [json.loads(line) for line in lines_of(file, settings)]
    assert [word for row_ in told for word in row_ if word in ("甲", "乙", "丙", "丁", "戊")] == [
        "甲",
        "乙",
        "丙",
        "丁",
    ]


@pytest.mark.postgres
def test_a_year_is_erased_and_only_the_seals_remember_how_many(
    lived: sessionmaker[Session], settings: Settings, key: bytes
) -> None:
    row = archived(lived, settings, key, None)
    assert (row.rows, row.file, row.digest) == (4, None, None)
    with lived() as db:
        assert chain.verify(db, key).problems == []
        assert subjects(db) == ["戊", "己", "庚"]


@pytest.mark.postgres
def test_the_book_goes_on_and_the_next_year_goes_after_it(
    lived: sessionmaker[Session], settings: Settings, key: bytes, tmp_path: Path
) -> None:
    archived(lived, settings, key, tmp_path)
    write(lived, key, datetime(2027, 9, 1, 3, tzinfo=UTC), "辛")
    with lived() as db:
        with pytest.raises(Refusal, match="没有可以归档"):
            archive(db, settings, 2026, tmp_path, SYSTEM, LATER, ZONE, key)
        db.rollback()
        assert chain.verify(db, key).problems == []


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM log_archive", "应有"),
        ("UPDATE log_archive SET last_id = last_id + 100", "应有"),
        ("UPDATE audit SET actor_name = '别人' WHERE subject = '戊'", "已归档"),
        ("DELETE FROM audit WHERE subject = '戊'", "已归档"),
        (
            "INSERT INTO audit (id, at, action, actor_kind, actor_name, detail) VALUES (2, now(), 'login', 'staff', '安', '{}')",
            "已归档",
        ),
    ],
)
def test_what_else_was_taken_or_slipped_in_is_found(
    lived: sessionmaker[Session], settings: Settings, key: bytes, statement: str, said: str
) -> None:
    archived(lived, settings, key, None)
    with lived() as db:
        tamper(db, statement)
        assert any(said in one for one in chain.verify(db, key).problems)


@pytest.mark.postgres
def test_a_file_that_was_touched_or_tells_otherwise_is_refused(
    lived: sessionmaker[Session], settings: Settings, key: bytes, tmp_path: Path
) -> None:
    archived(lived, settings, key, tmp_path)
    file = tmp_path / "audit-2026.sealed"
    bits = bytearray(file.read_bytes())
    bits[-3] ^= 1
    file.write_bytes(bits)
    with lived() as db, pytest.raises(Refusal, match="被改动过"):
        problems_of(db, file, settings, key)


@pytest.mark.postgres
def test_what_is_not_as_it_was_sealed_is_not_taken_out(
    lived: sessionmaker[Session], settings: Settings, key: bytes, tmp_path: Path
) -> None:
    with lived() as db:
        tamper(db, "UPDATE audit SET actor_name = '别人' WHERE subject = '乙'")
    with lived() as db, pytest.raises(Refusal, match="与封条不符"):
        archive(db, settings, 2026, tmp_path, SYSTEM, LATER, ZONE, key)
    assert list(tmp_path.glob("*.sealed")) == []
    with lived() as db:
        assert len(subjects(db)) == 7


@pytest.mark.postgres
def test_a_young_year_and_rows_that_nobody_sealed_stay(
    sessions: sessionmaker[Session], settings: Settings, key: bytes, tmp_path: Path
) -> None:
    write(sessions, key, OLD, "甲")
    with sessions() as db:
        with pytest.raises(Refusal, match="六个月"):
            archive(db, settings, 2026, tmp_path, SYSTEM, datetime(2027, 6, 1, tzinfo=UTC), ZONE, key)
        audit.record(db, "reveal", SYSTEM, OLD + timedelta(days=1), subject="乙")
        db.commit()
        turn(sessions)
        with pytest.raises(Refusal, match="还没有全部封存"):
            archive(db, settings, 2026, tmp_path, SYSTEM, LATER, ZONE, key)


@pytest.mark.postgres
def test_the_first_part_is_not_cut_while_it_is_written_into(
    sessions: sessionmaker[Session], settings: Settings, key: bytes, tmp_path: Path
) -> None:
    write(sessions, key, OLD, "甲")
    write(sessions, key, YOUNG, "乙")
    with sessions() as db, pytest.raises(Refusal, match="下个月"):
        archive(db, settings, 2026, tmp_path, SYSTEM, LATER, ZONE, key)
    with sessions() as db:
        assert subjects(db) == ["甲", "乙"]


def test_on_sqlite_the_book_stays_whole(sqlite_engine: Engine, settings: Settings, key: bytes, tmp_path: Path) -> None:
    sessions = make_sessions(sqlite_engine)
    write(sessions, key, OLD, "甲")
    with sessions() as db:
        assert log_months.parts(db.connection()) == []
        assert log_months.lacking(db.connection(), ZONE) == []
        with pytest.raises(Refusal, match="PostgreSQL"):
            archive(db, settings, 2026, tmp_path, SYSTEM, LATER, ZONE, key)
        assert db.scalar(select(func.count()).select_from(Audit)) == 1
        assert archives.end_of(db, "audit", key) == 0
