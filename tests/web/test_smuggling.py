"""No request hides in another: whatever a request says of its own length, the running server answers the one that was sent, or none (VH11)."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from tests.support.front import served
from tests.support.services import SqliteTests

pytestmark = pytest.mark.slow
HIDDEN = b"GET /static/0/icon.svg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
SIGN = b"image/svg+xml;"
"""Stands at the head of what the hidden request asks for, and of no other of these answers."""

HONEST = b"GET /static/0/css/account.css HTTP/1.1\r\nHost: 127.0.0.1\r\n"

LENGTH = str(len(HIDDEN)).encode()
CHUNKED = b"0\r\n\r\n" + HIDDEN
WHOLE = str(len(CHUNKED)).encode()


def post(*headers: bytes, body: bytes = CHUNKED, line: bytes = b"POST /language HTTP/1.1") -> bytes:
    return b"\r\n".join([line, b"Host: 127.0.0.1", *headers, b"", b""]) + body


def chunk(size: bytes, data: bytes = b"", end: bytes = b"\r\n") -> bytes:
    return post(b"Transfer-Encoding: chunked", body=size + end + data)


FORMS: dict[str, bytes] = {
    "length and chunks": post(b"Content-Length: " + WHOLE, b"Transfer-Encoding: chunked"),
    "chunks and length": post(b"Transfer-Encoding: chunked", b"Content-Length: " + WHOLE),
    "short length and chunks": post(b"Content-Length: 5", b"Transfer-Encoding: chunked"),
    "a space before the colon": post(b"Content-Length: " + WHOLE, b"Transfer-Encoding : chunked"),
    "another coding": post(b"Content-Length: " + WHOLE, b"Transfer-Encoding: xchunked"),
    "chunked is not the last": post(b"Content-Length: " + WHOLE, b"Transfer-Encoding: chunked, identity"),
    "identity first": post(b"Content-Length: " + WHOLE, b"Transfer-Encoding: identity, chunked"),
    "a tab": post(b"Content-Length: " + WHOLE, b"Transfer-Encoding:\tchunked"),
    "a vertical tab": post(b"Content-Length: " + WHOLE, b"Transfer-Encoding: \x0bchunked"),
    "a folded line": post(b"Content-Length: " + WHOLE, b"X: y\r\n Transfer-Encoding: chunked"),
    "a bare line feed": post(b"Content-Length: " + WHOLE, b"X: y\nTransfer-Encoding: chunked"),
    "a bare return": post(b"Content-Length: " + WHOLE, b"X: y\rTransfer-Encoding: chunked"),
    "two codings": post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: cow"),
    "twice chunked": post(b"Content-Length: " + WHOLE, b"Transfer-Encoding: chunked, chunked"),
    "an underscore": post(b"Content-Length: " + WHOLE, b"Transfer_Encoding: chunked"),
    "quoted": post(b"Content-Length: " + WHOLE, b'Transfer-Encoding: "chunked"'),
    "in capitals": post(b"Content-Length: " + WHOLE, b"TRANSFER-ENCODING: CHUNKED"),
    "two lengths": post(b"Content-Length: 0", b"Content-Length: " + LENGTH, body=HIDDEN),
    "the same length twice": post(b"Content-Length: " + LENGTH, b"Content-Length: " + LENGTH, body=HIDDEN),
    "a list of lengths": post(b"Content-Length: 0, " + LENGTH, body=HIDDEN),
    "a length with a plus": post(b"Content-Length: +0", body=HIDDEN),
    "a negative length": post(b"Content-Length: -1", body=HIDDEN),
    "a length in hexadecimal": post(b"Content-Length: 0x0", body=HIDDEN),
    "a length with an underscore": post(b"Content-Length: 1_0", body=HIDDEN),
    "a length beyond all numbers": post(b"Content-Length: " + b"9" * 40, body=HIDDEN),
    "a length with more": post(b"Content-Length: 0;x", body=HIDDEN),
    "a length of other digits": post("Content-Length: ٠".encode(), body=HIDDEN),
    "a chunk in hexadecimal writing": chunk(b"0x0", b"\r\n" + HIDDEN),
    "a negative chunk": chunk(b"-0", b"\r\n" + HIDDEN),
    "a chunk with an underscore": chunk(b"0_0", b"\r\n" + HIDDEN),
    "a chunk beyond all numbers": chunk(b"F" * 30, HIDDEN),
    "a chunk ended by a line feed": chunk(b"0", b"\n" + HIDDEN, end=b"\n"),
    "a chunk longer than it says": chunk(b"1", b"aa\r\n0\r\n\r\n" + HIDDEN),
    "a length among the trailers": chunk(b"0", b"Content-Length: 9\r\n\r\n"),
    "a request in the body of a GET": post(b"Content-Length: " + LENGTH, body=HIDDEN, line=b"GET /healthz HTTP/1.1"),
    "a request in a refused body": post(
        b"Content-Length: " + LENGTH, b"Content-Type: text/plain", body=HIDDEN, line=b"POST /login HTTP/1.1"
    ),
    "a request in a body that nobody asked for": post(
        b"Content-Length: " + LENGTH, body=HIDDEN, line=b"POST /nowhere HTTP/1.1"
    ),
    "a body after Expect": post(b"Content-Length: " + LENGTH, b"Expect: 100-continue", body=HIDDEN),
    "another protocol": post(
        b"Connection: Upgrade, HTTP2-Settings",
        b"Upgrade: h2c",
        b"HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
        b"Content-Length: " + LENGTH,
        body=HIDDEN,
    ),
    "chunks in the old version": post(b"Transfer-Encoding: chunked", line=b"POST /language HTTP/1.0"),
    "a NUL in a header": post(b"X: a\x00b", b"Content-Length: " + LENGTH, body=HIDDEN),
}
"""Each hides a request where one reading of the outer one would see its end."""


@pytest.fixture(scope="module")
def server(sqlite_tests: SqliteTests, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The hotline as it is served: gunicorn with its own worker, one process; its port."""
    with served(sqlite_tests, tmp_path_factory.mktemp("smuggling"), 16) as port:
        yield port


def talk(port: int, *pieces: bytes) -> bytes:
    """Everything that comes back on one connection until it closes, or is quiet for a while."""
    found = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        for piece in pieces:
            line.sendall(piece)
            time.sleep(0.05)
        line.settimeout(3)
        try:
            while more := line.recv(65536):
                found += more
                line.settimeout(0.25)
        except (TimeoutError, ConnectionResetError):
            pass
    return found


def test_no_form_of_a_request_hides_another(server: int) -> None:
    assert len(FORMS) >= 38
    for name, form in FORMS.items():
        assert SIGN not in talk(server, form), name


def test_the_next_request_on_the_line_gets_its_own_answer_or_none(server: int) -> None:
    """What a form leaves behind is drained, or the line is closed: the next one's answer is never the hidden one's."""
    for name, form in FORMS.items():
        try:
            found = talk(server, form, HONEST + b"Connection: close\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            continue
        assert SIGN not in found, name


def test_two_honest_requests_on_one_line_are_answered_in_their_order(server: int) -> None:
    first = HONEST + b"\r\n"
    both = talk(server, first + HIDDEN)
    assert both.count(b"HTTP/1.1 200") == 2 and both.index(b"text/css") < both.index(SIGN)
    split = talk(server, first[:9], first[9:30], first[30:] + HIDDEN[:11], HIDDEN[11:])
    assert split.count(b"HTTP/1.1 200") == 2


def test_a_body_in_pieces_is_one_body(server: int) -> None:
    body = b"code=en&next=/c"
    outer = post(b"Content-Type: application/x-www-form-urlencoded", b"Content-Length: 15", body=b"")
    found = talk(server, outer, body[:4], body[4:])
    assert found.count(b"HTTP/1.1 ") == 1


TORN: dict[str, bytes] = {
    "no number": b"zz\r\nabc\r\n0\r\n\r\n",
    "a negative number": b"-1\r\nabc\r\n0\r\n\r\n",
    "no end of a piece": b"3\r\nabcXY0\r\n\r\n",
    "an extension of nothing": b"3;\r\x00\r\nabc\r\n0\r\n\r\n",
    "a trailer that is no header": b"3\r\na=b\r\n0\r\nX Y: z\r\n\r\n",
    "a trailer that is a head": b"3\r\na=b\r\n0\r\nHost: evil.cn\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n",
    "trailers without end": b"3\r\na=b\r\n0\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    "a bare line end": b"3\r\na=b\r\n0\nX: y\n\n",
}


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x"]
)
def test_a_body_that_is_torn_is_a_wrong_request_and_no_defect(server: int, kind: str) -> None:
    """Each wrote a stack trace into the log, for everybody who asked."""
    for name, body in TORN.items():
        for path in (b"/login", b"/c/new", b"/api/v1/tickets"):
            line = b"POST " + path + b" HTTP/1.1"
            form = post(b"Content-Type: " + kind.encode(), b"Transfer-Encoding: chunked", body=body, line=line)
            assert b" 500 " not in talk(server, form)[:40], (name, path)
