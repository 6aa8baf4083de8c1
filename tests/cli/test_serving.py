"""The start says how to get in once it is open, and a second one on a busy port says so in a sentence and ends."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from click.testing import CliRunner

from hotline.cli import serving
from hotline.errors import Misconfigured
from hotline.settings import Settings, read_settings
from hotline.staff.sign_in.passwords import DEMO_PASSWORD


@pytest.fixture
def busy() -> int:
    """A port that somebody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_busy_port_is_one_sentence_before_anything_happens(busy: int, host: str) -> None:
    with pytest.raises(Misconfigured) as said:
        serving.need_free_port(Settings(host=host, port=busy))
    assert str(busy) in str(said.value) and "HOTLINE_PORT=" in str(said.value)
    assert len(str(said.value).splitlines()) == 1


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_second_start_announces_nothing_and_touches_no_database(
    busy: int, command: str, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    """Found at the desks: X3."""
    for name, value in {"HOTLINE_PORT": str(busy), "HOTLINE_VAR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    found = CliRunner().invoke({one.name: one for one in serving.COMMANDS}[command])
    assert found.exit_code != 0 and isinstance(found.exception, Misconfigured)
    assert "/login" not in found.output and not list(tmp_path.glob("hotline.db*"))


def test_an_address_that_is_not_ours_is_another_sentence() -> None:
    with pytest.raises(Misconfigured, match=r"203\.0"):
        serving.need_free_port(Settings(host="203.0.113.9", port=18999))


def test_a_free_port_is_left_free(busy: int) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    serving.need_free_port(Settings(port=port))
    serving.need_free_port(Settings(port=port))


@pytest.mark.parametrize(
    ("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("10.1.2.3", "10.1.2.3")]
)
def test_the_start_says_in_both_languages_where_to_sign_in_and_with_what(host: str, shown: str) -> None:
    """Found at the desks: X1."""
    said = "\n".join(serving.how_to_get_in(Settings(host=host, port=9000, demo=True)))
    assert said.count(f"http://{shown}:9000/login") == 2
    assert said.count("demo-agent") == said.count(DEMO_PASSWORD) == 2
    assert "工作人员登录" in said and "Staff sign-in" in said
    assert "demo-agent" not in "\n".join(serving.how_to_get_in(replace(Settings(), demo=False)))


@pytest.mark.parametrize("port", ["8001", "9000", "18080"])
def test_links_in_texts_follow_the_port(port: str) -> None:
    """One fact in one setting; a public address that is set still wins. Found at the desks: X2."""
    assert read_settings({"HOTLINE_PORT": port}).public_url == f"http://127.0.0.1:{port}"
    told = {"HOTLINE_PORT": port, "PUBLIC_URL": "https://12345.example.cn", "HOTLINE_DEMO": "0"}
    assert read_settings(told).public_url == "https://12345.example.cn"
