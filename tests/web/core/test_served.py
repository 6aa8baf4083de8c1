"""One kept-alive connection to our gunicorn worker: whatever a request left unread, the next one is answered as itself."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.ops.local_servers import free_port, start_with_us, stop
from hotline.settings import ROOT
from tests.bench.ground import wait_for

APP = """
def app(environ, start):
    body = environ["wsgi.input"].read() if environ["PATH_INFO"] == "/read" else b""
    answer = environ["REQUEST_METHOD"].encode() + b" " + str(len(body)).encode()
    start("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "tiny.py").write_text(APP)
    port = free_port()
    process = start_with_us(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--worker-class",
            "hotline.cli.gunicorn_conf.Worker",
            "--threads",
            "4",
            "--keep-alive",
            "5",
            "--bind",
            f"127.0.0.1:{port}",
            "--pythonpath",
            f"{folder},{ROOT}",
            "tiny:app",
        ],
        cwd=folder,
        output=subprocess.DEVNULL,
    )
    wait_for(port)
    yield port
    stop(process, signal.SIGTERM)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/read", b""),
        ("/read", b"x" * 50_000),
        ("/leave", b""),
        ("/leave", b"GET /read HTTP/1.1\r\n\r\n" * 40),
    ],
)
def test_the_next_request_on_the_connection_is_itself(port: int, path: str, body: bytes) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for _ in range(3):
        connection.request("POST", path, body)
        assert connection.getresponse().read() == f"POST {len(body) if path == '/read' else 0}".encode()
        connection.request("GET", "/read")
        assert connection.getresponse().read() == b"GET 0"


def test_a_body_in_pieces_is_read_to_its_end_too(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for path, seen in (("/read", b"POST 6"), ("/leave", b"POST 0"), ("/read", b"POST 6")):
        connection.request(
            "POST", path, iter([b"abc", b"def"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
        )
        assert connection.getresponse().read() == seen


def test_two_requests_sent_at_once_are_both_answered(port: int) -> None:
    import socket

    one = b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.sendall(one + one)
        got = b""
        while got.count(b"POST 3") < 2:
            more = raw.recv(65536)
            assert more, "the server hung up before both were answered"
            got += more


def test_the_hotline_is_served_by_this_worker() -> None:
    from hotline.cli import gunicorn_conf

    assert (
        gunicorn_conf.worker_class == "hotline.cli.gunicorn_conf.Worker"
        and Path(gunicorn_conf.__file__).name == "gunicorn.py"
    )
