"""What machines ask this one: is it fit, how much does it do, and does it go on when a neighbour is away."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from hotline.app import create_app
from hotline.backups.make import back_up
from hotline.cli import gunicorn_conf
from hotline.clock import StoppedClock
from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.ops import health
from hotline.outbox import enqueue, note_failure
from hotline.settings import ROOT, Settings
from models import Job, make_engine
from tests.support.life import Life
from tests.support.make import PASSWORD
from tests.support.statements import statements

FAR = {"REMOTE_ADDR": "203.0.113.9"}


def changed(settings: Settings, **values: Any) -> Settings:
    return Settings(**{**settings.__dict__, **values})


def without_database(installation: Installation, tmp_path: Path) -> Installation:
    engine = make_engine(f"sqlite:///{tmp_path / 'nowhere' / 'none.db'}")
    return build_installation(
        installation.settings,
        city=installation.city,
        clock=installation.clock,
        classifier=installation.classifier,
        engine=engine,
    )


def value(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.M)
    assert found, f"{name} is not in the metrics"
    return float(found[1])


def test_a_machine_that_can_serve_says_so_to_anybody_and_what_else_is_wrong_to_its_own(app: Flask) -> None:
    """That a demo account is left or nobody looks for viruses is of use to whoever wants in."""
    for where in ({"environ_base": FAR}, {"headers": {"X-Forwarded-For": "203.0.113.7"}}):
        far = app.test_client().get("/healthz", **where)  # type: ignore[arg-type]
        assert (far.status_code, far.json) == (200, {"ok": True})
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 200
    assert answer.json and (answer.json["ok"], answer.json["database"], answer.json["oldest_job_seconds"]) == (
        True,
        True,
        0,
    )
    assert answer.json["senders"] == [{"name": "console", "ok": True}]
    assert set(answer.json) == {
        "ok", "database", "oldest_job_seconds", "oldest_promise_seconds", "disk_free_mb", "disk_low", "senders", "tables",
        "demo_people", "workers", "clocks", "stuck_jobs", "backup_proved", "figures_differ",
        "virus_scanner", "files_infected", "second_place", "copies_wrong", "standby", "standby_behind_bytes",
        "months_lacking",
    }  # fmt: skip


def test_a_machine_without_its_database_is_sent_nobody(
    settings: Settings, installation: Installation, tmp_path: Path
) -> None:
    answer = create_app(settings, without_database(installation, tmp_path)).test_client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json and answer.json["database"] is False


def test_a_machine_whose_tables_are_not_as_it_needs_them_is_sent_nobody(app: Flask, installation: Installation) -> None:
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    with installation.engine.begin() as connection:
        connection.execute(text("DROP TABLE saved_view"))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json and (answer.json["ok"], answer.json["database"], answer.json["tables"]) == (False, True, False)
    assert "saved_view" in health.look(installation).problems()[0]


def test_late_work_is_said_but_does_not_close_the_pages(
    app: Flask, installation: Installation, clock: StoppedClock
) -> None:
    with installation.sessions() as db:
        enqueue(db, "tell", key="late", now=clock.now())
        db.commit()
    clock.forward(minutes=7)
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json["oldest_job_seconds"]) == (200, 420)  # type: ignore[index]
    assert health.look(installation).problems() == ["最早的待办已经晚了 7 分钟：请看后台进程和时钟是否在运行。"]


@pytest.mark.parametrize(
    ("free", "said"), [(health.LOW_DISK - 1, ["磁盘只剩 1023 MB，请马上清理。"]), (health.LOW_DISK, [])]
)
def test_a_disk_with_less_than_a_gigabyte_is_a_problem(free: int, said: list[str]) -> None:
    assert health.Health(True, 0, free).problems() == said


def test_a_backup_that_would_fill_the_disk_is_refused_before_it_begins(tmp_path: Path, clock: StoppedClock) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'a.db'}", var=tmp_path)
    with pytest.raises(Refusal, match="磁盘空间不够"):
        back_up(settings, tmp_path / "backups", clock.now(), kept_free=1 << 60)
    assert not (tmp_path / "backups").exists()


def test_requests_are_counted_by_endpoint_and_status(app: Flask) -> None:
    client = app.test_client()
    client.get("/healthz")
    name = 'hotline_requests_total{endpoint="operations.healthz",status="200"}'
    before = value(client.get("/metrics").text, name)
    client.get("/healthz")
    after = client.get("/metrics").text
    assert value(after, name) == before + 1
    assert value(after, 'hotline_request_seconds_count{endpoint="operations.healthz"}') >= before + 1


def test_waiting_work_and_open_tickets_are_counted(
    app: Flask, life: Life, installation: Installation, clock: StoppedClock
) -> None:
    life.to("handling")
    life.ticket(phone="13911112222")
    with_none = life.ticket(phone="13911113333")
    life.do(with_none, "an", "answer_directly")
    life.db.query(Job).delete()
    enqueue(life.db, "tell", key="late", now=clock.now() - timedelta(minutes=10))
    enqueue(life.db, "tell", key="tomorrow", now=clock.now(), at=clock.now() + timedelta(days=1))
    enqueue(life.db, "tell", key="lost", now=clock.now())
    life.db.flush()
    note_failure(life.db, life.db.query(Job).filter_by(key="lost").one().id, clock.now(), "no", final=True)
    life.db.commit()
    told = app.test_client().get("/metrics").text
    for family in ("jobs", "promises"):  # the second is the name before 0.2.0
        assert [value(told, f"hotline_{family}_{name}") for name in ("waiting", "late", "failed")] == [2, 1, 1]
    assert value(told, "hotline_oldest_job_seconds") == value(told, "hotline_oldest_promise_seconds") == 600
    assert [value(told, f'hotline_open_tickets{{state="{state}"}}') for state in ("handling", "to_dispatch")] == [1, 1]
    assert 'state="closed"' not in told


def test_the_database_is_asked_for_metrics_once_in_a_while_only(app: Flask, installation: Installation) -> None:
    client = app.test_client()
    client.get("/metrics")
    with statements(installation.engine) as sent:
        client.get("/metrics")
    assert [one for one in sent if not one.startswith("BEGIN")] == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Authorization": "Bearer wrong"}, 403),
        ({"Authorization": "Bearer " + "m" * 20}, 200),
    ],
)
def test_other_machines_need_the_token(
    headers: dict[str, str], status: int, settings: Settings, installation: Installation
) -> None:
    installation.settings = changed(settings, metrics_token="m" * 20)
    app = create_app(installation.settings, installation)
    assert app.test_client().get("/metrics", headers=headers, environ_base=FAR).status_code == status


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer "}, {"Authorization": ""}])
def test_without_a_token_of_our_own_no_token_opens(headers: dict[str, str], app: Flask) -> None:
    assert app.test_client().get("/metrics", headers=headers, environ_base=FAR).status_code == 403


def test_what_a_proxy_on_this_machine_hands_on_is_not_from_this_machine(app: Flask) -> None:
    assert app.test_client().get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403


ALONE = SimpleNamespace(cfg=SimpleNamespace(workers=1))
"""A server of one process, which has nobody to share memory with."""


def test_what_processes_share_is_loaded_without_a_thread_or_a_connection() -> None:
    """A thread or a connection would not survive the fork."""
    code = (
        "import os, sys, threading\n"
        "from hotline.cli.gunicorn_conf import load_what_all_share\n"
        "load_what_all_share()\n"
        "sockets = [one for one in os.listdir('/proc/self/fd') if os.path.exists(f'/proc/self/fd/{one}') "
        "and os.readlink(f'/proc/self/fd/{one}').startswith('socket:')]\n"
        "print(threading.active_count(), len(sockets), all(name in sys.modules for name in ('hotline.app', 'rjieba', 'sklearn')))"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["1", "0", "True"]


def test_a_process_with_threads_for_a_thousand_streams_keeps_its_callers_on_the_line() -> None:
    """gunicorn hangs up after every answer where every line could be in a thread."""
    code = (
        "from hotline.cli import gunicorn_conf; print(gunicorn_conf.worker_connections > gunicorn_conf.threads + 600)"
    )
    env = {**os.environ, "HOTLINE_THREADS": "1200"}
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True"]


def test_several_processes_count_into_one_folder_that_goes_with_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR")
    gunicorn_conf.on_starting(ALONE)
    made = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    assert made.is_dir()
    gunicorn_conf.on_exit(None)
    assert not made.exists()


def test_a_folder_that_the_operator_named_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    gunicorn_conf.on_starting(ALONE)
    gunicorn_conf.on_exit(None)
    assert tmp_path.is_dir()


def test_people_sign_in_although_redis_is_away(settings: Settings, installation: Installation, life: Life) -> None:
    """Limits go on in each process's memory: they still count, and nobody sees an error."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        away = f"redis://127.0.0.1:{closed.getsockname()[1]}/0"
    life.db.commit()
    app = create_app(changed(settings, redis_url=away), installation)
    app.config["WTF_CSRF_ENABLED"] = False
    from hotline.web.core.limits.rate_limits import limiter

    app.config["RATELIMIT_ENABLED"] = True
    limiter.enabled = True
    limiter.init_app(app)
    try:
        client = app.test_client()
        answer = client.post("/login", data={"login": "an", "password": PASSWORD})
        assert answer.status_code in (302, 303) and "hotline_session" in str(client.get_cookie("hotline_session"))
        tried = [client.post("/login", data={"login": "an", "password": "wrong"}).status_code for _ in range(200)]
        assert 429 in tried and 500 not in tried
    finally:
        limiter.enabled = False


def test_an_engine_that_answers_is_fit_on_both_engines(
    engine: Engine, installation: Installation, city: Any, clock: StoppedClock
) -> None:
    found = health.look(
        build_installation(
            installation.settings, city=city, clock=clock, classifier=installation.classifier, engine=engine
        )
    )
    assert (found.fit, found.oldest) == (True, 0)
