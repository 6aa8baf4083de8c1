"""How often somebody may knock: counted for one phone, one browser or one ticket; an address, which many share, is given a wide measure.

Shared between processes through Redis in the city.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Response, request, session
from flask_limiter import Limiter

from classifier.text.normalise import plain
from webhooks.numbers import read_phone

F = TypeVar("F", bound=Callable[..., Any])
BROWSER = "browser"


def address() -> str:
    """Where a request comes from; of IPv6 the network, since one home has as many addresses as it likes."""
    return network_of(request.remote_addr or "127.0.0.1")


def network_of(told: str) -> str:
    """The network an address belongs to; of IPv4 the address itself, also where a socket of both kinds writes it as IPv6."""
    try:
        found = ipaddress.ip_address(told)
    except ValueError:
        return told
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 48 if found.sixtofour else 64), strict=False))


def site_of(told: str) -> str:
    """What a provider gives to one customer: of IPv6 a /48, of IPv4 the address."""
    network = network_of(told)
    return str(ipaddress.ip_network(network).supernet(new_prefix=48)) if network.endswith("/64") else network


limiter = Limiter(address, default_limits=[], headers_enabled=True)


@limiter.request_filter
def _machine() -> bool:
    """The API's callers prove themselves by a token; no address is counted, and a busy intake is not asked each time."""
    return request.blueprint in ("api", "api_details", "api_monitoring")


def know_browser() -> None:
    """Gives this browser a number of its own, in the signed cookie that its forms need anyway."""
    if not session.get(BROWSER):
        session[BROWSER] = secrets.token_urlsafe(9)


def browser() -> str:
    """This browser; one that keeps no cookie is its address."""
    return f"browser:{session.get(BROWSER) or address()}"


def phone() -> str:
    """The number in the form, however it is written; without one, the browser."""
    number = read_phone(request.form.get("phone", "")[:200]).number
    return f"phone:{number}" if number else browser()


def ticket_and_address() -> str:
    """Guessing at one ticket from one place; the neighbour who looks up another ticket is not slowed down."""
    written = request.form.get("number") or (request.view_args or {}).get("number") or ""
    return f"ticket:{''.join(c for c in plain(written) if c.isalnum())[:24]}:{address()}"


def ticket_and_site() -> str:
    """The same from all the networks that one customer of a provider is given: of IPv6 65,536, each of which would begin anew."""
    return ticket_and_address().removesuffix(address()) + site_of(request.remote_addr or "127.0.0.1")


def survey() -> str:
    """One question to one citizen."""
    return f"survey:{(request.view_args or {}).get('token', '')[:64]}"


def megabytes() -> int:
    """What a request costs where bytes are counted: one for each megabyte begun."""
    return 1 + (request.content_length or 0) // (1 << 20)


def refused(response: Response) -> bool:
    """For what somebody might try out (passwords, codes): only what was wrong counts, a right one is never too many."""
    return response.status_code >= 400


def accepted(response: Response) -> bool:
    """For what costs others work: only what was taken in counts, somebody who corrects a form is not turned away."""
    return response.status_code < 400


def limited(*limits: tuple[str, Callable[[], str], Callable[[Response], bool] | None]) -> Callable[[F], F]:
    """Several measures on one view: (how many, of whom, which answers count; None counts each)."""

    def wrap(view: F) -> F:
        for many, whose, counts in limits:
            view = cast(F, limiter.limit(many, key_func=whose, deduct_when=counts)(view))
        return view

    return wrap
