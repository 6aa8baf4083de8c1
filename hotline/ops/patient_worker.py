"""Slow callers wait at the door, not in a thread: gunicorn's threaded worker, which gives a request a thread when the request is there.

As it comes, gunicorn gives a thread to whoever has sent one letter, for as long as they like: a hundred telephones with one
sign a minute keep a city from its own desk. Here the loop that waits for everybody gathers each head, and each body of a
form; only a body of files is read by a thread, by a quarter of them at most, and no slower than the slowest honest line.
Every sign reaches gunicorn's own reader as it was sent: what a request is, is decided there alone.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections import deque
from functools import partial
from typing import Any

from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

WITHIN = 15.0
"""Seconds in which a head and a form's body must be there; an honest one needs a part of one."""

GATHERED = 64 * 1024
"""So much is gathered before a thread is given: any head, and any form of words."""

MOST_WAITING = 600
"""Beyond that whoever has waited longest is sent away, so that nobody finds the door shut."""

GRACE, SLOWEST = 20.0, 4 * 1024
"""A body of files may take so many seconds, and more by its bytes a second."""

LINGER = 2.0
"""Seconds for reading an answer after which the line ends. gunicorn waits as long itself, and for nobody else meanwhile."""

END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,12})[ \t]*(?=\r\n)", re.IGNORECASE)
_ANY_LENGTH = re.compile(rb"content.length", re.IGNORECASE)
_OTHER_ENDS = re.compile(rb"\r\n(transfer.encoding|expect)", re.IGNORECASE)


class Caller(TConn):
    """One connection. gathered: what was sent and no thread has seen; until: when it is sent away; long: a thread reads its body;
    leaving: has its answer, and may read it to the end before the line is cut."""

    def __init__(self, *args: Any):
        super().__init__(*args)
        self.gathered = bytearray()
        self.until = time.monotonic() + WITHIN
        self.long = self.leaving = False
        self.data_ready = True

    def give_reader(self) -> None:
        """In the thread: the reader begins with what was gathered."""
        if not self.initialized:
            self.init()
            self.parser.unreader = PatientReader(self.sock)
        self.parser.unreader.begin(bytes(self.gathered))
        self.gathered.clear()


class PatientReader(SocketUnreader):
    """Reads on while the caller is as quick as the slowest honest line; who is slower has hung up, as far as anybody can tell."""

    hung_up = False

    def begin(self, gathered: bytes) -> None:
        self.since, self.read_so_far = time.monotonic(), 0
        self.unread(gathered)

    def chunk(self, size_hint: int | None = None) -> bytes:
        left = self.since + GRACE + self.read_so_far / SLOWEST - time.monotonic()
        self.sock.settimeout(max(left, 0.001))
        try:
            read = bytes(super().chunk(size_hint))
        except TimeoutError:
            read, self.hung_up = b"", True
        finally:
            self.sock.settimeout(None)
        self.read_so_far += len(read)
        return read


class PatientWorker(ThreadWorker):
    """waiting: who has not sent a whole request yet, the longest first; queue: whose long body waits for one of the few threads."""

    def __init__(self, *args: Any, **more: Any):
        super().__init__(*args, **more)
        self.waiting: dict[Caller, None] = {}
        self.queue: deque[Caller] = deque()
        self.reading_long = 0

    def accept(self, listener: Any) -> None:
        try:
            sock, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self._wait(Caller(self.cfg, sock, address, listener.getsockname()), WITHIN)

    def handle(self, conn: Caller) -> bool:
        conn.give_reader()
        goes_on = super().handle(conn)
        return bool(goes_on) and not conn.parser.unreader.hung_up

    def finish_request(self, conn: Caller, fs: Any) -> None:
        """Whoever stays connected waits for their next request like everybody; a part of it may be there already."""
        if conn.long:
            conn.long, self.reading_long = False, self.reading_long - 1
            self._next_long()
        if fs.cancelled() or fs.exception() is not None or not fs.result():
            self._linger(conn)
            return
        conn.gathered += conn.parser.unreader.take_buffered()
        if is_whole(conn.gathered) or len(conn.gathered) >= GATHERED:
            self._give_thread(conn)
        else:
            self._wait(conn, WITHIN if conn.gathered else self.cfg.keepalive)

    def murder_keepalived(self, force: bool = False) -> None:
        now = time.monotonic()
        for conn in [one for one in self.waiting if force or one.until <= now]:
            self._send_away(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        for conn in self.waiting:
            conn.until = min(conn.until, deadline)

    # --- steps -----------------------------------------------------------------------------------------------------------

    def _wait(self, conn: Caller, seconds: float) -> None:
        if len(self.waiting) >= MOST_WAITING:
            self._send_away(next(iter(self.waiting)))
        conn.sock.setblocking(False)
        conn.until = time.monotonic() + seconds
        self.waiting[conn] = None
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._hear, conn))

    def _hear(self, conn: Caller, _sock: Any) -> None:
        """What whoever is leaving still says is not listened to."""
        try:
            piece = conn.sock.recv(GATHERED)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self._send_away(conn)
        elif not conn.leaving:
            self._gather(conn, piece)

    def _gather(self, conn: Caller, piece: bytes) -> None:
        """One piece more; the request goes to a thread when it is whole, and the first piece of it starts its time."""
        if not conn.gathered:
            conn.until = time.monotonic() + WITHIN
        conn.gathered += piece
        if is_whole(conn.gathered) or len(conn.gathered) >= GATHERED:
            self._leave(conn)
            self._give_thread(conn)

    def _give_thread(self, conn: Caller) -> None:
        conn.long = is_long(conn.gathered)
        if not conn.long:
            self.enqueue_req(conn)
            return
        self.queue.append(conn)
        self._next_long()

    def _next_long(self) -> None:
        while self.queue and self.reading_long < max(1, self.cfg.threads // 4):
            self.reading_long += 1
            self.enqueue_req(self.queue.popleft())

    def _linger(self, conn: Caller) -> None:
        """The answer is out: its reader is told so, and has a moment to read it."""
        conn.leaving = True
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._part(conn)
            return
        self._wait(conn, LINGER)

    def _send_away(self, conn: Caller) -> None:
        self._leave(conn)
        self._part(conn)

    def _leave(self, conn: Caller) -> None:
        del self.waiting[conn]
        self.poller.unregister(conn.sock)

    def _part(self, conn: Caller) -> None:
        self.nr_conns -= 1
        conn.close()


def is_whole(gathered: bytes | bytearray) -> bool:
    """Nothing more is waited for at the door: all of it is there, or what is still to come is for one of the few threads."""
    head, end, body = bytes(gathered).partition(END_OF_HEAD)
    length = _length(head)
    return bool(end) and (length is None or length > GATHERED or len(body) >= length)


def is_long(gathered: bytes | bytearray) -> bool:
    """A thread may have to wait for more of it."""
    head, end, body = bytes(gathered).partition(END_OF_HEAD)
    length = _length(head)
    return not end or length is None or len(body) < length


def _length(head: bytes) -> int | None:
    """Of the body, as the head says in so many words; None where it says anything else, and only gunicorn can tell."""
    head += b"\r\n"
    told = _LENGTH.findall(head)
    if _OTHER_ENDS.search(head) or len(told) != len(_ANY_LENGTH.findall(head)) or len(told) > 1:
        return None
    return int(told[0]) if told else 0
