"""Settings that are a door left open together do not start, and say why."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.errors import Misconfigured
from hotline.settings import read_settings

KEY = "0f2c9b7d41e68a35c3d9b7d41e68a35f"
CITY = {
    "HOTLINE_MODE": "production",
    "DATABASE_URL": "postgresql://x/y",
    "REDIS_URL": "redis://:geheim@cache/0",
    "SECRET_KEY": KEY,
    "PUBLIC_URL": "https://12345.example",
}


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
    ],
)
def test_an_unsafe_installation_does_not_start_and_says_why(told: dict[str, str], word: str, tmp_path: Path) -> None:
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
        {**CITY, "REDIS_URL": "redis://127.0.0.1:6379/0"},
        {**CITY, "REDIS_URL": "unix:///run/redis.sock"},
        {**CITY, "PUBLIC_URL": "http://127.0.0.1:8000", "HOTLINE_DEMO": "1"},
    ],
)
def test_a_safe_one_starts(told: dict[str, str], tmp_path: Path) -> None:
    assert read_settings({"HOTLINE_VAR": str(tmp_path), **told})
