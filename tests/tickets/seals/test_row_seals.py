"""The figures that are reported rest on rows that nobody can change, add or remove unseen (V7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.settings import Settings, kept_secret
from hotline.tickets.seals import chain, row_seals, seal_files
from models import Deadline, Reply, RowSeal, Survey, make_sessions
from tests.support.doubles.mail_server import mail_server
from tests.support.doubles.tampering import tamper
from tests.support.life import Life


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, secret_key="s" * 40)


@pytest.fixture
def marked(engine: Engine, settings: Settings, city: City, clock: StoppedClock) -> Life:
    """A ticket that lived its whole life by the rules, in sessions that mark what they write."""
    sessions = make_sessions(engine)
    row_seals.watch(sessions, seal_files.seal_key(settings), clock)
    life = Life(sessions(), city, clock)
    life.to("closed")
    life.db.commit()
    return life


def problems(life: Life, settings: Settings) -> list[str]:
    life.db.expire_all()
    return seal_files.verify(life.db, settings).problems


def test_a_whole_life_is_marked_and_verifies(marked: Life, settings: Settings) -> None:
    tables = set(marked.db.scalars(select(RowSeal.log_of).distinct()))
    assert {"reply", "review", "survey", "deadline", "ticket"} <= tables
    assert problems(marked, settings) == []


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE survey SET result = 5, solved = 'yes', attitude = 5, words = 'x'", "评价"),
        ("UPDATE survey SET valid = NOT valid", "评价"),
        ("UPDATE reply SET facts = '已现场核实'", "答复"),
        ("UPDATE reply SET public_answer = public_answer || '。'", "答复"),
        ("UPDATE reply SET contacted = NOT contacted", "答复"),
        ("UPDATE review SET verdict = 'x'", "审核"),
        ("UPDATE review SET note = 'x'", "审核"),
        ("UPDATE deadline SET met = NOT coalesce(met, false)", "期限"),
        ("UPDATE deadline SET due_at = '2030-01-01 00:00:00'", "期限"),
        ("UPDATE ticket SET closed_at = '2026-03-04 02:00:01'", "办结"),
        ("UPDATE ticket SET close_kind = 'final'", "办结"),
        ("UPDATE ticket SET excluded = NOT excluded", "办结"),
        ("DELETE FROM survey", "评价"),
        ("DELETE FROM review", "审核"),
        ("UPDATE survey SET id = id + 1000", "评价"),
    ],
)
def test_v7_what_figures_rest_on_cannot_be_changed_unseen(
    marked: Life, settings: Settings, statement: str, word: str
) -> None:
    tamper(marked.db, statement)
    found = problems(marked, settings)
    assert any(word in problem and "第" in problem for problem in found), found


def test_v7_a_row_slipped_in_is_named(marked: Life, settings: Settings) -> None:
    columns = ", ".join(name for name in Survey.__table__.columns.keys() if name not in ("id", "token", "round"))  # noqa: SIM118
    tamper(
        marked.db,
        f"INSERT INTO survey (id, token, round, {columns}) SELECT id + 500, 'forged', 7, {columns} FROM survey",
    )
    assert any("不是程序写的" in problem for problem in problems(marked, settings))


def test_v7_what_was_true_once_cannot_be_put_back(marked: Life, settings: Settings) -> None:
    """An old value with its old mark is old: the newest mark of a row holds."""
    survey = marked.db.scalars(select(Survey)).one()
    survey.comment = "后来改的话"
    marked.db.commit()
    assert problems(marked, settings) == []
    tamper(marked.db, "UPDATE survey SET comment = NULL")
    assert problems(marked, settings)


@pytest.mark.parametrize("forged_with", [b"", b"another key"])
def test_v7_marks_made_without_the_key_are_found(marked: Life, settings: Settings, forged_with: bytes) -> None:
    forging = make_sessions(marked.db.get_bind())  # type: ignore[arg-type]
    row_seals.watch(forging, forged_with, marked.clock)
    with forging() as db:
        db.scalars(select(Survey)).one().comment = "x"
        db.commit()
    assert problems(marked, settings)


def test_v7_marks_themselves_are_under_the_chain(marked: Life, settings: Settings) -> None:
    later, key = marked.clock.now() + timedelta(minutes=10), seal_files.seal_key(settings)
    chain.seal(marked.db, later, key=key)
    marked.db.commit()
    assert problems(marked, settings) == []
    tamper(marked.db, "DELETE FROM row_seal")
    assert any("row_seal" in problem for problem in problems(marked, settings))


def test_statements_of_the_program_that_change_many_rows_are_marked(marked: Life, settings: Settings) -> None:
    marked.db.execute(update(Survey).values(outcome="cut_off"))
    marked.db.execute(update(Deadline).where(Deadline.met.is_(True)).values(end_reason="other"))
    marked.db.commit()
    assert problems(marked, settings) == []


def test_a_row_the_program_removes_is_not_missed(marked: Life, settings: Settings) -> None:
    marked.db.delete(marked.db.scalars(select(Survey)).one())
    marked.db.commit()
    assert problems(marked, settings) == []


def test_what_an_earlier_release_wrote_is_marked_once(
    life: Life, engine: Engine, settings: Settings, clock: StoppedClock
) -> None:
    life.to("closed")
    life.db.commit()
    key = kept_secret(settings.var, seal_files.KEY).encode()
    assert row_seals.adopt(make_sessions(engine), key, clock.now()) > 0
    assert row_seals.adopt(make_sessions(engine), key, clock.now()) == 0
    assert problems(life, settings) == []
    tamper(life.db, "UPDATE reply SET facts = 'x'")
    assert problems(life, settings)
    assert life.db.scalars(select(Reply)).all()


def test_the_head_is_told_outside_once_a_night(
    installation: Installation, life: Life, clock: StoppedClock, tmp_path: Path
) -> None:
    """V7, VT8: a chain cut off after that night is found with the copy alone; the letter goes as SMTP_URL says, with user and password."""
    outside = tmp_path / "outside"
    outside.mkdir()
    life.to("closed")
    life.db.commit()
    clock.forward(minutes=5)
    seal_files.seal_books(installation, clock.now())
    readers = ("jw@example.gov.cn", "head@example.gov.cn")
    with mail_server() as server:
        url = server.url.replace("smtp://", "smtp://hotline:p%40ss@")
        installation.settings = replace(installation.settings, heads_copy=outside, heads_mail=readers, smtp_url=url)
        for _try in range(2):
            seal_files.publish_head(installation, clock.now())
    assert set(server.signed_in) == {("hotline", "p@ss")} and all(
        name in str(server.letters[0]["To"]) for name in readers
    )
    (copy,) = outside.iterdir()
    assert len(copy.read_text().splitlines()) == 1
    assert seal_files.read_heads(copy)[0].hash in server.letters[0].get_content()
    for name in (seal_files.NIGHTLY, seal_files.NEWEST):
        (installation.settings.var / name).unlink()
    assert seal_files.verify(life.db, installation.settings, copy).problems == []
    tamper(life.db, "DELETE FROM seal", "DELETE FROM ticket_event")
    assert seal_files.verify(life.db, installation.settings, copy).problems
