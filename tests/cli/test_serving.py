"""The start says how to get in once it is open, and a second one on a busy port says so in a sentence and ends."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from jinja2 import DictLoader, Environment, FileSystemBytecodeCache

from hotline.app import CompiledTemplates
from hotline.cli import serving
from hotline.cli.main import ROOMS
from hotline.cli.setup import migrate_database
from hotline.errors import Misconfigured
from hotline.settings import ROOT, Settings, read_settings
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


def test_each_command_is_found_in_its_room() -> None:
    for room, names in ROOMS.items():
        assert tuple(one.name for one in import_module(f"hotline.cli.{room}").COMMANDS) == names


def test_what_watches_over_the_start_holds_nothing_of_the_program() -> None:
    """A single process on SQLite is watched by another, which is there for the whole day."""
    heavy = "{'sqlalchemy', 'flask', 'models', 'classifier', 'numpy', 'pydantic', 'argon2'}"
    script = (
        f"import sys\nfrom hotline.cli.main import cli, ROOMS\ncli.get_command(None, 'run')\nimport hotline.cli.gunicorn_conf, gunicorn.workers.gthread\n"
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


def start(tmp_path: Path, **told: str) -> subprocess.Popen[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "HOTLINE_VAR": str(tmp_path), "HOTLINE_PORT": str(port), "HOTLINE_DEMO": "0", **told}
    command = [sys.executable, "-u", "-m", "hotline", "run"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, cwd=ROOT)


@pytest.mark.slow
def test_a_start_says_how_to_get_in_when_it_serves_and_ends_when_told(tmp_path: Path) -> None:
    running = start(tmp_path)
    assert running.stdout is not None
    said = next(line for line in running.stdout if "/login" in line)
    address = next(word for word in said.replace("：", " ").split() if word.startswith("http")).split("\u3000")[0]
    assert urlopen(address, timeout=60).status == 200
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 0


@pytest.mark.slow
def test_tables_that_lost_a_column_are_named_behind_the_first_page(tmp_path: Path) -> None:
    """A start that changes no table does not wait for the comparison; it tells what it finds."""
    settings = Settings(var=tmp_path, database_url=f"sqlite:///{tmp_path / 'hotline.db'}")
    migrate_database(settings)
    with sqlite3.connect(tmp_path / "hotline.db") as database:
        database.execute("ALTER TABLE ticket DROP COLUMN urges")
    assert migrate_database(settings, compare=False) == "数据库已是最新。"
    with pytest.raises(Misconfigured, match="urges"):
        migrate_database(settings)
    running = start(tmp_path)
    assert running.stderr is not None
    assert next(line for line in running.stderr if "ticket.urges" in line)
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 0


def test_templates_are_compiled_once_for_all_starts(tmp_path: Path) -> None:
    def page(source: str) -> str:
        made = Environment(bytecode_cache=CompiledTemplates(tmp_path), loader=DictLoader({"page": source}))
        return made.get_template("page").render()

    assert page("一") == "一"
    first = {kept: kept.stat().st_mtime_ns for kept in (tmp_path / "templates").iterdir()}
    assert page("一") == "一"
    assert {kept: kept.stat().st_mtime_ns for kept in (tmp_path / "templates").iterdir()} == first
    assert page("二") == "二", "a changed template is compiled anew"


def test_a_full_disk_keeps_nobody_from_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_what: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemBytecodeCache, "dump_bytecode", full)
    made = Environment(bytecode_cache=CompiledTemplates(tmp_path), loader=DictLoader({"page": "一"}))
    assert made.get_template("page").render() == "一"


@pytest.mark.slow
def test_what_hinders_a_start_is_a_sentence_and_its_end(tmp_path: Path) -> None:
    city = tmp_path / "city"
    shutil.copytree(ROOT / "hotline" / "city" / "anyang", city)
    (city / "city.yaml").write_text("name: [\n", "utf-8")
    _told, trouble = (running := start(tmp_path / "var", HOTLINE_CITY=str(city))).communicate(timeout=120)
    assert running.returncode not in (0, None) and "city.yaml" in trouble and "Traceback" not in trouble
