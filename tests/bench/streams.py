"""Open browsers: how long until every one of them has heard of a change, and what a page takes meanwhile."""

from __future__ import annotations

import selectors
import socket
import statistics
import threading
import time
from dataclasses import dataclass, field

from hotline.clock import Clock
from hotline.web.core import sessions
from models import make_sessions
from tests.bench.ground import Client, Ground, Server, ground, served
from tests.support.make import make_staff

CHANGES, PAUSE, PATIENCE = 10, 3.0, 20.0
PAGE_EVERY = 0.1


@dataclass
class Browser:
    """One open stream. waits: it has not heard of the present change yet."""

    line: socket.socket
    waits: bool = True
    rest: bytes = field(default=b"")


def run(browsers: int = 500) -> None:
    """Each browser is another dispatcher, on PostgreSQL and two processes; changes are new matters, told by another system."""
    with ground("postgresql") as made:
        made.env["HOTLINE_THREADS"] = str(
            browsers * 2 + 80
        )  # whichever process the machine's chance sends most of them to
        cookies = _signed_in(made, browsers)
        with served(made) as server:
            before = server.memory_mb()
            crowd = [_opened(server.port, cookie) for cookie in cookies[1:]]
            _hear(crowd, PATIENCE)
            print(f"{len(crowd)} streams are open; {before:.0f} MB before, {server.memory_mb():.0f} MB now", flush=True)
            _measure(made, server, crowd, cookies[0])


def _signed_in(made: Ground, browsers: int) -> list[str]:
    """So many dispatchers and one more, who turns pages."""
    engine, now = made.engine(), Clock().now()
    with make_sessions(engine)() as db:
        people = [make_staff(db, f"s{n}", f"席{n}", "dispatcher", unit="hotline") for n in range(browsers + 1)]
        cookies = [sessions.COOKIE + "=" + sessions.begin(db, one, now, "127.0.0.1", "bench", now) for one in people]
        db.commit()
    engine.dispose()
    return cookies


def _opened(port: int, cookie: str) -> Browser:
    line = socket.create_connection(("127.0.0.1", port), timeout=60)
    line.sendall(f"GET /live/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
    return Browser(line)


def _hear(crowd: list[Browser], patience: float) -> list[float]:
    """Seconds until each browser that waits has been told something; raises TimeoutError when one has not."""
    began, took = time.perf_counter(), []
    with selectors.DefaultSelector() as all_lines:
        for one in crowd:
            all_lines.register(one.line, selectors.EVENT_READ, one)
        while any(one.waits for one in crowd):
            if time.perf_counter() - began > patience:
                raise TimeoutError(
                    f"{sum(one.waits for one in crowd)} browsers heard nothing: {crowd[-1].rest[:200]!r}"
                )
            for key, _events in all_lines.select(0.2):
                one: Browser = key.data
                one.rest = (one.rest + one.line.recv(65536))[-4000:]
                if one.waits and b"event: changed" in one.rest and b"\n\n" in one.rest.split(b"event: changed")[-1]:
                    one.waits, one.rest = False, b""
                    took.append(time.perf_counter() - began)
    return took


def _measure(made: Ground, server: Server, crowd: list[Browser], cookie: str) -> None:
    pages, over = list[float](), threading.Event()
    turning = threading.Thread(target=_turn_pages, args=(server.port, cookie, pages, over))
    turning.start()
    heard, last = list[float](), list[float]()
    for n in range(CHANGES):
        time.sleep(PAUSE)
        for one in crowd:
            one.waits, one.rest = True, b""
        told = threading.Thread(target=_tell, args=(server.port, made.token, n))
        told.start()
        took = _hear(crowd, PATIENCE)
        told.join()
        heard += took
        last.append(max(took))
    over.set()
    turning.join()
    print(
        f"{CHANGES} changes: half of the browsers knew after {statistics.median(heard):.2f} s, all after "
        f"{statistics.median(last):.2f} s (at worst {max(last):.2f} s)"
    )
    cuts = statistics.quantiles(pages, n=20)
    print(f"{len(pages)} pages meanwhile: p50 {statistics.median(pages):.0f} ms, p95 {cuts[18]:.0f} ms")
    print(f"{server.memory_mb():.0f} MB at the end", flush=True)


def _tell(port: int, token: str, n: int) -> None:
    """On a line of its own: one that is silent between two changes is hung up on."""
    body = {"body": f"第 {n} 盏路灯不亮，请派人修理", "phone": f"139{n:08d}", "outer_number": f"stream-{n}"}
    status, said = Client(port).post_json("/api/v1/tickets", token, body)
    assert status in (200, 201), said


def _turn_pages(port: int, cookie: str, took: list[float], over: threading.Event) -> None:
    client = Client(port, cookie)
    while not over.is_set():
        for path in ("/dispatch/", "/search/", "/notices"):
            began = time.perf_counter()
            status, _page = client.get(path)
            assert status == 200, path
            took.append((time.perf_counter() - began) * 1000)
            time.sleep(PAGE_EVERY)
