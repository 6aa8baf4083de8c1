"""A worker killed in the middle of an import, and started again: every row is there once, and all of it ends in bounded time."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from hotline.city.sync import sync
from hotline.clock import Clock, StoppedClock
from hotline.installation import Installation
from hotline.intake.importing import runs
from hotline.jobs.build import build_installation
from hotline.keys.master_key import write
from hotline.outbox.runner import drain
from hotline.settings import Settings
from hotline.tickets.roles import SYSTEM
from models import ImportRun, Reply, Ticket
from models.store.db import make_engine
from tests.support.cities.imported import BODIES, house_on, lines, numbered
from tests.support.repository import ROOT
from tests.support.services import MASTER

ROWS = 1_300
PATIENCE = 120
"""Seconds; a machine that is busy needs some, and none may wait for ever."""


@pytest.fixture
def installed(sqlite_tests: Any, city: Any, tmp_path: Path) -> Iterator[Installation]:
    """An installation whose database is a file that a process of its own can open."""
    shutil.copyfile(sqlite_tests.template, tmp_path / "hotline.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'hotline.db'}")
    settings = Settings(secret_key="k" * 40, twilio_auth_token="t" * 40, var=tmp_path, testing=True)
    write(settings.master_key, [MASTER])
    built = build_installation(settings, city=city, clock=Clock(), engine=engine)
    with built.sessions() as db:
        sync(db, city, built.clock.now())
        db.commit()
    yield built
    engine.dispose()


def worker(installed: Installation) -> subprocess.Popen[bytes]:
    """All jobs that are due, in a process of its own."""
    told = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{installed.settings.var / 'hotline.db'}",
        "HOTLINE_VAR": str(installed.settings.var),
        "HOTLINE_MODE": "development",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "hotline", "triage"],
        cwd=ROOT,
        env=told,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def settled(n: int) -> bytes:
    """Matters that are settled, so that no other job is made; one is told twice, one has other words, one has none."""
    rows = [f"K{i},第 {i} 盏路灯不亮,2026-01-05 10:00,已办结,已修复" for i in range(1, n + 1)]
    wrong = [rows[0], "K2,另一件事,2026-01-05 10:00,已办结,", "K0,,2026-01-05 10:00,已办结,"]
    return "\n".join(["编号,诉求内容,来电时间,状态,答复", *rows, *wrong]).encode("gb18030")


def of(installed: Installation, run_id: int) -> ImportRun:
    with installed.readings() as db:
        return db.get_one(ImportRun, run_id)


def until(installed: Installation, run_id: int, at_least: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while of(installed, run_id).read < at_least and process.poll() is None:
        assert time.monotonic() < end, "the worker does not come forward"
        time.sleep(0.02)


def test_a_worker_killed_twice_in_the_middle_loses_and_doubles_nothing(installed: Installation) -> None:
    with installed.sessions() as db:
        run = runs.start(
            db,
            installed.settings.var,
            "旧.csv",
            io.BytesIO(settled(ROWS)),
            {"columns": {}},
            SYSTEM,
            installed.clock.now(),
        )
        db.commit()
        run_id = run.id
    drain(installed)
    with installed.sessions() as db:
        runs.begin(db, db.get_one(ImportRun, run_id), installed.clock.now())
        db.commit()
    for at_least in (1, ROWS // 3):
        process = worker(installed)
        until(installed, run_id, at_least, process)
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
        half = of(installed, run_id)
        assert half.state == "running" and 0 < half.read < ROWS
        assert half.read == half.new + half.known + half.conflict + half.rejected
    drain(installed)
    done = of(installed, run_id)
    assert (done.state, done.read, done.new, done.known, done.conflict, done.rejected) == (
        "done",
        ROWS + 3,
        ROWS,
        1,
        1,
        1,
    )
    with installed.readings() as db:
        numbers = db.scalars(select(Ticket.outer_number)).all()
        assert (len(numbers), len(set(numbers))) == (ROWS, ROWS)
        assert db.scalar(select(func.count()).select_from(Reply)) == ROWS
        rejects = [row["line"] for row in runs.rejects_of(db, installed.settings.var, done)]
    assert rejects == [ROWS + 3, ROWS + 4]


def test_a_look_that_was_killed_is_asked_for_again(installed: Installation) -> None:
    with installed.sessions() as db:
        run = runs.start(
            db,
            installed.settings.var,
            "旧.csv",
            io.BytesIO(settled(ROWS)),
            {"columns": {}},
            SYSTEM,
            installed.clock.now(),
        )
        db.commit()
        run_id = run.id
    process, end = worker(installed), time.monotonic() + PATIENCE
    rows = runs.folder_of(installed.settings.var, of(installed, run_id)) / "rows-1.jsonl"
    while not rows.exists() and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)
    with installed.sessions() as db:
        runs.look_again(db, db.get_one(ImportRun, run_id), installed.clock.now())
        db.commit()
    drain(installed)
    looked = of(installed, run_id)
    assert (looked.state, looked.rows, looked.understood["good"]) == ("looked", ROWS + 3, ROWS + 2)


def start_import(database: Path, file: Path, *more: str) -> subprocess.Popen[bytes]:
    told = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}",
        "HOTLINE_VAR": str(database.parent),
        "HOTLINE_MODE": "development",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "hotline", "import", str(file), *more],
        cwd=ROOT,
        env=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def tickets_in(database: Path) -> int:
    engine = make_engine(f"sqlite:///{database}")
    try:
        with engine.execution_options(reading=True).connect() as connection:
            return int(connection.scalar(select(func.count()).select_from(Ticket)) or 0)
    finally:
        engine.dispose()


def half_settled(path: Path, n: int) -> Path:
    """A CSV in which every second matter is settled history, none has a number, and some are told twice in the same words."""
    heads = "诉求内容,联系电话,受理时间,状态,答复,满意度,办结时间"
    rows = [
        f"{BODIES[i % 5]}，第 {i // 2 * 2 if i % 20 == 1 else i} 件,,2026-02-01,{'已办结,已修复,满意,2026-02-03' if i % 2 else '办理中,,,'}"
        for i in range(n)
    ]
    path.write_bytes("\r\n".join([heads, *rows]).encode("gb18030"))
    return path


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_killed_half_way_and_run_again_it_has_every_row_exactly_once(
    sqlite_tests: Any, city: Any, clock: StoppedClock, tmp_path: Path, kind: str
) -> None:
    database, rows = tmp_path / "h.db", 400
    write(tmp_path / "master_key", [MASTER])
    shutil.copyfile(sqlite_tests.template, database)
    engine = make_engine(f"sqlite:///{database}")
    house_on(engine, city, clock, tmp_path)
    engine.dispose()
    file = lines(tmp_path / "a.jsonl", numbered(rows)) if kind == "jsonl" else half_settled(tmp_path / "a.csv", rows)
    first = start_import(database, file, "--batch", "10", "--no-triage")
    while first.poll() is None and tickets_in(database) < 50:
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.wait()
    half = tickets_in(database)
    assert 50 <= half < rows
    second = start_import(database, file, "--no-triage")
    out, _err = second.communicate()
    assert second.returncode == 0
    assert f"已有 {half}" in out.decode()
    assert tickets_in(database) == rows
