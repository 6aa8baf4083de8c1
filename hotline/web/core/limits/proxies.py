"""Who asks, behind a proxy: its word is taken from a proxy that was named, and from nobody else who writes the same heads.

By their word one would be another network at each try, or the one from which a token may come.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

Answer = Callable[..., Iterable[bytes]]
TOLD = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_PREFIX",
        "HTTP_FORWARDED")  # fmt: skip


def install(app: Flask, proxies: Sequence[str]) -> None:
    """proxies: networks in which they stand, besides this machine."""
    plain: Answer = app.wsgi_app
    told: Answer = ProxyFix(plain, x_for=1, x_proto=1, x_host=1)
    networks = [ipaddress.ip_network(one) for one in proxies]

    def asked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if is_ours(environ.get("REMOTE_ADDR", ""), networks):
            return told(environ, start_response)
        for head in TOLD:
            environ.pop(head, None)
        return plain(environ, start_response)

    app.wsgi_app = asked  # type: ignore[method-assign]


def is_ours(address: str, networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    """A socket of this machine has no address."""
    if not address:
        return True
    try:
        there = ipaddress.ip_address(address)
    except ValueError:
        return False
    there = getattr(there, "ipv4_mapped", None) or there
    return there.is_loopback or any(there in one for one in networks)
