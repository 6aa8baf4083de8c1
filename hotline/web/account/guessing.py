"""Guessing at passwords is slowed down, counted before anything is checked: at one account, from one network, and from all the
networks that one line may change between.

Nobody is locked out: after too many tries the next one must wait, at most a minute. A browser that has signed in before is
counted apart, so that strangers who try an account do not stand in its owner's way, and one person's mistakes are theirs alone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer
from limits.storage import MemoryStorage

from hotline.web.core.limits.rate_limits import address, limiter, site
from hotline.web.core.limits.unnamed import unnamed
from hotline.web.core.request_context import here

COOKIE = "hotline_device"
REMEMBERED = 180 * 86400
MOST_ON_ONE_DEVICE = 8
A_MINUTE, AN_HOUR = 60, 3600
ALARM = 20
"""So many wrong passwords in an hour and the person is told."""


@dataclass(frozen=True)
class Measure:
    """per_minute tries, until so many in the hour; then slow ones per minute."""

    per_minute: int
    in_an_hour: int
    slow: int


ACCOUNT, NETWORK, DIGITS = Measure(10, 30, 2), Measure(100, 1000, 20), Measure(5, 20, 1)
"""An office of a thousand people has one address: there many sign in, and some mistype."""

SITE = Measure(300, 3000, 60)
"""More than any one network is allowed: whoever spoils their own never shuts the neighbours'."""


@dataclass(frozen=True)
class Tries:
    """One try at an account: what it is counted under."""

    account: str
    """The account as strangers try it; with a known device that device's own count."""
    networks: tuple[tuple[str, Measure], ...]
    """Where strangers are counted: their network, then its neighbourhood."""
    known: bool

    def may_try(self) -> bool:
        """Counts this try and says whether it may be made. What one measure refuses costs none of the wider ones, nor the account."""
        if not limiter.enabled:
            return True
        return all(_count(key, measure) for key, measure in (*self.networks, (self.account, ACCOUNT)))

    def succeeded(self) -> None:
        """A right one is never too many: what it cost is given back, and the mistakes before it are forgiven."""
        if limiter.enabled:
            for window in (A_MINUTE, AN_HOUR):
                _counter("clear", f"{self.account}:{window}")
                for key, _measure in self.networks:
                    if int(_counter("get", f"{key}:{window}")) > 0:
                        _counter("incr", f"{key}:{window}", window, amount=-1)

    def alarming(self) -> bool:
        """This was the one at which the person is told, once an hour."""
        return limiter.enabled and int(_counter("get", f"{self.account}:{AN_HOUR}")) == ALARM


def tries_at(login: str) -> Tries:
    """What a try at this login counts under."""
    name, device = _name_of(login), _device()
    known = name in device.get("of", [])
    account = f"sign-in:{name}:{device['id']}" if known else f"sign-in:{name}"
    strangers = ((_counted("from", address()), NETWORK), (_counted("from", site()), SITE))
    return Tries(account, () if known else strangers, known)


def may_show_digits(staff_id: int) -> bool:
    """A million numbers are few: who has the password is still slowed down at the second factor, and only there."""
    return not limiter.enabled or _count(f"second:{staff_id}", DIGITS)


def digits_were_right(staff_id: int) -> None:
    if limiter.enabled:
        for window in (A_MINUTE, AN_HOUR):
            _counter("clear", f"second:{staff_id}:{window}")


def remember_device(response: Response, login: str) -> None:
    """This browser has signed in as this person."""
    device = _device()
    known = [name for name in device.get("of", []) if name != _name_of(login)]
    told = {
        "id": device.get("id") or secrets.token_urlsafe(9),
        "of": [*known, _name_of(login)][-MOST_ON_ONE_DEVICE:],
    }
    response.set_cookie(
        COOKIE,
        _signer().dumps(told),
        max_age=REMEMBERED,
        httponly=True,
        samesite="Lax",
        secure=here.settings.secure_cookies,
        path="/",
    )


def _count(key: str, measure: Measure) -> bool:
    """Counting is one step of the store, so that sixty at once are sixty."""
    minute = _counter("incr", f"{key}:{A_MINUTE}", A_MINUTE)
    hour = _counter("incr", f"{key}:{AN_HOUR}", AN_HOUR)
    return minute <= (measure.slow if hour > measure.in_an_hour else measure.per_minute)


def _device() -> dict[str, list[str] | str]:
    try:
        told = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return {}
    return told if isinstance(told, dict) else {}


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(here.settings.secret_key, salt="device")


def _name_of(login: str) -> str:
    """What is typed as a login may be a telephone or a password: neither Redis nor the browser's cookie tells it."""
    return unnamed("login", login.casefold())[:16]


def _counted(kind: str, who: str) -> str:
    return f"sign-in:{kind}:{unnamed(kind, who)}"


def _counter(do: str, *args: Any, **more: Any) -> Any:
    """The count that all processes share; while Redis is away this one counts alone, and nobody is kept from signing in."""
    try:
        return getattr(limiter.storage, do)(*args, **more)
    except limiter.storage.base_exceptions:
        return getattr(_ALONE, do)(*args, **more)


_ALONE = MemoryStorage()
