"""`make city`: private servers keep what they know, and the city stands and falls as one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import click
import pytest

from hotline.errors import Misconfigured
from hotline.ops.local_city import as_city, keep, processes, servers
from hotline.ops.local_servers import PrivatePostgres, PrivateRedis, free_port, start_with_us, stop, wait_until
from hotline.settings import ROOT, read_settings
from tests.support.services import need_servers

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.slow
def test_the_private_servers_keep_their_data_from_one_start_to_the_next(folder: Path) -> None:
    need_servers()
    from redis import Redis
    from sqlalchemy import create_engine, text

    found = []
    for statement in ("CREATE TABLE note AS SELECT 7 AS it", "SELECT 1"):
        with servers({"HOTLINE_VAR": str(folder / "city")}) as told:
            engine = create_engine(told["DATABASE_OWNER_URL"])
            with engine.begin() as connection:
                connection.execute(text(statement))
                found.append(connection.scalar(text("SELECT it FROM note")))
            engine.dispose()
            with Redis.from_url(told["REDIS_URL"]) as redis:
                found.append(redis.incr("starts"))
    assert found == [7, 1, 7, 2]


def test_named_servers_are_used_and_nothing_is_started() -> None:
    named = {"DATABASE_URL": "postgresql://elsewhere/db", "REDIS_URL": "redis://elsewhere/0"}
    with servers(named) as told:
        assert told == named


@pytest.mark.redis
def test_redis_is_closed_to_whoever_has_no_password(redis_server: PrivateRedis) -> None:
    import redis

    with redis.Redis(port=redis_server.port, retry=None) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    assert redis_server.password not in Path(f"/proc/{redis_server.process.pid}/cmdline").read_text()


def test_a_trial_city_is_complete_and_a_real_one_must_be_told(tmp_path: Path) -> None:
    trial = as_city({"HOTLINE_VAR": str(tmp_path)})
    servers_named = {"DATABASE_URL": "postgresql://x/y", "REDIS_URL": "redis://:geheim@x/0"}
    assert read_settings(trial | servers_named).demo
    with pytest.raises(Misconfigured, match="SECRET_KEY"):
        read_settings(as_city(servers_named))


def test_a_city_has_two_workers_one_clock_and_the_web() -> None:
    assert list(processes({})) == ["worker.1", "worker.2", "clock", "web"]
    assert len(processes({"HOTLINE_JOB_WORKERS": "5"})) == 7
    config = processes({})["web"][processes({})["web"].index("--config") + 1]
    assert Path(config).is_file()


def test_when_one_process_falls_the_others_are_stopped(capfd: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    code = keep({"worker": SLEEP, "web": [sys.executable, "-c", "raise SystemExit(3)"]}, os.environ, threading.Event())
    assert code == 3
    assert time.monotonic() - began < 10
    assert "web ended with 3" in capfd.readouterr().out


def test_a_city_that_is_asked_to_stop_ends_well(capfd: pytest.CaptureFixture[str]) -> None:
    asked = threading.Event()
    threading.Timer(0.5, asked.set).start()
    assert keep({"worker": SLEEP}, os.environ, asked) == 0


def test_a_child_does_not_outlive_a_parent_that_is_killed() -> None:
    program = (
        "import sys, time; from hotline.ops.local_servers import start_with_us\n"
        f"print(start_with_us({SLEEP!r}, output=-3).pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 5
    while is_alive(child):
        assert time.monotonic() < until, "the child lives on"
        time.sleep(0.05)


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    log = folder / "broken-log"
    broken = start_with_us([sys.executable, "-c", "raise SystemExit('no room left')"], log=log)
    with pytest.raises(Misconfigured, match="no room left"):
        wait_until(lambda: False, broken, log)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as another user")
def test_a_folder_that_postgres_cannot_reach_is_refused_with_a_sentence(folder: Path) -> None:
    need_servers()
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    server = PrivatePostgres(closed / "data")
    with pytest.raises(Misconfigured, match="HOTLINE_VAR"):
        server.start()
    server.stop()


def test_a_free_port_can_be_bound() -> None:
    assert 1024 < free_port() < 65536


def test_stopping_twice_is_no_error() -> None:
    process = start_with_us(SLEEP, output=subprocess.DEVNULL)
    stop(process, signal.SIGTERM)
    stop(process, signal.SIGTERM)
    assert process.returncode == -signal.SIGTERM


def test_every_command_the_city_starts_with_exists() -> None:
    from hotline.cli.main import cli
    from hotline.ops.local_city import steps

    wanted = [
        *(step[0] for step in steps(demo=True)),
        *(command[3] for command in processes({}).values() if "hotline" in command),
    ]
    assert {"migrate", "city", "demo", "worker", "clock"} == set(wanted)
    assert set(wanted) <= set(cli.list_commands(click.Context(cli)))
