"""ClamAV's daemon: the bytes of one file over its socket, and what it says of them. Nothing is written to a disk on the way.

The protocol is INSTREAM: pieces, each behind its length, an empty one at the end, and one line back. A daemon that stops
listening half-way, answers nonsense or takes too long has said nothing of the file.
"""

from __future__ import annotations

import re
import socket
import struct
import time
from collections.abc import Iterable
from contextlib import closing
from typing import NamedTuple

PIECE = 1 << 16
PATIENCE = 100.0
"""Seconds for one file as a whole, reading its last word included."""

_PORT = re.compile(r"[0-9]{1,5}")
LONGEST_ANSWER = 4096
TOO_LARGE = "too large"
"""The daemon takes no file of this length (its StreamMaxLength)."""


class Verdict(NamedTuple):
    """infected: None when nothing is known of the file. said: the name of what was found, or why nothing is known."""

    infected: bool | None
    said: str = ""


def is_address(text: str) -> bool:
    """A socket's path (`/run/clamav/clamd.ctl`, also after `unix:`), or a host with a port (also after `tcp://`)."""
    place = _place(text)
    return isinstance(place, tuple) or place.startswith("/")


def answers(address: str, seconds: float = 1.0) -> bool:
    """Whether somebody is there who speaks this language."""
    try:
        with closing(_line(address, seconds)) as line:
            line.sendall(b"zPING\0")
            return _last_word(line, time.monotonic() + seconds) == "PONG"
    except OSError:
        return False


def ask(address: str, pieces: Iterable[bytes], patience: float = PATIENCE) -> Verdict:
    """What the daemon says of these bytes. Whatever goes wrong on the way is a verdict that says so, never an exception."""
    end = time.monotonic() + patience
    try:
        with closing(_line(address, patience)) as line:
            return _read(_told(line, pieces, end))
    except TimeoutError:
        return Verdict(None, "no answer in time")
    except OSError as error:
        return Verdict(None, error.strerror or type(error).__name__)


def _told(line: socket.socket, pieces: Iterable[bytes], end: float) -> str:
    """Its answer; one that came before all was sent is an answer too (a file that is too long for it)."""
    try:
        line.sendall(b"zINSTREAM\0")
        for piece in pieces:
            for at in range(0, len(piece), PIECE):
                part = piece[at : at + PIECE]
                line.settimeout(_left(end))
                line.sendall(struct.pack("!L", len(part)) + part)
        line.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        return _last_word(line, end)
    return _last_word(line, end)


def _last_word(line: socket.socket, end: float) -> str:
    """Its answer, up to the sign that ends it; what was cut off before is none."""
    heard = b""
    while not heard.endswith(b"\0") and len(heard) < LONGEST_ANSWER:
        line.settimeout(_left(end))
        more = line.recv(1024)
        if not more:
            break
        heard += more
    return heard.rstrip(b"\0\n").decode("ascii", "replace") if heard.endswith(b"\0") else ""


def _read(answer: str) -> Verdict:
    """`stream: OK`, `stream: Eicar-Signature FOUND`, or an error in its own words; half an answer is none."""
    said = answer.removeprefix("stream: ")
    if said == answer:
        return Verdict(None, TOO_LARGE if "size limit" in answer else answer[:120] or "hung up")
    if said == "OK":
        return Verdict(False)
    if said.endswith(" FOUND"):
        return Verdict(True, "".join(c for c in said.removesuffix(" FOUND") if c.isprintable())[:120])
    return Verdict(None, said[:120])


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _place(text: str) -> str | tuple[str, int]:
    told = text.removeprefix("tcp://")
    host, colon, port = told.rpartition(":")
    if colon and _PORT.fullmatch(port) and host and "/" not in told:
        return host.strip("[]"), int(port[:5])
    return text.removeprefix("unix:").replace("//", "/", 1) if text.startswith("unix:") else text


def _line(address: str, seconds: float) -> socket.socket:
    place = _place(address)
    if isinstance(place, tuple):
        return socket.create_connection(place, timeout=seconds)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(seconds)
    try:
        line.connect(place)
    except OSError:
        line.close()
        raise
    return line
