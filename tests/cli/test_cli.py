"""What an operator does from the command line, on a database of their own."""

from __future__ import annotations

import getpass
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select, text, update

from hotline.backups.make import back_up
from hotline.cli.main import cli
from hotline.clock import Clock, StoppedClock
from hotline.demo_story import stage, tell
from hotline.errors import Misconfigured, Refusal
from hotline.outbox import enqueue
from hotline.outbox.overdue import failed_jobs, late_jobs
from hotline.settings import Settings
from hotline.staff.sign_in.passwords import hasher
from hotline.tickets.seals.chain import seal
from hotline.tickets.search import full_text
from models import ApiToken, Audit, Job, LoginSession, Proposal, Staff, Ticket, make_sessions

Run = Callable[..., Result]


def test_somebody_who_was_added_signs_in_and_must_change_the_password(run: Run, database: Engine) -> None:
    said = run("staff", "add", "wang", "王五", "--role", "handler", "--unit", "chengguan")
    assert said.exit_code == 0
    with make_sessions(database)() as db:
        staff = db.scalars(select(Staff).where(Staff.login == "wang")).one()
        assert (staff.roles, staff.unit_code, staff.must_change) == (["handler"], "chengguan", True)
        secret = next(word for word in said.output.replace("，", " ").split() if len(word) == 19 and word.isascii())
        assert hasher.verify(staff.password_hash, secret)
        assert db.scalars(select(Audit.action)).all() == ["staff_added"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("li", "李", "--role", "boss"), "boss"),
        (("li", "李", "--role", "handler"), "必须有单位"),
        (("li", "李", "--role", "agent", "--unit", "moon"), "moon"),
        (("li", "李", "--role", "agent", "--password", "short"), "10"),
    ],
)
def test_a_person_who_cannot_be_is_refused_with_a_sentence(run: Run, words: tuple[str, ...], says: str) -> None:
    said = run("staff", "add", *words)
    assert isinstance(said.exception, Refusal)
    assert says in said.exception.sentence


def test_a_login_is_given_once(run: Run) -> None:
    run("staff", "add", "an", "安", "--role", "agent")
    again = run("staff", "add", "an", "安二", "--role", "agent")
    assert isinstance(again.exception, Refusal)


def test_the_list_shows_roles_and_units_in_words(run: Run) -> None:
    run("staff", "add", "wang", "王五", "--role", "handler", "--unit", "chengguan")
    assert "wang\t王五\t承办人\t市城市管理局" in run("staff", "list").output


def test_a_new_password_ends_every_session(run: Run, database: Engine) -> None:
    run("staff", "add", "an", "安", "--role", "agent", "--password", "the first one")
    with make_sessions(database)() as db:
        staff = db.scalars(select(Staff)).one()
        db.add(LoginSession(id="x" * 64, staff_id=staff.id, created_at=Clock().now(), seen_at=Clock().now()))
        db.commit()
    assert run("staff", "password", "an", "--password", "the second one").exit_code == 0
    with make_sessions(database)() as db:
        staff = db.scalars(select(Staff)).one()
        assert hasher.verify(staff.password_hash, "the second one") and staff.must_change
        assert db.scalars(select(LoginSession.ended_at)).one() is not None


def test_the_book_says_who_ran_a_command_about_people_and_not_that_it_happened_by_itself(
    run: Run, database: Engine, tmp_path: Path
) -> None:
    """V21: what was done at the server about people stood in the book as done by the system."""
    run("staff", "add", "an", "安", "--role", "agent", "--password", "the first one")
    run("staff", "password", "an", "--password", "the second one")
    (tmp_path / "found.txt").write_text("一份传出去的文字", encoding="utf-8")
    run("security", "watermark", str(tmp_path / "found.txt"))
    with make_sessions(database)() as db:
        told = {row.action: (row.actor_kind, row.actor_name) for row in db.scalars(select(Audit))}
    deeds = ("staff_added", "password_reset", "watermark_read")
    assert {told.get(deed) for deed in deeds} == {("operator", getpass.getuser())}


def test_nobody_gets_a_new_password_for_a_login_that_is_not_there(run: Run) -> None:
    assert isinstance(run("staff", "password", "ghost").exception, Refusal)


def test_a_token_is_shown_once_and_stored_as_a_digest(run: Run, database: Engine) -> None:
    secret = run("token", "issue", "app", "--source", "app", "--scope", "tickets.create").output.strip()
    with make_sessions(database)() as db:
        token = db.scalars(select(ApiToken)).one()
    assert secret.startswith("hl_") and secret not in token.digest
    assert token.scopes == ["tickets.create"]


def test_the_log_hears_of_every_token_by_command_as_by_page(run: Run, database: Engine) -> None:
    """V21, U22: a key made by command left nothing in the book."""
    given = ("--source", "oa", "--scope", "tickets.read", "--scope", "tickets.act.sign", "--unit", "chengguan")
    secret = run("token", "issue", "oa", *given, "--address", "10.1.0.0/16", "--days", "30").output.strip()
    listed = run("token", "list").output
    assert "oa" in listed and "tickets.act.sign" in listed and secret not in listed
    number = listed.split("\t")[0]
    assert run("token", "rotate", number, "--overlap-hours", "2").output.startswith("hl_")
    assert run("token", "revoke", number).exit_code == 0
    assert isinstance(run("token", "revoke", number).exception, Refusal)
    assert "tickets.act.dispatch" in run("token", "scopes").output
    with make_sessions(database)() as db:
        rows = db.scalars(select(Audit).order_by(Audit.id)).all()
        assert [row.action for row in rows] == ["token_issued", "token_rotated", "token_revoked"]
        assert {row.actor_kind for row in rows} == {"operator"} and all(row.actor_name for row in rows)
        assert rows[0].detail["units"] == ["chengguan"] and rows[0].detail["expires_at"]
        assert secret not in str([row.detail for row in rows])


def test_a_unit_or_network_that_does_not_exist_cannot_be_granted(run: Run) -> None:
    for more in (("--unit", "no-such"), ("--town", "chengguan"), ("--address", "here")):
        made = run("token", "issue", "app", "--source", "app", "--scope", "tickets.read", *more)
        assert isinstance(made.exception, Refusal), more


def test_everything_is_indexed_anew_by_command(run: Run, database: Engine) -> None:
    assert "0" in run("search", "reindex").output
    with make_sessions(database)() as db:
        assert full_text.layout(db) == full_text.LAYOUT


def test_what_changes_or_copies_much_stands_in_the_log(run: Run, database: Engine, tmp_path: Path) -> None:
    """V21: whichever door a deed comes by."""
    (tmp_path / "matters.csv").write_text("诉求内容,电话\n路灯不亮，请修,13500000001\n", encoding="utf-8")
    run("import", str(tmp_path / "matters.csv"), "--no-triage")
    run("backup", str(tmp_path / "kept"))
    for told in (("city", "load"), ("figures", "rebuild", "--month", "2026-03"), ("monitoring", "rebuild")):
        assert run(*told).exit_code == 0, told
    with make_sessions(database)() as db:
        rows = {one.action: one for one in db.scalars(select(Audit))}
    assert {"city_loaded", "monitoring_rebuilt"} < rows.keys() and rows["figures_rebuilt"].subject == "2026-03"
    assert rows["import_started"].subject == "matters.csv"
    assert rows["backup_made"].subject in {one.name for one in (tmp_path / "kept").iterdir()}
    assert {one.actor_kind for one in rows.values()} == {"operator"}


def test_a_training_and_a_restored_backup_stand_in_the_log(
    run: Run, database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V21: a model that answers from now on, and a city that goes on from an earlier moment."""
    from hotline.training import command

    monkeypatch.setattr(command, "on_own_tickets", lambda *_told: {})
    assert run("train", "--by", "安").exit_code == 0
    with make_sessions(database)() as db:
        assert db.execute(select(Audit.action, Audit.subject)).all() == [("model_training", "安")]
    run("backup", str(tmp_path / "kept"))
    (kept,) = (tmp_path / "kept").iterdir()
    database.dispose()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'restored.db'}")
    assert run("restore", str(kept)).exit_code == 0
    raw = sqlite3.connect(tmp_path / "restored.db")
    assert raw.execute("SELECT action, subject FROM audit ORDER BY id").fetchall()[-1] == ("backup_restored", kept.name)
    raw.close()


def test_looking_over_the_books_and_trying_a_job_again_stand_in_the_log(run: Run, database: Engine) -> None:
    """V21."""
    with make_sessions(database)() as db:
        enqueue(db, "learn", key="x", now=Clock().now())
        db.commit()
        job = db.scalars(select(Job.id)).one()
    run("jobs", "retry", str(job))
    run("audit", "verify")
    with make_sessions(database)() as db:
        assert db.scalars(select(Audit.action).order_by(Audit.id)).all() == ["job_retried", "audit_verified"]
        detail = db.scalars(select(Audit.detail).where(Audit.action == "audit_verified")).one()
        assert {"links", "rows", "problems"} <= set(detail), "told like the page's"


def test_a_scope_that_does_not_exist_is_refused(run: Run) -> None:
    assert isinstance(run("token", "issue", "app", "--source", "app", "--scope", "everything").exception, Refusal)


def test_whole_books_verify_and_tampered_ones_do_not(run: Run, database: Engine) -> None:
    run("staff", "add", "an", "安", "--role", "agent")
    with make_sessions(database)() as db:
        seal(db, Clock().now() + timedelta(minutes=5))
        db.commit()
    assert run("audit", "verify").exit_code == 0
    raw = sqlite3.connect(str(database.url.database))
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    raw.execute("UPDATE audit SET subject = 'somebody else'")
    raw.commit()
    raw.close()
    assert run("audit", "verify").exit_code == 1


def test_late_and_failed_promises_are_listed_and_can_be_tried_again(run: Run, database: Engine) -> None:
    long_ago = Clock().now() - timedelta(hours=2)
    with make_sessions(database)() as db:
        enqueue(db, "send", key="late", now=long_ago, message_id=1)
        enqueue(db, "send", key="failed", now=long_ago, message_id=2)
        db.execute(
            update(Job)
            .where(Job.key == "failed")
            .values(failed_at=long_ago, error="line one\nno such number", attempts=8)
        )
        db.commit()
        failed = db.scalars(select(Job.id).where(Job.key == "failed")).one()
    assert [line.split("\t")[1] for line in run("jobs", "--late").stdout.splitlines() if "\t" in line] == ["send"]
    assert "no such number" in run("jobs", "--failed").output
    assert run("jobs", "retry", str(failed)).exit_code == 0
    with make_sessions(database)() as db:
        assert failed_jobs(db) == []
        assert db.get_one(Job, failed).attempts == 0
    assert isinstance(run("jobs", "retry", "999").exception, Refusal)


def test_a_promise_for_later_is_not_late(database: Engine, clock: StoppedClock) -> None:
    with make_sessions(database)() as db:
        enqueue(db, "send", key="tomorrow", now=clock.now(), at=clock.now() + timedelta(days=1), message_id=1)
        enqueue(db, "send", key="just now", now=clock.now(), message_id=1)
        assert late_jobs(db, clock.now() + timedelta(minutes=1)) == []
        assert [job.key for job in late_jobs(db, clock.now() + timedelta(minutes=6))] == ["just now"]


def test_a_backup_is_a_whole_database_with_its_attachments(
    database: Engine, tmp_path: Path, clock: StoppedClock
) -> None:
    settings = Settings(database_url=str(database.url), var=tmp_path)
    settings.attachments.mkdir()
    (settings.attachments / "photo").write_bytes(b"jpeg")
    with make_sessions(database)() as db:
        db.add(Staff(login="an", name="安", roles=[], password_hash="-", created_at=clock.now()))
        db.commit()
        made = back_up(settings, tmp_path / "backups", clock.now())
    assert {path.name for path in made.iterdir()} == {"manifest.json", "database.sealed", "attachments.sealed"}
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [made.name]


def test_a_backup_of_nothing_is_refused_and_leaves_no_backup(tmp_path: Path, clock: StoppedClock) -> None:
    with pytest.raises(Refusal):
        back_up(Settings(database_url=f"sqlite:///{tmp_path / 'none.db'}", var=tmp_path), tmp_path / "b", clock.now())
    assert all(path.suffix == ".part" for path in (tmp_path / "b").iterdir())


def test_an_import_with_wrong_rows_says_so_and_ends_with_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("正文,时间\n路灯不亮,2026-03-01\n井盖丢了,abc\n", encoding="gb18030")
    said = run("import", str(tmp_path / "a.csv"), "--source", "letters", "--map", "body=正文")
    assert said.exit_code == 1
    assert "读到 2 条：新建 1，已有 0，冲突 0，退回 1。" in said.output
    assert "第 3 行" in said.output
    without_times = run("import", str(tmp_path / "a.csv"), "--source", "numbers", "--map", "happened_at=")
    assert (without_times.exit_code, "新建 2" in without_times.output) == (0, True)


def test_a_check_says_what_it_understood_and_takes_nothing_in(run: Run, tmp_path: Path, database: Engine) -> None:
    (tmp_path / "a.csv").write_text(
        "工单编号,主要内容,求助号码,网格\nA1,路灯不亮,13800001111,一\nA1,井盖丢了,abc,二\n", encoding="gb18030"
    )
    said = run("import", str(tmp_path / "a.csv"), "--check")
    assert (said.exit_code, "诉求内容←主要内容" in said.output, "网格" in said.output) == (0, True, True)
    (found,) = (
        json.loads(line) for line in run("import", str(tmp_path / "a.csv"), "--check", "--json").stdout.splitlines()
    )
    assert (found["encoding"], found["delimiter"], found["rows"], found["good"], found["twice_other"]) == (
        "GB18030",
        ",",
        2,
        2,
        1,
    )
    assert found["sheets"][0]["columns"] == {"body": ["主要内容"], "phone": ["求助号码"], "outer_number": ["工单编号"]}
    with make_sessions(database)() as db:
        assert db.scalars(select(Ticket.id)).all() == []
    (taken,) = (
        json.loads(line) for line in run("import", str(tmp_path / "a.csv"), "--json", "--no-triage").stdout.splitlines()
    )
    assert {name: taken[name] for name in ("read", "new", "known", "conflict", "rejected")} == {
        "read": 2,
        "new": 1,
        "known": 0,
        "conflict": 1,
        "rejected": 0,
    }
    assert [one["line"] for one in taken["told"]] == [3]


def test_a_bad_file_is_one_sentence_or_one_object(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK no workbook")
    said = run("import", str(tmp_path / "a.xlsx"), "--check", "--json")
    assert isinstance(said.exception, Refusal)
    assert json.loads(said.stdout)["refused"] == said.exception.sentence


def test_triage_proposes_for_what_an_import_left(run: Run, tmp_path: Path, database: Engine) -> None:
    (tmp_path / "a.csv").write_text("正文\n路灯不亮\n", encoding="utf-8")
    run("import", str(tmp_path / "a.csv"), "--no-triage")
    with make_sessions(database)() as db:
        assert db.scalars(select(Proposal.id)).all() == []
    assert run("triage").exit_code == 0
    with make_sessions(database)() as db:
        assert len(db.scalars(select(Proposal.id)).all()) == 1


STARTS = {
    "today": "",
    "before a Friday": "2026-12-03T20:40:00+08:00",
    "passed before texts may leave": "2026-12-04T15:19:00+08:00",
    "dispatched at the end of a Friday": "2026-12-04T16:30:00+08:00",
}


@pytest.mark.parametrize("today", STARTS.values(), ids=STARTS)
def test_the_story_of_one_ticket_goes_through_http_to_its_end(today: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On whatever day it is told: what begins on a Friday goes on after a weekend in which nobody signs."""
    if today:
        monkeypatch.setattr(stage, "Clock", lambda: StoppedClock(datetime.fromisoformat(today)))
    told: list[str] = []
    assert tell(told.append) == 0, "\n".join(told[-4:])
    text = "\n".join(told)
    assert text.index("结果不明确") < text.index("再次签收") < text.index("1 修好了") < text.index("总览")


def test_work_on_a_database_without_tables_says_what_to_do_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path))
    said = CliRunner().invoke(cli, ["train"])
    assert isinstance(said.exception, Misconfigured)
    assert "hotline migrate" in str(said.exception)


def test_a_database_that_is_not_as_this_release_needs_it_is_never_called_up_to_date(run: Run, database: Engine) -> None:
    assert "最新" in run("migrate").output
    with database.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_delete"))
        connection.execute(text("ALTER TABLE reply DROP COLUMN beyond_kind"))
    said = run("migrate")
    assert isinstance(said.exception, Misconfigured)
    assert "audit_no_delete, reply.beyond_kind" in str(said.exception)


def test_a_database_of_a_newer_release_is_left_as_it_is(run: Run, database: Engine) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "9999" in run("migrate").output


def test_every_command_explains_itself(run: Run) -> None:
    for words in (("--help",), ("import", "--help"), ("staff", "add", "--help"), ("jobs", "--help")):
        assert run(*words).exit_code == 0


def test_a_command_that_is_refused_ends_with_a_sentence_and_no_traceback(database: Engine, tmp_path: Path) -> None:
    told = {**os.environ, "DATABASE_URL": str(database.url), "HOTLINE_VAR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "hotline", "import", "nowhere.csv"],
        env=told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "nowhere.csv" in done.stderr and "Traceback" not in done.stderr


def test_every_line_of_a_file_of_texts_gets_its_reading(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text(
        '{"text": "1"}\n{"text": "1直没人管"}\n{"text": "2"}\nnot json\n{"text": 3}\n{"text": "\\ud83d 修好了"}\n',
        "utf-8",
    )
    result = CliRunner().invoke(cli, ["answers", str(file)])
    rows = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 0 and [row.get("reading", "-") for row in rows] == [
        "yes",
        "person",
        "partly",
        "-",
        "-",
        "yes",
    ]
    assert all(row["why"] for row in rows if "reading" in row) and rows[3]["line"] == 4
