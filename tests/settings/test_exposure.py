"""Settings that are a door left open together do not start, and say why."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex, token_urlsafe

import pytest

from hotline.errors import Misconfigured
from hotline.settings import read_settings
from hotline.settings.exposure import is_guessable

KEY = "0f2c9b7d41e68a35c3d9b7d41e68a35f"
CITY = {
    "HOTLINE_MODE": "production",
    "DATABASE_URL": "postgresql://x/y",
    "REDIS_URL": "redis://:geheim@cache/0",
    "SECRET_KEY": KEY,
    "PUBLIC_URL": "https://12345.example",
}

GATEWAY = {"SMS_GATEWAY_ACCOUNT": "city", "SMS_GATEWAY_KEY": "Zk49vbTq1mX7pLw2"}


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"HOTLINE_HOST": "0.0.0.0"}, "演示"),
        ({"HOTLINE_HOST": "::"}, "演示"),
        ({"PUBLIC_URL": "https://12345.example"}, "演示"),
        ({"PUBLIC_URL": "http://12345.example", "HOTLINE_DEMO": "0"}, "明文"),
        ({"PUBLIC_URL": "http://8.8.8.8", "HOTLINE_DEMO": "0"}, "明文"),
        ({**CITY, "HOTLINE_DEMO": "1"}, "演示"),
        ({**CITY, "PUBLIC_URL": "http://10.1.2.3"}, "明文"),
        ({**CITY, "PUBLIC_URL": "http://127.0.0.1.example"}, "明文"),
        ({**CITY, "SECRET_KEY": "a" * 32}, "SECRET_KEY"),
        ({**CITY, "SECRET_KEY": "0123456789abcdef" * 3}, "SECRET_KEY"),
        ({**CITY, "SECRET_KEY": "short"}, "SECRET_KEY"),
        ({**CITY, "REDIS_URL": "redis://cache:6379/0"}, "REDIS_URL"),
        ({**CITY, "REDIS_URL": "rediss://user@10.0.0.5/0"}, "REDIS_URL"),
        ({**CITY, "REDIS_URL": "redis://127.0.0.1:6379/0"}, "REDIS_URL"),
        ({**CITY, "REDIS_URL": "redis://:@localhost/0"}, "REDIS_URL"),
        ({**CITY, "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789"}, "SECRET_KEY"),
        ({**CITY, "SECRET_KEY": "please-change-this-secret-key-now-1234"}, "SECRET_KEY"),
        ({**CITY, "SECRET_KEY": "anyang12345-hotline-secret-key-2026!!"}, "SECRET_KEY"),
        ({**CITY, "SECRET_KEY": "qwertyuiopasdfghjklzxcvbnm1234567890"}, "SECRET_KEY"),
        ({**CITY, "PUBLIC_URL": "12345.example"}, "PUBLIC_URL"),
        ({**CITY, "PUBLIC_URL": "ftp://12345.example"}, "PUBLIC_URL"),
        ({**CITY, "PUBLIC_URL": "https://user@12345.example"}, "PUBLIC_URL"),
        ({**CITY, "PUBLIC_URL": "HTTP://12345.example"}, "明文"),
        ({**CITY, "PARTNER_KEYS": "town=" + "a" * 20}, "PARTNER_KEYS"),
        ({**CITY, "PARTNER_KEYS": "town=abcdefghijklmnop1234"}, "PARTNER_KEYS"),
        ({**CITY, "HOTLINE_METRICS_TOKEN": "password12345678"}, "HOTLINE_METRICS_TOKEN"),
        ({**CITY, "HOTLINE_METRICS_TOKEN": "short"}, "HOTLINE_METRICS_TOKEN"),
        ({**CITY, "REDIS_URL": "redis://:123456@cache/0"}, "REDIS_URL"),
        ({**CITY, "REDIS_URL": "redis://:foobared@cache/0"}, "REDIS_URL"),
        ({**CITY, "REDIS_URL": "redis://cache/0?password=redis"}, "REDIS_URL"),
        ({**CITY, "SECRET_KEY": "django-insecure-change-me-in-production!"}, "SECRET_KEY"),
        ({**CITY, "HOTLINE_METRICS_TOKEN": "metricsmetrics12345"}, "HOTLINE_METRICS_TOKEN"),
        ({**CITY, "DATABASE_URL": "postgresql://hotline:hotline@db/hotline"}, "DATABASE_URL"),
        ({**CITY, "DATABASE_URL": "postgresql://x:postgres@db/hotline"}, "DATABASE_URL"),
        ({**CITY, "DATABASE_OWNER_URL": "postgresql://owner:12345678@db/hotline"}, "DATABASE_OWNER_URL"),
        (
            {**CITY, "DATABASE_OWNER_URL": "postgresql://x@y/hotline", "DATABASE_URL": "postgresql://x@y/hotline"},
            "DATABASE_OWNER_URL",
        ),
        ({**CITY, **GATEWAY, "SMS_GATEWAY_URL": "http://sms.example.cn/send"}, "SMS_GATEWAY_URL"),
        ({**CITY, **GATEWAY, "SMS_GATEWAY_URL": "http://8.8.8.8"}, "SMS_GATEWAY_URL"),
        ({"HOTLINE_HOST": "unix:/run/hotline"}, "HOTLINE_HOST"),
        ({**CITY, "PUBLIC_URL": "https://[::1"}, "PUBLIC_URL"),
        ({**CITY, "PUBLIC_URL": "https://12345.example?a"}, "PUBLIC_URL"),
        ({**CITY, "PUBLIC_URL": "https://12345.example#a"}, "PUBLIC_URL"),
        ({**CITY, "PUBLIC_URL": "https://12345.example:99999"}, "PUBLIC_URL"),
        ({**CITY, "REDIS_URL": "redis://:%20@cache/0"}, "REDIS_URL"),
        ({**CITY, "REDIS_URL": "redis://:x9@cache/0"}, "REDIS_URL"),
        ({**CITY, "SECRET_KEY": "replace-me-with-a-long-random-string"}, "SECRET_KEY"),
        ({**CITY, "SECRET_KEY": "thisisaverysecretkeythatnobodyknows"}, "SECRET_KEY"),
        ({"HOTLINE_HOST": "[::]"}, "演示"),
        ({**CITY, "REDIS_URL": "redis://[::1"}, "REDIS_URL"),
        ({"HOTLINE_DEMO": "ture"}, "HOTLINE_DEMO"),
        ({**CITY, "HOTLINE_DEMO": "open", "HOTLINE_HOST": "0.0.0.0", "PUBLIC_URL": "http://0.0.0.0"}, "明文"),
    ],
)
def test_an_unsafe_installation_does_not_start_and_says_why(told: dict[str, str], word: str, tmp_path: Path) -> None:
    """V1, V9."""
    with pytest.raises(Misconfigured, match=word):
        read_settings({"HOTLINE_VAR": str(tmp_path), **told})


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"HOTLINE_HOST": "0.0.0.0", "HOTLINE_DEMO": "open"},
        {"HOTLINE_HOST": "0.0.0.0", "HOTLINE_DEMO": "0"},
        {"HOTLINE_HOST": "::1"},
        {"PUBLIC_URL": "http://localhost:8000"},
        CITY,
        {"REDIS_URL": "redis://127.0.0.1:6379/0"},
        {**CITY, "REDIS_URL": "redis://:geheim@127.0.0.1:6379/0"},
        {**CITY, "REDIS_URL": "redis://127.0.0.1:6379/0?password=geheim"},
        {**CITY, "REDIS_URL": "unix:///run/redis.sock"},
        {**CITY, "DATABASE_OWNER_URL": "postgresql://owner@y/hotline", "DATABASE_URL": "postgresql://x@y/hotline"},
        {**CITY, "DATABASE_URL": "postgresql://x:0f2c9b7d41e68a35@y/hotline"},
        {**CITY, **GATEWAY, "SMS_GATEWAY_URL": "http://10.2.3.4:8080"},
        {**CITY, "PUBLIC_URL": "http://127.0.0.1:8000", "HOTLINE_DEMO": "1"},
    ],
)
def test_a_safe_one_starts(told: dict[str, str], tmp_path: Path) -> None:
    assert read_settings({"HOTLINE_VAR": str(tmp_path), **told})


def test_a_key_by_chance_is_never_called_guessable() -> None:
    keys = [
        make() for make in (lambda: token_hex(16), lambda: token_hex(32), lambda: token_urlsafe(24)) for _ in range(200)
    ]
    assert [key for key in keys if is_guessable(key)] == []


def test_cookies_are_for_https_however_it_is_written(tmp_path: Path) -> None:
    assert read_settings({"HOTLINE_VAR": str(tmp_path), **CITY, "PUBLIC_URL": "HTTPS://12345.example"}).secure_cookies
