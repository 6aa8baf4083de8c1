"""Fetch one file from a partner's own hosts and from nowhere else, within limits of size and time.

The address comes from outside, so nothing in it is trusted: only https to hosts that the installation names, on the usual
port, without a password in it; the name is resolved once, every address it has must be public, and the connection goes to
exactly the address that was looked at (a name that answers otherwise a moment later gains nothing). Each redirect is a new
address under the same rules.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

from webhooks.line import Watch

MOST_REDIRECTS = 3
SECONDS = 30.0
PIECE = 64 * 1024
_NOT_OURS = tuple(
    ipaddress.ip_network(one)
    for one in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "100.64.0.0/10"),
        *("fec0::/10", "192.88.99.0/24", "3fff::/20"),  # once private, once a relay, for examples: nobody is there
    )
)

_OWN_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")


class NotFetched(Exception):
    """The file could not be had. permanent: trying again is useless. `why` is one of the words below, for the page."""

    def __init__(self, why: str, *, permanent: bool):
        super().__init__(why)
        self.why = why
        self.permanent = permanent


HOST, PRIVATE, LARGE, SLOW, ANSWER, ADDRESS = "host", "private", "large", "slow", "answer", "address"
"""Why not: a host that is not the partner's, a private network, too large, too slow, no such file there, no address at all."""


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether an address lies in the open network: not private, local, shared, reserved, nor one of these dressed as IPv6."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if any(found.version == net.version and found in net for net in _NOT_OURS):
        return False
    return found.is_global and not (
        found.is_multicast or found.is_reserved or found.is_unspecified or found.is_loopback
    )


def is_this_machine(host: str) -> bool:
    """A name or address that is reached from this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") in _OWN_NAMES or host.lower().endswith(".localhost")


def is_at_home(host: str) -> bool:
    """An address of a home's or office's own net."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_private
    except ValueError:
        return False


@dataclass(frozen=True)
class Fetcher:
    """The way out. Tests give their own names and a plain server of their own; the defaults are the rule.

    headers: host → what to send to it alone (a provider's password), never to where it redirects.
    """

    most_bytes: int
    seconds: float = SECONDS
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    resolve: Callable[[str, int], list[str]] = resolve
    may_reach: Callable[[str], bool] = is_public
    port: int = 443
    plain: bool = False

    def fetch(self, url: str, hosts: Iterable[str]) -> bytes:
        """The bytes. hosts: names as they are, or with a leading dot for everything below. Raises NotFetched."""
        allowed = tuple(host.lower() for host in hosts)
        for _turn in range(MOST_REDIRECTS + 1):
            found = self._once(url, allowed)
            if isinstance(found, bytes):
                return found
            url = urljoin(url, found)
        raise NotFetched(ANSWER, permanent=True)

    def _once(self, url: str, hosts: tuple[str, ...]) -> bytes | str:
        """The bytes, or where they are said to be instead."""
        parts = self._checked(url, hosts)
        connection = self._connect(str(parts.hostname))
        watch = Watch(connection.sock, self.seconds)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            named = self.headers.get(str(parts.hostname), {})
            connection.request("GET", target, headers={"Accept-Encoding": "identity", "User-Agent": "hotline", **named})
            found = self._read(connection.getresponse())
            if watch.over:  # half a body looks whole where no length was told
                raise NotFetched(SLOW, permanent=False)
            return found
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotFetched(
                SLOW if watch.over or isinstance(error, TimeoutError) else ANSWER, permanent=False
            ) from error
        finally:
            watch.stop()
            connection.close()

    def _checked(self, url: str, hosts: tuple[str, ...]) -> SplitResult:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise NotFetched(ADDRESS, permanent=True) from None
        wanted = "http" if self.plain else "https"
        if (
            parts.scheme != wanted
            or parts.username is not None
            or not url.isascii()
            or any(c <= " " or c == "\\" for c in url)
        ):
            raise NotFetched(ADDRESS, permanent=True)
        if port not in (None, self.port) or not any(
            host == one or (one[:1] == "." and host.endswith(one)) for one in hosts
        ):
            raise NotFetched(HOST, permanent=True)
        return parts

    def _connect(self, host: str) -> http.client.HTTPConnection:
        """A connection to the very address that was found to be public."""
        try:
            addresses = self.resolve(host, self.port)
        except OSError as error:
            raise NotFetched(ANSWER, permanent=False) from error
        if not addresses or not all(self.may_reach(one) for one in addresses):
            raise NotFetched(PRIVATE, permanent=True)
        connection = http.client.HTTPConnection(host, self.port, timeout=self.seconds)
        try:
            sock = socket.create_connection((addresses[0], self.port), timeout=min(10.0, self.seconds))
            sock.settimeout(self.seconds)
            connection.sock = (
                sock if self.plain else ssl.create_default_context().wrap_socket(sock, server_hostname=host)
            )
        except OSError as error:
            raise NotFetched(ANSWER, permanent=False) from error
        return connection

    def _read(self, answer: http.client.HTTPResponse) -> bytes | str:
        if answer.status in (301, 302, 303, 307, 308):
            return answer.getheader("Location") or ""
        if answer.status != 200 or answer.getheader("Content-Encoding", "identity") != "identity":
            raise NotFetched(ANSWER, permanent=answer.status in (400, 401, 403, 404, 410))
        if (answer.length or 0) > self.most_bytes:
            raise NotFetched(LARGE, permanent=True)
        found, size = [], 0
        while piece := answer.read1(PIECE):
            size += len(piece)
            if size > self.most_bytes:
                raise NotFetched(LARGE, permanent=True)
            found.append(piece)
        if answer.length:
            raise NotFetched(ANSWER, permanent=False)
        return b"".join(found)
