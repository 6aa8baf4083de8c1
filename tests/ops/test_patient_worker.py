"""Who sends slowly, or reads no answer, waits alone: nobody else's page is later for it (on the running server)."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
import requests

from hotline.ops.patient_worker import GATHERED, is_long, is_whole
from tests.support.front import served
from tests.support.services import SqliteTests

THREADS = 8
FORM = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SLOW = {
    "no sign": b"",
    "half a line": b"GET /lo",
    "a head without end": b"GET /login HTTP/1.1\r\nHost: x\r\nX-a: ",
    "a body of which one letter came": FORM + b"Content-Length: 5000\r\n\r\nl",
    "a large body of which one letter came": FORM + b"Content-Length: 3000000\r\n\r\nl",
    "a body in pieces": FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\nlo",
    "a piece without its length": FORM + b"Transfer-Encoding: chunked\r\n\r\n",
    "who waits to be asked for the body": FORM + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
    "two lengths": FORM + b"Content-Length: 1\r\nContent-Length: 9\r\n\r\na",
    "a second request behind the first": b"GET /login HTTP/1.1\r\nHost: x\r\n\r\nGET /login HTTP/1.1\r\nHo",
    "a head as large as no head is": b"GET /login HTTP/1.1\r\nHost: x\r\n" + b"X-a: b\r\n" * (GATHERED // 8),
    "who reads no answer": b"GET /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
}


@pytest.fixture(scope="module")
def port(sqlite_tests: SqliteTests, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The hotline as it is served, with few threads; its port."""
    with served(sqlite_tests, tmp_path_factory.mktemp("patient"), THREADS) as port:
        yield port


@pytest.mark.slow
@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW)
def test_four_times_as_many_slow_callers_as_threads_delay_nobody(port: int, sent: bytes) -> None:
    asked(port)
    slow = [socket.create_connection(("127.0.0.1", port)) for _thread in range(THREADS * 4)]
    try:
        for one in slow:
            one.sendall(sent)
        time.sleep(0.3)
        assert max(asked(port) for _time in range(3)) < 1
    finally:
        for one in slow:
            one.close()


def asked(port: int) -> float:
    """Seconds until the page of somebody else is there."""
    began = time.monotonic()
    assert requests.get(f"http://127.0.0.1:{port}/login", timeout=10).status_code == 200
    return time.monotonic() - began


@pytest.mark.slow
def test_a_form_that_comes_letter_by_letter_is_still_heard(port: int) -> None:
    whole = FORM + b"Connection: close\r\nContent-Length: 7\r\n\r\nlogin=a"
    with socket.create_connection(("127.0.0.1", port), 20) as line:
        for letter in whole:
            line.sendall(bytes([letter]))
            time.sleep(0.002)
        assert line.recv(100).startswith(b"HTTP/1.1 400")


@pytest.mark.slow
def test_somebody_who_says_nothing_more_is_sent_away(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 30) as line:
        line.sendall(b"GET /login HTTP/1.1\r\nHost: x\r\n")
        assert line.recv(1) == b""


WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def test_a_request_is_whole_when_its_head_and_its_words_are_there() -> None:
    form = FORM + b"Content-Length: 3\r\n\r\na=b"
    assert is_whole(WHOLE) and is_whole(form) and is_whole(form + WHOLE)
    assert not any(is_whole(form[:end]) for end in range(len(form)))
    assert not is_long(WHOLE) and not is_long(form)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 70000",
        b"Transfer-Encoding: chunked",
        b"transfer-encoding : x",
        b"Expect: 100-continue\r\nContent-Length: 3",
        b"Content-Length : 3",
        b"Content_Length: 3",
        b"Content-Length: +3",
        b"Content-Length: 3\r\nContent-Length: 3",
        b"X: y\r\n Content-Length: 3",
    ],
)
def test_what_is_large_or_oddly_told_is_for_one_of_the_few_threads(head: bytes) -> None:
    assert is_whole(FORM + head + b"\r\n\r\n") and is_long(FORM + head + b"\r\n\r\n")
