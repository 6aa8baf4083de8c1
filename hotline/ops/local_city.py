"""The whole city on one machine: PostgreSQL, Redis, workers, the clock and gunicorn, started and stopped together.

DATABASE_URL and REDIS_URL name servers that run already; what is not named is started privately and keeps its
data under HOTLINE_VAR (default: var/). When one process ends, all are stopped, so that a supervisor above
(systemd, a container) sees the failure instead of half a city.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import IO

from hotline.ops.local_servers import PrivatePostgres, PrivateRedis, start_with_us, stop
from hotline.settings import ROOT, kept_secret, read_settings

DATABASE = PROGRAM = "hotline"
"""The database, and the user that the program works as: it owns nothing (`hotline migrate` makes it)."""


def processes(settings: Mapping[str, str]) -> dict[str, list[str]]:
    """The city's processes by name: HOTLINE_JOB_WORKERS (2) workers, one clock, gunicorn."""
    hotline = [sys.executable, "-m", "hotline"]
    workers = int(settings.get("HOTLINE_JOB_WORKERS", "2"))
    jobs = {f"worker.{n + 1}": [*hotline, "worker"] for n in range(workers)}
    web = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "hotline" / "cli" / "gunicorn_conf.py")]
    return jobs | {"clock": [*hotline, "clock"], "web": web}


@contextmanager
def servers(settings: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The environment with DATABASE_URL and REDIS_URL, the private servers running for as long as the block."""
    told = dict(settings)
    var = ROOT / settings.get("HOTLINE_VAR", "var")
    with ExitStack() as running:
        if "DATABASE_URL" not in told:
            postgres = running.enter_context(PrivatePostgres(var / "postgres"))
            create_database(postgres, DATABASE)
            told["DATABASE_OWNER_URL"] = postgres.url(DATABASE)
            told["DATABASE_URL"] = postgres.url(DATABASE, user=PROGRAM)
        if "REDIS_URL" not in told:
            told["REDIS_URL"] = running.enter_context(PrivateRedis(var / "redis", keep=True)).url()
        yield told


def as_city(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of production. Without a DATABASE_URL it is a trial on this machine: the demo is on and the
    secrets are kept under var/; with one it is the real thing, and `read_settings` insists on all the rest.
    """
    told = {"HOTLINE_MODE": "production", "PYTHONUNBUFFERED": "1"} | dict(settings)
    if "DATABASE_URL" in told:
        return told
    var = ROOT / told.get("HOTLINE_VAR", "var")
    address = f"http://127.0.0.1:{told.get('HOTLINE_PORT', '8000')}"
    return {
        "HOTLINE_DEMO": "1",
        "PUBLIC_URL": address,
        "SECRET_KEY": kept_secret(var, "secret_key"),
        "TWILIO_AUTH_TOKEN": kept_secret(var, "phone_token"),
    } | told


def steps(*, demo: bool) -> list[list[str]]:
    """The commands that make an empty database a city's, in order."""
    return [["migrate"], ["city", "load"], *([["demo"]] if demo else [])]


def create_database(server: PrivatePostgres, name: str) -> None:
    """The database of that name, made when it is not there yet."""
    from sqlalchemy import create_engine, text

    engine = create_engine(server.url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()


def up(settings: Mapping[str, str] | None = None) -> int:
    """Run the city until Ctrl-C, SIGTERM or the end of one process; returns the exit code (0 when asked to stop)."""
    if os.geteuid() == 0:
        os.umask(0o022)  # root starts PostgreSQL as another user, who must reach its folder
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    with servers(as_city(os.environ if settings is None else settings)) as told:
        for step in steps(demo=read_settings(told).demo):
            subprocess.run([sys.executable, "-m", "hotline", *step], check=True, cwd=ROOT, env=told)
        return keep(processes(told), told, asked)


def keep(commands: Mapping[str, list[str]], told: Mapping[str, str], asked: threading.Event) -> int:
    """Start all, print their words under their names, stop all in reverse order; the code of the first that fell."""
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            running[name] = start_with_us(command, cwd=ROOT, env=dict(told), output=subprocess.PIPE)
            threading.Thread(target=repeat, args=(name, running[name].stdout), daemon=True).start()
        while not asked.wait(0.2):
            for name, process in running.items():
                if process.poll() is not None:
                    print(f"stopping the city: {name} ended with {process.returncode}", flush=True)
                    return process.returncode or 1
        return 0
    finally:
        for process in reversed(running.values()):
            stop(process, signal.SIGTERM)


def repeat(name: str, stream: IO[bytes]) -> None:
    """Print every line of a process behind its name."""
    for line in stream:
        sys.stdout.write(f"{time.strftime('%H:%M:%S')} {name:9} {line.decode(errors='replace')}")
        sys.stdout.flush()
