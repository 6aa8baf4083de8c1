"""How often somebody may knock: counted for one phone, one browser or one ticket; an address, which many share, is given a wide measure.

Shared between processes through Redis in the city.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Response, request, session
from flask_limiter import Limiter

from hotline.tickets.display.citizen_view import number_meant
from hotline.web.core.limits.unnamed import unnamed
from hotline.web.core.request_context import here
from webhooks.numbers import read_phone

F = TypeVar("F", bound=Callable[..., Any])
BROWSER = "browser"
LONGEST = 200


def address() -> str:
    """Where a request comes from; of IPv6 the network, since one home has as many addresses as it likes."""
    return network_of(request.remote_addr or "127.0.0.1")


def site() -> str:
    return f"site:{site_of(request.remote_addr or '127.0.0.1')}"


def network_of(told: str) -> str:
    """The network an address belongs to; of IPv4 the address itself, also where it is written or carried as IPv6."""
    try:
        found = _read(told)
    except ValueError:
        return told
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))


def site_of(told: str) -> str:
    """The networks that one line, office or hired machine may have to change between: of IPv6 a /48, of IPv4 a /24."""
    try:
        found = _read(told)
    except ValueError:
        return told
    return str(ipaddress.ip_network((found, 48 if found.version == 6 else 24), strict=False))


TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""How a centre that speaks IPv6 alone sees all callers of IPv4 (RFC 6052): as one network, which each of them could shut."""


def _read(told: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Raises ValueError for what is no address."""
    found = ipaddress.ip_address(told)
    if isinstance(found, ipaddress.IPv4Address):
        return found
    if found in TRANSLATED:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else found)


KINDS = ("browser", "phone", "site", "survey", "ticket")


def counted_under(whose: Callable[[], str]) -> Callable[[], str]:
    """Whom a measure counts, under a name that tells nobody: Redis keeps it, and its log on the disk longer still."""

    def name() -> str:
        told = whose()
        kind = told.partition(":")[0]
        return f"{kind if kind in KINDS else 'from'}:{unnamed('counted', told)}"

    return name


limiter = Limiter(counted_under(address), default_limits=[], headers_enabled=True)


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
    number = read_phone(typed_phone(), here.city.area_code).number
    return f"phone:{number}" if number else browser()


def typed_phone() -> str:
    """What stands in the form, cut where everybody cuts it: what is counted is what is read."""
    return request.form.get("phone", "").replace("\x00", "")[:LONGEST]


def typed_number() -> str:
    """The number of the ticket that is asked for: the address says it, else the form; cut where everybody cuts it."""
    return ((request.view_args or {}).get("number") or request.form.get("number", ""))[:LONGEST]


def ticket_and_address() -> str:
    """Guessing at one ticket from one place; the neighbour who looks up another ticket is not slowed down."""
    return f"ticket:{number_meant(typed_number())}:{address()}"


def ticket_and_site() -> str:
    """The same from all the networks that one customer of a provider is given: of IPv6 65,536, each of which would begin anew."""
    return ticket_and_address().removesuffix(address()) + site()


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
    """Several measures on one view: (how many, of whom, which answers count; None counts each). What one address may, five may
    that are neighbours: who has many of them begins anew with none."""
    sites = [(_five_times(many), site, counts) for many, whose, counts in limits if whose is address]

    def wrap(view: F) -> F:
        for many, whose, counts in (*limits, *sites):
            view = cast(F, limiter.limit(many, key_func=counted_under(whose), deduct_when=counts)(view))
        return view

    return wrap


def _five_times(many: str) -> str:
    return re.sub(r"\d+(?= per )", lambda found: str(5 * int(found[0])), many)
