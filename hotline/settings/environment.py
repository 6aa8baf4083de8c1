"""What the variables of the environment say, read word by word; a word that is not understood is told, never skipped."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from hotline.errors import Misconfigured
from hotline.i18n import _
from webhooks.events import EMERGENCY

ROOT = Path(__file__).parents[2]
_HOST = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True)
class PartnerSetting:
    """What an installation says of one source. channel: what its posts count as. town: the town whose page it is.

    media: hosts of its pictures, a leading dot for everything below one. post: where it is told of tickets. private: that
    address may lie in a private network.
    """

    channel: str = ""
    town: str = ""
    media: tuple[str, ...] = ()
    post: str = ""
    private: bool = False


@dataclass(frozen=True)
class ProvinceSetting:
    """The province that this city reports to. url: its address, without a path. name: what the city is called there ("" : its code).

    keys: the city signs with the first and is signed to with any of them. private: the address may lie in a private network.
    """

    url: str
    keys: tuple[str, ...] = field(repr=False)
    name: str = ""
    private: bool = False


@dataclass(frozen=True)
class OidcSetting:
    """The city's identity provider (OpenID Connect). issuer: its address as its tokens spell it.

    login_claim: what names the person's login here. roles_claim: what lists the provider's groups. scope: what is asked for.
    """

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    login_claim: str = "preferred_username"
    roles_claim: str = "groups"
    scope: str = "openid profile"


def oidc_of(env: Mapping[str, str]) -> OidcSetting | None:
    """None where nobody signs in this way. Raises Misconfigured when it is half told."""
    told = {name: env.get(f"OIDC_{name}", "").strip() for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")}
    if not any(told.values()):
        return None
    if lacking := [f"OIDC_{name}" for name, value in told.items() if not value]:
        raise Misconfigured(_("单点登录还缺 %(names)s。", names="、".join(lacking)))
    return OidcSetting(
        told["ISSUER"],
        told["CLIENT_ID"],
        told["CLIENT_SECRET"],
        login_claim=env.get("OIDC_LOGIN_CLAIM") or "preferred_username",
        roles_claim=env.get("OIDC_ROLES_CLAIM") or "groups",
        scope=env.get("OIDC_SCOPE") or "openid profile",
    )


def province_of(env: Mapping[str, str]) -> ProvinceSetting | None:
    """`https://12345.example.cn name=anyang private=1`, with the key in a variable of its own. Raises Misconfigured."""
    told = env.get("HOTLINE_PROVINCE", "").split()
    if not told:
        return None
    facts = dict(word.partition("=")[::2] for word in told[1:])
    private = facts.get("private", "0")
    if set(facts) - {"name", "private"} or private not in ("0", "1") or not is_host(told[0], private == "1"):
        raise Misconfigured(
            _(
                "HOTLINE_PROVINCE 应当写成“https://网址 name=本市代码 private=0”，网址只到主机名和端口，现在是“%(text)s”。",
                text=env["HOTLINE_PROVINCE"][:80],
            )
        )
    keys = words_of(env.get("HOTLINE_PROVINCE_KEY", ""), ",") or ("",)
    return ProvinceSetting(told[0].rstrip("/"), keys, facts.get("name", ""), private == "1")


def is_host(url: str, private: bool) -> bool:
    """An address that can be posted to, of a machine as a whole: no path, no query."""
    return _is_post(url, private) and urlsplit(url).path in ("", "/") and not urlsplit(url).query


def path_of(text: str) -> Path:
    path = Path(text)
    return path if path.is_absolute() else ROOT / path


def number_of(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "") or str(default)
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Misconfigured(_("%(name)s 应当是数字，现在是“%(text)s”。", name=name, text=text))
    return int(text)


def switch_of(env: Mapping[str, str], name: str, default: bool) -> bool:
    said = env.get(name) or ("1" if default else "0")
    if said not in ("0", "1"):
        raise Misconfigured(_("%(name)s 只能是 0 或 1，现在是“%(text)s”。", name=name, text=said[:20]))
    return said == "1"


def words_of(text: str, between: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(between) if part.strip())


WIDEST = {4: 8, 6: 16}
"""10.0.0.0/8 is the largest network that anybody has to themselves; the world in two halves is the whole world."""


def networks_of(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Raises Misconfigured for what is no address and no network, and for a part of the world that is nobody's own."""
    found = words_of(env.get(name, ""), ",")
    for one in found:
        try:
            network = ipaddress.ip_network(one)
            wide = network.prefixlen < WIDEST[network.version]
        except ValueError:
            wide = True
        if wide:
            raise Misconfigured(
                _("%(name)s 应当是地址或网段，多个用逗号隔开，现在有“%(part)s”。", name=name, part=one[:40])
            )
    return found


def pairs_of(env: Mapping[str, str], name: str) -> dict[str, str]:
    """`survey=SMS_1;accepted=SMS_2`. Raises Misconfigured for a part that is no pair."""
    found = {}
    for part in words_of(env.get(name, ""), ";"):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not (key and equals and value):
            raise Misconfigured(_("%(name)s 应当写成 代码=值;代码=值，现在有“%(part)s”。", name=name, part=part))
        found[key] = value
    return found


def prices_of(env: Mapping[str, str]) -> dict[str, float]:
    found = pairs_of(env, "SMS_PRICES")
    if wrong := [price for price in found.values() if not re.fullmatch(r"\d+(\.\d+)?", price)]:
        raise Misconfigured(_("%(name)s 应当是数字，现在是“%(text)s”。", name="SMS_PRICES", text=wrong[0]))
    return {name: float(price) for name, price in found.items()}


def partners_of(text: str) -> dict[str, PartnerSetting]:
    """`anzhengtong channel=town town=wenfeng-dongguan media=img.azt.gov.cn,.azt-cdn.cn; weibo channel=weibo post=https://…`.

    Raises Misconfigured: a word that is not understood would else be a fact that nobody reads.
    """
    found: dict[str, PartnerSetting] = {}
    for part in filter(None, (part.strip() for part in text.replace("；", ";").split(";"))):
        name, *words = part.split()
        facts = dict(word.partition("=")[::2] for word in words)
        hosts = tuple(host.strip().lower() for host in facts.pop("media", "").split(",") if host.strip())
        private, post = facts.pop("private", "0"), facts.get("post", "")
        wrong = (
            set(facts) - {"channel", "town", "post"}
            or "=" in name
            or name in found
            or not all(map(_HOST.fullmatch, hosts))
            or private not in ("0", "1")
            or (post and not _is_post(post, private == "1"))
        )
        if wrong:
            raise Misconfigured(
                _(
                    "PARTNERS 应当写成“名称 channel=渠道 town=乡镇 media=网站,网站 post=https://网址 private=0; …”，现在有“%(part)s”。",
                    part=part[:80],
                )
            )
        found[name] = PartnerSetting(media=hosts, private=private == "1", **facts)
    return found


def _is_post(url: str, private: bool) -> bool:
    """An address that can be posted to: https, or plain http inside a private network; no password in it."""
    told = urlsplit(url)
    kinds = ("https", "http") if private else ("https",)
    return told.scheme in kinds and bool(told.hostname) and "@" not in told.netloc and not told.fragment


def partner_keys_of(text: str) -> dict[str, tuple[str, ...]]:
    """`town=key1,key2;weibo=key3`: several keys of one partner let a key be changed without a gap."""
    pairs = (part.split("=", 1) for part in text.split(";") if "=" in part)
    return {name.strip(): tuple(k.strip() for k in keys.split(",") if k.strip()) for name, keys in pairs}


def emergency_numbers_of(text: str) -> dict[str, str]:
    """`110=0372110;119=0372119`: what is dialled for each. Raises Misconfigured: a wrong one costs lives."""
    found = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _equals, number = (piece.strip() for piece in part.partition("="))
        if name not in EMERGENCY or not (number.removeprefix("+").isdigit() and number.isascii()):
            raise Misconfigured(
                _(
                    "EMERGENCY_NUMBERS 应当写成 110=号码;119=号码（可用 110、119、120、122），现在有“%(part)s”。",
                    part=part,
                )
            )
        found[name] = number
    return found
