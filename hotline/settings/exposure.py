"""Settings that are each possible and together a door left open: an installation that others reach does not start with them."""

from __future__ import annotations

import re
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from hotline.i18n import _
from hotline.settings.environment import OidcSetting
from hotline.settings.guessable import COMMON, DRESS, left_over, repeats
from webhooks.fetch import is_at_home, is_this_machine

SHORTEST_SECRET, SHORTEST_PASSWORD, FEWEST_CHARACTERS = 32, 6, 8
_PLACEHOLDERS = (
    "please change this your here key token secret now 密钥 请修改 replace with long random string insert "
    "generate generated example sample value goes very that nobody knows must should will need some "
    "really strong safe secure production hotline"
)
PLACEHOLDERS = frozenset(_PLACEHOLDERS.split())
"""What stands in examples where a secret belongs."""


class Exposed(Protocol):
    """What is asked of the settings."""

    @property
    def mode(self) -> str: ...
    @property
    def demo(self) -> bool: ...
    @property
    def open_demo(self) -> bool: ...
    @property
    def host(self) -> str: ...
    @property
    def public_url(self) -> str: ...
    @property
    def secret_key(self) -> str: ...
    @property
    def redis_url(self) -> str: ...
    @property
    def database_url(self) -> str: ...
    @property
    def owner_url(self) -> str: ...
    @property
    def gateway_url(self) -> str: ...
    @property
    def oidc(self) -> OidcSetting | None: ...


def problems(settings: Exposed) -> list[str]:
    """A sentence for each combination that must not start."""
    found = []
    if len(settings.secret_key) < SHORTEST_SECRET or is_guessable(settings.secret_key):
        found.append(_("SECRET_KEY 至少要 32 个字符，并且不能重复或有规律，请用 openssl rand -hex 32 生成。"))
    if settings.demo and not settings.open_demo and _others_reach(settings):
        found.append(
            _(
                "演示开着，而别的机器也能打开这里：演示用户的密码人人知道。正式运行请设 HOTLINE_DEMO=0；"
                "确实要让别人看演示，请设 HOTLINE_DEMO=open。"
            )
        )
    if settings.public_url and not _is_an_address(settings.public_url):
        found.append(_("PUBLIC_URL 应当是 https:// 或 http:// 开头的网址，只到主机名和端口。"))
    elif _is_in_the_clear(settings):
        found.append(
            _(
                "PUBLIC_URL 是 http:// 开头：密码和市民的话会在网上明文传送。请用 https:// 网址（见 docs/going-live.md 的 nginx 示例）。"
            )
        )
    if _is_open_redis(settings):
        found.append(
            _(
                "REDIS_URL 没有密码：本机或网上的任何程序都能往里写。"
                "请写成 redis://:密码@主机:6379/0 并在 Redis 设置 requirepass，或用 unix:// 套接字。"
            )
        )
    found += _of_places(settings)
    if settings.oidc and not _is_safe_issuer(settings.oidc.issuer):
        found.append(_("OIDC_ISSUER 应当是 https:// 开头的网址：密码以外的一切凭据都经过它。"))
    return found


def _of_places(settings: Exposed) -> list[str]:
    """Databases, Redis and the gateway: passwords that are tried first, one user for both powers, words in the clear."""
    urls = {
        "REDIS_URL": settings.redis_url,
        "DATABASE_URL": settings.database_url,
        "DATABASE_OWNER_URL": settings.owner_url,
    }
    found = [
        _("%(name)s 里的密码太容易被猜到：请换一个，例如用 openssl rand -hex 16 生成。", name=name)
        for name, url in urls.items()
        if settings.mode != "development" and _has_weak_password(url)
    ]
    users = [urlsplit(url).username for url in (settings.database_url, settings.owner_url)]
    if settings.owner_url and users[0] == users[1]:
        found.append(_("DATABASE_OWNER_URL 和 DATABASE_URL 是同一个用户：程序就能关掉日志的保护。请用两个用户。"))
    gateway = urlsplit(settings.gateway_url)
    name = gateway.hostname or ""
    if gateway.scheme == "http" and not (is_this_machine(name) or is_at_home(name)):
        found.append(_("SMS_GATEWAY_URL 是 http:// 开头：号码和短信会在网上明文传送。请用 https:// 网址。"))
    return found


def _has_weak_password(url: str) -> bool:
    told = urlsplit(url)
    secret = unquote(told.password or "".join(parse_qs(told.query).get("password", [])))
    return bool(secret) and (len(secret) < SHORTEST_PASSWORD or secret == told.username or is_guessable(secret))


def is_guessable(key: str) -> bool:
    """Few different characters, the same again and again, or mostly words and runs that anybody would try."""
    plain = key.casefold()
    left = min(left_over(one, set(COMMON) | PLACEHOLDERS) for one in (plain, plain.translate(DRESS)))
    return len(set(plain)) < min(FEWEST_CHARACTERS, len(key) // 3 + 1) or repeats(plain) or left < len(key) // 3


def _others_reach(settings: Exposed) -> bool:
    """Listening for others, or standing behind a proxy under an address of its own."""
    if not is_this_machine(settings.host):
        return True
    named = urlsplit(settings.public_url).hostname or "" if _is_an_address(settings.public_url) else ""
    return bool(named and not is_this_machine(named))


def _is_in_the_clear(settings: Exposed) -> bool:
    """Plain http under a name or address of the world; in the city under any that is not this very machine."""
    address = urlsplit(settings.public_url)
    name = address.hostname or ""
    if address.scheme != "http" or is_this_machine(name):
        return False
    return settings.mode != "development" or not is_at_home(name)


def _is_an_address(url: str) -> bool:
    plain = not re.search(r"[\s\x00-\x1f@\\?#]", url)
    try:
        address, port = urlsplit(url), urlsplit(url).port
    except ValueError:
        return False
    whole = bool(address.hostname) and address.path in ("", "/") and port != 0
    return plain and address.scheme in ("http", "https") and whole


def _is_safe_issuer(url: str) -> bool:
    """Whoever stands between us and the provider could be anybody here; plain http only to this very machine."""
    address = urlsplit(url)
    plain = not re.search(r"[\s\x00-\x1f@\\?#]", url) and bool(address.hostname)
    return plain and (
        address.scheme == "https" or (address.scheme == "http" and is_this_machine(address.hostname or ""))
    )


def _is_open_redis(settings: Exposed) -> bool:
    """A Redis that takes words without a password: in production even this machine's own, for others live here as well."""
    url, address = settings.redis_url, urlsplit(settings.redis_url)
    if not url or address.scheme == "unix":
        return False
    secret = address.password or "".join(parse_qs(address.query).get("password", []))
    alone = settings.mode == "development" and is_this_machine(address.hostname or "localhost")
    return not secret and not alone
