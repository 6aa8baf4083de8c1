"""What the benches stand on: a served hotline on either engine, and clients that cost little."""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from hotline.api.tokens import issue
from hotline.city.loader import load_city
from hotline.city.sync import sync
from hotline.clock import Clock
from hotline.keys.master_key import write
from hotline.ops.local_servers import PrivatePostgres, PrivateRedis, free_port, start_with_us, stop
from hotline.outbox import enqueue
from hotline.settings import ROOT
from hotline.tickets.search.full_text import create_search
from models import make_engine, make_sessions
from models.store.migrate import upgrade
from tests.support.make import make_staff
from tests.support.services import MASTER, make_keys, with_keys

ANYANG = ROOT / "hotline" / "city" / "anyang"
PROCESSES = 2
SETTLE = 8.0
"""Seconds in which a fresh process loads what it will need; a server is measured when it is warm."""


@dataclass
class Ground:
    """One engine with the model city loaded, a machine's token and the people who look at pages."""

    name: str
    url: str
    folder: Path
    token: str = ""
    env: dict[str, str] = field(default_factory=dict)

    def engine(self) -> Engine:
        return with_keys(make_engine(self.url))


@contextmanager
def ground(name: str) -> Iterator[Ground]:
    """A fresh database on this engine ("sqlite" or "postgresql"), durable as in production."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o755)
        if name == "sqlite":
            yield _prepared(Ground(name, f"sqlite:///{folder / 'hotline.db'}", folder))
            return
        # Jobs go to Redis, and wait there for workers that do not run during the bench.
        with PrivateRedis(folder / "redis") as redis, PrivatePostgres(folder / "postgres", safe=True) as server:
            from sqlalchemy import create_engine, text

            admin = create_engine(server.url(), isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text("CREATE DATABASE bench"))
            admin.dispose()
            yield _prepared(Ground(name, server.url("bench"), folder, env={"REDIS_URL": redis.url()}))


def _prepared(made: Ground) -> Ground:
    engine, now = made.engine(), Clock().now()
    upgrade(engine, (create_search, make_keys))
    (made.folder / "var").mkdir(exist_ok=True)
    write(made.folder / "var" / "master_key", [MASTER])
    with make_sessions(engine)() as db:
        sync(db, load_city(ANYANG), now)
        made.token = issue(db, "bench", "bench", ["tickets.create", "tickets.read"], now)
        roles = ("agent", "dispatcher", "reviewer", "follow_up", "supervisor", "head")
        make_staff(db, "bench", "测", *roles, unit="hotline")
        # The first training is over in a hotline that has been running for a minute: here it is due tomorrow.
        enqueue(db, "learn", key="learn:bench", now=now, at=now + timedelta(days=1))
        db.commit()
    engine.dispose()
    made.env = {
        **os.environ,
        **made.env,
        "DATABASE_URL": made.url,
        "HOTLINE_VAR": str(made.folder / "var"),
        "HOTLINE_DEMO": "0",
        "SECRET_KEY": "0f2c9b7d41e68a35c3d9b7d41e68a35f",
        "TWILIO_AUTH_TOKEN": "b7d41e68a35c3d9b7f2c90d1",
        "HOTLINE_THREADS": "40",
        # As by default: one process on SQLite, where one writer is alone anyway, two on PostgreSQL.
        "HOTLINE_WORKERS": "1" if made.name == "sqlite" else str(PROCESSES),
    }
    return made


@dataclass
class Server:
    """A running gunicorn."""

    port: int
    process: subprocess.Popen[bytes]

    def memory_mb(self) -> float:
        """Resident memory of the master and its workers, shared pages counted once (PSS)."""
        pids = [self.process.pid, *children(self.process.pid)]
        return sum(pss_kb(pid) for pid in pids) / 1024


@contextmanager
def served(made: Ground) -> Iterator[Server]:
    """The application behind gunicorn, as a city serves it."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "hotline" / "cli" / "gunicorn_conf.py")]
    env = {**made.env, "HOTLINE_PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    process = start_with_us(command, cwd=ROOT, env=env, output=subprocess.DEVNULL)
    try:
        wait_for(port)
        time.sleep(SETTLE)
        yield Server(port, process)
    finally:
        import signal

        stop(process, signal.SIGTERM)


def wait_for(port: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            Client(port).get("/api/v1/openapi.json")
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


class Client:
    """One keep-alive connection that sends prepared bytes: the load must not cost more than what it measures."""

    def __init__(self, port: int, cookie: str = ""):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.cookie = cookie
        self.rest = b""

    def get(self, path: str) -> tuple[int, bytes]:
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        return self.send(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n".encode())

    def post_json(self, path: str, token: str, body: dict[str, Any]) -> tuple[int, bytes]:
        data = json.dumps(body, ensure_ascii=False).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        return self.send(head.encode() + data)

    def send(self, request: bytes) -> tuple[int, bytes]:
        """The status and body of the answer; every answer of ours carries its length."""
        self.socket.sendall(request)
        while b"\r\n\r\n" not in self.rest:
            self._more()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(self.rest) < length:
            self._more()
        body, self.rest = self.rest[:length], self.rest[length:]
        return int(head[9:12]), body

    def _more(self) -> None:
        got = self.socket.recv(65536)
        if not got:
            raise ConnectionError("the server hung up")
        self.rest += got


@dataclass(frozen=True)
class Figures:
    """rate: per second. p50, p95: milliseconds."""

    rate: float
    p50: float
    p95: float

    def __str__(self) -> str:
        return f"{self.rate:8.0f}/s   p50 {self.p50:7.1f} ms   p95 {self.p95:7.1f} ms"


def many(deed: Callable[[Any, int], None], begin: Callable[[], Any], clients: int, seconds: float) -> Figures:
    """Let `clients` clients (threads spread over two processes) repeat a deed for some seconds.

    begin: makes what one client keeps (a connection). deed(kept, n): one repetition, n is unique.
    """
    context = multiprocessing.get_context("fork")
    share = [clients // PROCESSES + (n < clients % PROCESSES) for n in range(PROCESSES)]
    queue: Any = context.Queue()
    start_at = time.time() + 1.0
    workers = [
        context.Process(target=_crowd, args=(deed, begin, n, part, start_at, seconds, queue))
        for n, part in enumerate(share)
        if part
    ]
    for worker in workers:
        worker.start()
    took = [ms for _worker in workers for ms in queue.get()]
    for worker in workers:
        worker.join()
    return figures(took, seconds)


def _crowd(deed: Any, begin: Any, number: int, threads: int, start_at: float, seconds: float, queue: Any) -> None:
    took: list[list[float]] = [[] for _ in range(threads)]

    def one(n: int) -> None:
        kept = begin()
        time.sleep(max(0.0, start_at - time.time()))
        end, i = time.perf_counter() + seconds, (number * 1000 + n) * 1_000_000
        while (began := time.perf_counter()) < end:
            deed(kept, i)
            took[n].append((time.perf_counter() - began) * 1000)
            i += 1

    crowd = [threading.Thread(target=one, args=(n,)) for n in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    queue.put([ms for part in took for ms in part])


def figures(took_ms: Sequence[float], seconds: float) -> Figures:
    if len(took_ms) < 2:
        return Figures(len(took_ms) / seconds, *(list(took_ms) * 2 or [0.0, 0.0]))
    cuts = statistics.quantiles(took_ms, n=20)
    return Figures(len(took_ms) / seconds, statistics.median(took_ms), cuts[18])


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def pss_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
