"""The nginx example is what people copy: nginx takes it, and each of its limits holds."""

from __future__ import annotations

import http.server
import re
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.support.front import NAME, Front, in_front
from tests.support.pages import app, installation, settings

__all__ = ["app", "installation", "settings"]
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("front")]
SHORT = {"client_header_timeout 15s": "client_header_timeout 4s", "client_body_timeout 60s": "client_body_timeout 4s"}


class Upstream(http.server.BaseHTTPRequestHandler):
    """Answers every request with its address and what it was told of who asks."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        left = int(self.headers.get("Content-Length", 0))
        while left > 0 and (piece := self.rfile.read(min(left, 1 << 16))):
            left -= len(piece)
        self._answer()

    def _answer(self) -> None:
        told = [self.path, *(f"{name}={self.headers[name]}" for name in self.headers if name.startswith("X-"))]
        body = "\n".join(told).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Nothing on the screen of the tests."""


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        folder = tmp_path_factory.mktemp("front")
        folder.chmod(0o755)
        with in_front(folder, server.server_address[1], SHORT) as front:
            yield front
        server.shutdown()


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {NAME}", "Connection: close", *headers, "", ""]).encode()


def post(path: str, size: int, *headers: str) -> bytes:
    head = [f"POST {path} HTTP/1.1", f"Host: {NAME}", "Connection: close", *headers, f"Content-Length: {size}", "", ""]
    return "\r\n".join(head).encode() + b"x" * size


def test_nginx_itself_finds_nothing_wrong_with_it(front: Front) -> None:
    said = front.checked()
    assert said.returncode == 0 and "[emerg]" not in said.stderr and "[warn]" not in said.stderr, said.stderr


def test_http_is_sent_to_https_and_http_2_is_spoken(front: Front) -> None:
    answer = front.ask(get("/c/new"), secure=False)
    assert b" 301 " in answer and f"Location: https://{NAME}/c/new".encode() in answer
    with front.line("h2") as line:
        assert line.selected_alpn_protocol() == "h2"  # type: ignore[attr-defined]


def test_nobody_says_who_they_are_themselves(front: Front) -> None:
    """What a browser tells of its address is replaced by the address it came from."""
    for path in ("/", "/login", "/live/stream", "/c/new", "/metrics"):
        answer = front.ask(get(path, "X-Forwarded-For: 10.1.1.1", "X-Forwarded-Proto: http", "X-Forwarded-Host: evil"))
        assert b"X-Forwarded-For=127.0.0.1" in answer and b"10.1.1.1" not in answer, path
        assert b"X-Forwarded-Proto=https" in answer and b"evil" not in answer, path


def uploads(app: Flask) -> list[Rule]:
    views = app.view_functions
    return [rule for rule in app.url_map.iter_rules() if getattr(views[rule.endpoint], "takes_files", False)]


def test_a_large_body_comes_in_where_files_are_taken_and_nowhere_else(front: Front, app: Flask) -> None:
    """Every address of the application that takes files, as it is today."""
    doors = {
        re.sub(r"<any\((\w+).*?>", r"\1", rule.rule)
        .replace("<number>", "260101000001")
        .replace("<action>", "add")
        .replace("<deed>", "add")
        for rule in uploads(app)
    }
    assert len(doors) > 6
    for path in doors:
        assert b" 200 " in front.ask(post(path, 7 << 20))[:40], path
    for path in ("/login", "/desk", "/api/v1/tickets", "/webhooks/twilio/sms", "/drafts/x", "/search/views"):
        assert b" 413 " in front.ask(post(path, 7 << 20))[:40], path


def test_who_never_ends_a_head_or_a_body_holds_no_line(front: Front) -> None:
    for beginning in (b"GET / HTTP/1.1\r\nHost: x\r\nX: ", post("/login", 0).replace(b"th: 0", b"th: 900") + b"a"):
        began = time.monotonic()
        with front.line() as line:
            line.sendall(beginning)
            line.settimeout(30)
            try:
                while line.recv(4096):
                    pass
            except ConnectionResetError:
                pass
            except TimeoutError:
                pytest.fail("the line was held")
        assert time.monotonic() - began < 30


def test_who_knocks_too_fast_is_told_so_and_an_ordinary_page_is_not_held_up(front: Front) -> None:
    def burst(path: str, many: int) -> list[bytes]:
        with front.line() as line:
            found, asked = b"", get(path).replace(b"Connection: close", b"Connection: keep-alive")
            for _ in range(many):
                line.sendall(asked)
                found += line.recv(65536)
            return [one.split(b" ")[1] for one in found.split(b"\r\n") if one.startswith(b"HTTP/1.1")]

    assert b"429" in burst("/login", 90)
    assert set(burst("/c", 60)) == {b"200"}


def test_a_header_beyond_all_measure_is_refused(front: Front) -> None:
    assert b" 400 " in front.ask(get("/", "X: " + "a" * 70_000))[:40]


@pytest.mark.parametrize("request_line", [b"GET http://evil/ HTTP/1.1", b"GET / HTTP/1.1", b"TRACE / HTTP/1.1"])
def test_who_asks_for_another_name_gets_no_answer_of_ours(front: Front, request_line: bytes) -> None:
    answer = front.ask(request_line + b"\r\nHost: evil\r\nConnection: close\r\n\r\n")
    assert b" 200 " not in answer and b"X-Forwarded-Host=evil" not in answer
    assert b"evil" not in front.ask(b"GET /c HTTP/1.1\r\nHost: evil\r\nConnection: close\r\n\r\n", secure=False)
