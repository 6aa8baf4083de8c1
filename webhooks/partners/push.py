"""What we post to partners: one signed JSON body to one address, and what the answer to it means.

Signed as partners sign towards us (`signature.sign_partner`, over the path and query of their address). The address stands in
the settings; its name is resolved once, and the connection goes to the address that was looked at. A redirect is not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import secrets
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from webhooks.charsets import decoded
from webhooks.fetch import is_public, resolve
from webhooks.line import Watch
from webhooks.signature import partner_headers

SECONDS = 10.0
MOST_ANSWER = 64 * 1024
A_DAY = 24 * 60 * 60
DELIVERY = "X-Hotline-Delivery"
"""The telling's own name, the same at every try: who has it already answers as the first time."""

ACCEPTED, LATER, REFUSED = "accepted", "later", "refused"
FINAL = frozenset({400, 404, 405, 409, 410, 413, 414, 415, 422})
"""Answers that no second try of the same words changes."""


AWAY = frozenset({502, 503, 504})
"""Said by a machine on the way, or by one that is not at work: nothing about these words."""


@dataclass(frozen=True)
class Address:
    """Where a partner listens. private: it may lie in a private network, and be spoken to without TLS."""

    url: str
    private: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back. result: accepted, later (try again) or refused (a person must look). wait: seconds the partner asked for.

    reached: somebody who is at work answered, whatever they said; trouble is in the words of an operator, "" when accepted.
    said: the JSON object of the answer, empty for anything else.
    """

    result: str
    trouble: str = ""
    status: int | None = None
    receipt: str = ""
    wait: int = 0
    reached: bool = True
    took_ms: int = 0
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Expected:
    """What a partner's answer must say. accepts: field → the values of which it must have one. refuses: field → values by which it
    says no for good, though the status is a good one. receipt: where its number is."""

    accepts: Mapping[str, tuple[str, ...]]
    receipt: str = ""
    refuses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def is_at_home(address: str) -> bool:
    """A private network or this very machine: allowed where the settings say so, and nothing stranger than that."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    return is_public(address) or ((found.is_private or found.is_loopback) and not found.is_link_local)


def post(
    address: Address,
    key: str,
    name: str,
    content: Mapping[str, object],
    at: datetime,
    expected: Expected,
    seconds: float = SECONDS,
    resolving: Callable[[str, int], list[str]] = resolve,
) -> Answer:
    """Post one telling and say what became of it. Raises nothing: trouble of every kind is an answer.

    name: the telling's own, for the header DELIVERY.
    """
    began = time.monotonic()
    body = json.dumps(content, ensure_ascii=False).encode()
    parts = urlsplit(address.url)
    headers = partner_headers(key, secrets.token_urlsafe(16), target_of(parts), body, at)
    headers |= {"Content-Type": "application/json", "User-Agent": "hotline", DELIVERY: name}
    try:
        status, wait, told = _exchange(address, parts, body, headers, seconds, resolving, at)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(LATER, _why(error), reached=False, took_ms=_since(began))
    found = _judge(status, told, expected)
    return replace(
        found, status=status, wait=wait, reached=status not in AWAY, took_ms=_since(began), said=_object(told)
    )


def target_of(parts: SplitResult) -> str:
    """The path and query, which are signed."""
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _exchange(
    address: Address,
    parts: SplitResult,
    body: bytes,
    headers: Mapping[str, str],
    seconds: float,
    resolving: Callable[[str, int], list[str]],
    at: datetime,
) -> tuple[int, int, bytes]:
    """Status, seconds to wait, and the answer's first bytes. Raises OSError or HTTPException."""
    connection = _connect(address, parts, seconds, resolving)
    watch = Watch(connection.sock, seconds)
    try:
        connection.request("POST", target_of(parts), body, dict(headers))
        answer = connection.getresponse()
        told = answer.read(MOST_ANSWER)
        if watch.over:
            raise TimeoutError
        if 300 <= answer.status < 400:
            told = f"→ {answer.getheader('Location') or ''}".encode()
        return answer.status, _asked_to_wait(answer.getheader("Retry-After") or "", at), told
    except (OSError, http.client.HTTPException) as error:
        raise TimeoutError if watch.over else error from None
    finally:
        watch.stop()
        connection.close()


def _asked_to_wait(told: str, at: datetime) -> int:
    """Seconds, however the partner says it (RFC 9110: a number or a moment); at most a day, 0 for what is neither."""
    if told.isascii() and told.strip().isdecimal():
        return min(int(told[:9]), A_DAY)
    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return 0
    until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    return min(max(0, int((until - at).total_seconds())), A_DAY)


def _connect(
    address: Address, parts: SplitResult, seconds: float, resolving: Callable[[str, int], list[str]]
) -> http.client.HTTPConnection:
    """A connection to the very address that was looked at."""
    host, plain = parts.hostname or "", parts.scheme == "http"
    if plain and not address.private:
        raise ConnectionRefusedError("plain http is for private networks")
    port = parts.port or (80 if plain else 443)
    found = resolving(host, port)
    may_reach = is_at_home if address.private else is_public
    if not found or not all(may_reach(one) for one in found):
        raise ConnectionRefusedError("the address lies in a private network")
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    sock = socket.create_connection((found[0], port), timeout=seconds)
    sock.settimeout(seconds)
    connection.sock = sock if plain else ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    return connection


def _judge(status: int, told: bytes, expected: Expected) -> Answer:
    """A 2xx with what the partner said it would say; a 2xx with anything else may come from a machine on the way."""
    if not 200 <= status < 300:
        return Answer(REFUSED if status in FINAL else LATER, f"HTTP {status} {_short(told)}".strip())
    content = _object(told)
    for where, values in expected.refuses.items():
        if _at(content, where) in values:
            return Answer(REFUSED, f"HTTP {status}, {where}={_at(content, where)} {_short(told)}")
    for where, values in expected.accepts.items():
        if _at(content, where) not in values:
            return Answer(LATER, f"HTTP {status}, {where}={_at(content, where) or '–'} {_short(told)}")
    return Answer(ACCEPTED, receipt=_at(content, expected.receipt)[:120] if expected.receipt else "")


def _object(told: bytes) -> dict[str, Any]:
    try:
        content = json.loads(decoded(told, "").removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _at(content: object, where: str) -> str:
    """A value by its path ("data.no"), as text; "" when nothing is there."""
    for name in where.split("."):
        content = content.get(name) if isinstance(content, dict) else None
    if content is None or isinstance(content, dict | list):
        return ""
    return str(content).lower() if isinstance(content, bool) else str(content)


def _short(told: bytes) -> str:
    cut = " (too long to be read)" if len(told) >= MOST_ANSWER else ""
    return " ".join(decoded(told, "").split())[:120] + cut


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    return f"{type(error).__name__}: {error}"[:200]


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
