"""What an installation is told from outside: the environment, read once, complete or refused."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from hotline.errors import Misconfigured
from hotline.i18n import _
from hotline.settings import exposure
from hotline.settings.environment import (
    ROOT,
    OidcSetting,
    PartnerSetting,
    ProvinceSetting,
    emergency_numbers_of,
    networks_of,
    number_of,
    oidc_of,
    pairs_of,
    partner_keys_of,
    partners_of,
    path_of,
    prices_of,
    province_of,
    switch_of,
    words_of,
)
from webhooks import clamd
from webhooks.signature import SHORTEST_KEY

SENDERS = ("gateway", "twilio")
DEMO = ("0", "1", "open")
DEVELOPMENT, PRODUCTION = "development", "production"
MODES = (DEVELOPMENT, PRODUCTION)
FORMER_MODES = {"laptop": DEVELOPMENT, "city": PRODUCTION}
ADDRESSES = (
    *("PUBLIC_URL", "DATABASE_URL", "DATABASE_OWNER_URL", "HOTLINE_STANDBY", "REDIS_URL"),
    *("SMTP_URL", "IMAP_URL", "SMS_GATEWAY_URL", "OIDC_ISSUER"),
)
MOVED = "moved_to"
"""The file in a folder from which a city has moved; it names the new one."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """One installation. mode: development (everything in one process on SQLite) or production (PostgreSQL, Redis, several processes)."""

    mode: str = DEVELOPMENT
    city_dir: Path = ROOT / "hotline" / "city" / "anyang"
    var: Path = ROOT / "var"
    demo: bool = True
    open_demo: bool = False
    demo_said: str = "1"
    second_factor: bool = False
    oidc: OidcSetting | None = None
    export_alone: int = 1000
    database_url: str = ""
    owner_url: str = field(default="", repr=False)
    redis_url: str = ""
    secret_key: str = ""
    public_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    threads: int = 64
    twilio_account_sid: str = ""
    twilio_auth_token: str = ""
    twilio_from: str = ""
    gateway_url: str = ""
    gateway_account: str = ""
    gateway_keys: tuple[str, ...] = field(default=(), repr=False)
    gateway_signature: str = ""
    gateway_templates: Mapping[str, str] = field(default_factory=dict)
    sms_rank: tuple[str, ...] = ("gateway", "twilio")
    prices: Mapping[str, float] = field(default_factory=dict)
    emergency_numbers: Mapping[str, str] = field(default_factory=dict)
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    imap_url: str = field(default="", repr=False)
    metrics_token: str = ""
    proxies: tuple[str, ...] = ()
    partner_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    partners: Mapping[str, PartnerSetting] = field(default_factory=dict)
    province: ProvinceSetting | None = None
    heads_copy: Path | None = None
    heads_mail: tuple[str, ...] = ()
    backups: Path | None = None
    backup_days: int = 30
    backup_key_at: Path | None = None
    master_key_at: Path | None = None
    map_tiles: Path | None = None
    attachments_at: Path | None = None
    second_place: Path | None = None
    clamd: str = ""
    standby_url: str = field(default="", repr=False)
    standby_behind_mb: int = 16
    testing: bool = False

    @property
    def development(self) -> bool:
        return self.mode == DEVELOPMENT

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.lower().startswith("https://")

    @property
    def senders(self) -> tuple[str, ...]:
        """Who can send texts here, by rank; nobody: they are only logged."""
        able = {"gateway": bool(self.gateway_url), "twilio": bool(self.twilio_account_sid)}
        return tuple(name for name in self.sms_rank if able.get(name))

    @property
    def attachments(self) -> Path:
        return self.attachments_at or self.var / "attachments"

    @property
    def file_places(self) -> tuple[Path, ...]:
        """Every folder that holds attachments: what is erased goes from all."""
        return (self.attachments, self.second_place) if self.second_place is not None else (self.attachments,)

    @property
    def backup_key(self) -> Path:
        """The file of the key with which backups are sealed."""
        return self.backup_key_at or self.var / "backup_key"

    @property
    def master_key(self) -> Path:
        """The file of the key that opens what is hidden in the database."""
        return self.master_key_at or self.var / "master_key"

    @property
    def makes_own_keys(self) -> bool:
        """On one machine, and where the city is only played, the first start makes the master key."""
        return self.development or self.demo

    @property
    def models(self) -> Path:
        return self.var / "models"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises Misconfigured with one sentence per thing that is missing or wrong."""
    env = os.environ if environ is None else environ
    _check_addresses(env)
    mode = _mode(env.get("HOTLINE_MODE", DEVELOPMENT))
    var = path_of(env.get("HOTLINE_VAR", "var"))
    alone = mode == DEVELOPMENT
    settings = Settings(
        mode=mode,
        city_dir=path_of(env.get("HOTLINE_CITY", "hotline/city/anyang")),
        var=var,
        demo=(demo := env.get("HOTLINE_DEMO") or ("1" if alone else "0")) in ("1", "open"),
        open_demo=demo == "open",
        demo_said=demo,
        export_alone=number_of(env, "HOTLINE_EXPORT_ALONE", 1000),
        second_factor=switch_of(env, "HOTLINE_SECOND_FACTOR", not alone and demo == "0"),
        oidc=oidc_of(env),
        database_url=_database(env.get("DATABASE_URL", f"sqlite:///{var / 'hotline.db'}" if alone else "")),
        standby_url=env.get("HOTLINE_STANDBY", ""),
        standby_behind_mb=number_of(env, "HOTLINE_STANDBY_BEHIND_MB", 16),
        owner_url=env.get("DATABASE_OWNER_URL", ""),
        redis_url=env.get("REDIS_URL", ""),
        secret_key=env.get("SECRET_KEY") or (kept_secret(var, "secret_key") if alone else ""),
        public_url=(env.get("PUBLIC_URL") or (_own_address(env) if alone else "")).rstrip("/"),
        host=env.get("HOTLINE_HOST", "127.0.0.1"),
        port=number_of(env, "HOTLINE_PORT", 8000),
        workers=number_of(env, "HOTLINE_WORKERS", 1 if alone else 2),
        threads=number_of(env, "HOTLINE_THREADS", 64 if alone else 128),
        twilio_account_sid=env.get("TWILIO_ACCOUNT_SID", ""),
        twilio_auth_token=env.get("TWILIO_AUTH_TOKEN") or (kept_secret(var, "phone_token") if alone else ""),
        twilio_from=env.get("TWILIO_FROM", ""),
        gateway_url=env.get("SMS_GATEWAY_URL", "").rstrip("/"),
        gateway_account=env.get("SMS_GATEWAY_ACCOUNT", ""),
        gateway_keys=words_of(env.get("SMS_GATEWAY_KEY", ""), ","),
        gateway_signature=env.get("SMS_GATEWAY_SIGNATURE", "").strip("【】 "),
        gateway_templates=pairs_of(env, "SMS_GATEWAY_TEMPLATES"),
        sms_rank=words_of(env.get("SMS_RANK") or "gateway,twilio", ","),
        prices=prices_of(env),
        emergency_numbers=emergency_numbers_of(env.get("EMERGENCY_NUMBERS", "")),
        smtp_url=env.get("SMTP_URL", ""),
        mail_from=env.get("MAIL_FROM", ""),
        imap_url=env.get("IMAP_URL", ""),
        metrics_token=env.get("HOTLINE_METRICS_TOKEN", ""),
        proxies=networks_of(env, "HOTLINE_PROXIES"),
        map_tiles=path_of(env["HOTLINE_MAP_TILES"]) if env.get("HOTLINE_MAP_TILES") else None,
        second_place=path_of(env["HOTLINE_SECOND_PLACE"]) if env.get("HOTLINE_SECOND_PLACE") else None,
        clamd=env.get("HOTLINE_CLAMD", "").strip(),
        partner_keys=partner_keys_of(env.get("PARTNER_KEYS", "")),
        partners=partners_of(env.get("PARTNERS", "")),
        province=province_of(env),
        heads_copy=path_of(env["HOTLINE_HEADS_COPY"]) if env.get("HOTLINE_HEADS_COPY") else None,
        heads_mail=words_of(env.get("HOTLINE_HEADS_MAIL", ""), ","),
        backups=path_of(env["HOTLINE_BACKUPS"]) if env.get("HOTLINE_BACKUPS") else None,
        backup_days=number_of(env, "HOTLINE_BACKUP_DAYS", 30),
        backup_key_at=path_of(env["HOTLINE_BACKUP_KEY"]) if env.get("HOTLINE_BACKUP_KEY") else None,
        master_key_at=path_of(env["HOTLINE_MASTER_KEY"]) if env.get("HOTLINE_MASTER_KEY") else None,
    )
    problems = _problems(settings)
    if problems:
        raise Misconfigured("\n".join(problems))
    return settings


def _check_addresses(env: Mapping[str, str]) -> None:
    """What cannot be read as an address at all is told by its name."""
    for name in ADDRESSES:
        try:
            urlsplit(env.get(name, ""))
        except ValueError:
            raise Misconfigured(_("%(name)s 不是一个网址。", name=name)) from None
    if "/" in env.get("HOTLINE_HOST", ""):
        raise Misconfigured(_("%(name)s 不是一个监听地址。", name="HOTLINE_HOST"))


@cache
def _mode(told: str) -> str:
    """The mode by its present name; a former one still works, and says the present one once."""
    now = FORMER_MODES.get(told, told)
    if now != told:
        log.warning("HOTLINE_MODE=%s is called %s now", told, now)
    return now


def _problems(settings: Settings) -> list[str]:
    """Everything that keeps this installation from starting, as sentences."""
    found = []
    if settings.mode not in MODES:
        found.append(_("HOTLINE_MODE 只能是 development 或 production，现在是“%(mode)s”。", mode=settings.mode))
    if settings.demo_said not in DEMO:
        found.append(_("HOTLINE_DEMO 只能是 0、1 或 open，现在是“%(said)s”。", said=settings.demo_said))
    if not settings.city_dir.is_dir():
        found.append(_("HOTLINE_CITY 指向的文件夹不存在：%(path)s", path=settings.city_dir))
    if (moved := settings.var / MOVED).exists():
        found.append(_("这个城市已经搬到 %(place)s，请在那里启动；这里的数据是旧的。", place=moved.read_text().strip()))
    if settings.clamd and not clamd.is_address(settings.clamd):
        found.append(
            _("HOTLINE_CLAMD 应当是 /…/clamd.ctl 或 tcp://主机:端口，现在是“%(text)s”。", text=settings.clamd[:80])
        )
    if settings.standby_url and not settings.standby_url.startswith("postgresql"):
        found.append(_("HOTLINE_STANDBY 应当是 postgresql:// 开头的地址。"))
    if settings.second_place is not None and settings.second_place.is_relative_to(settings.attachments):
        found.append(_("HOTLINE_SECOND_PLACE 不能在附件的第一处存放里面。"))
    found += exposure.problems(settings)
    found += _sender_problems(settings)
    if settings.mode == PRODUCTION:
        found += _production_problems(settings)
    return found


def _sender_problems(settings: Settings) -> list[str]:
    """A gateway that is half told, an order that names nobody we know, and keys that anybody could guess."""
    found = []
    if settings.smtp_url and urlsplit(settings.smtp_url).scheme not in ("smtp", "smtps"):
        found.append(_("SMTP_URL 应以 smtp:// 或 smtps:// 开头。"))
    if settings.imap_url and urlsplit(settings.imap_url).scheme not in ("imap", "imaps"):
        found.append(_("IMAP_URL 应以 imap:// 或 imaps:// 开头。"))
    if settings.imap_url and not (settings.smtp_url and settings.mail_from):
        found.append(_("设置了 IMAP_URL，还需要 SMTP_URL 和 MAIL_FROM，才能给来信的市民回信。"))
    if settings.gateway_url and not (settings.gateway_account and settings.gateway_keys):
        found.append(_("设置了 SMS_GATEWAY_URL，还需要 SMS_GATEWAY_ACCOUNT 和 SMS_GATEWAY_KEY。"))
    if settings.gateway_url and urlsplit(settings.gateway_url).scheme not in ("http", "https"):
        found.append(_("SMS_GATEWAY_URL 应当是 http:// 或 https:// 开头的网址。"))
    if unknown := [name for name in settings.sms_rank if name not in SENDERS]:
        found.append(_("SMS_RANK 只能用 gateway 和 twilio，现在有“%(name)s”。", name=unknown[0]))
    keys = {
        "SMS_GATEWAY_KEY": settings.gateway_keys,
        "TWILIO_AUTH_TOKEN": tuple(filter(None, (settings.twilio_auth_token,))),
        "HOTLINE_METRICS_TOKEN": tuple(filter(None, (settings.metrics_token,))),
        "PARTNER_KEYS": tuple(key for of_one in settings.partner_keys.values() for key in of_one),
        "HOTLINE_PROVINCE_KEY": settings.province.keys if settings.province is not None else (),
    }
    return found + [
        _("%(name)s 里的密钥至少要 %(least)d 个字符，并且不能重复或有规律。", name=name, least=SHORTEST_KEY)
        for name, given in keys.items()
        if any(len(key) < SHORTEST_KEY or exposure.is_guessable(key) for key in given)
    ]


def _production_problems(settings: Settings) -> list[str]:
    found = []
    if not settings.database_url.startswith("postgresql"):
        found.append(_("正式运行需要 PostgreSQL：请设置 DATABASE_URL=postgresql://…"))
    if not settings.redis_url:
        found.append(_("正式运行需要 Redis：请设置 REDIS_URL=redis://…"))
    if not settings.public_url:
        found.append(_("请设置 PUBLIC_URL，即市民看到的网址。"))
    if settings.twilio_account_sid and not (settings.twilio_auth_token and settings.twilio_from):
        found.append(_("设置了 TWILIO_ACCOUNT_SID，还需要 TWILIO_AUTH_TOKEN 和 TWILIO_FROM。"))
    return found


def _database(url: str) -> str:
    """Of several addresses the one that writes."""
    if url.count("host=") < 2:
        return url
    from models.store.hosts import to_the_writing_one

    return to_the_writing_one(url)


def _own_address(env: Mapping[str, str]) -> str:
    """Where a browser on this machine finds us; who listens everywhere is found at home."""
    host, port = env.get("HOTLINE_HOST", "") or "127.0.0.1", number_of(env, "HOTLINE_PORT", 8000)
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def kept_secret(var: Path, name: str) -> str:
    """A secret made on the first start and kept in a file that only its owner may read."""
    path = var / name
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()
