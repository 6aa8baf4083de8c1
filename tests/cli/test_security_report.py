"""The report an auditor reads, files that are the program's own, and examples that people copy whole (V10, V28)."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.installation import Installation
from hotline.keys.master_key import masters, write
from hotline.staff.security_state import state_of
from models.keys.key_ring import fingerprint
from tests.support.life import Life
from tests.support.make import make_staff
from tests.support.repository import ROOT

DEPLOY = ROOT / "docs" / "deploy"
HEADERS = {"Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"}


def run(var: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "HOTLINE_VAR": str(var), "HOTLINE_DEMO": "0"}
    return subprocess.run(
        [sys.executable, "-m", "hotline", *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def open_to_others(folder: Path) -> list[str]:
    return [str(path) for path in (folder, *folder.rglob("*")) if path.lstat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]


def test_what_the_program_writes_is_its_user_s_alone(tmp_path: Path) -> None:
    """V10: under the widest mask a shell may have, and for what an earlier release left open."""
    var = tmp_path / "var"
    var.mkdir(mode=0o755)
    old = os.umask(0)
    try:
        assert run(var, "migrate").returncode == 0
        assert open_to_others(var) == []
        (var / "hotline.db").chmod(0o644)
        (var / "attachments").chmod(0o755)
        assert run(var, "migrate").returncode == 0
        assert run(var, "city", "load").returncode == 0
        said = run(var, "security", "report")
    finally:
        os.umask(old)
    assert open_to_others(var) == []
    assert said.returncode == 1 and "好\t数据文件只有程序能读" in said.stdout and "薄弱\t系统管理员：—" in said.stdout


def test_the_report_names_what_is_weak(installation: Installation, life: Life) -> None:
    make_staff(life.db, "both", "兼", "administrator", "head")
    life.db.commit()
    lines = {line.what: line.state for line in state_of(installation)}
    assert lines["兼任管理员或审计员：both"] == "weak"
    assert lines["不要求手机验证码（HOTLINE_SECOND_FACTOR）"] == "weak"
    assert lines["没有遗留的演示用户"] == "good"


def test_the_report_looks_wherever_the_settings_put_keys_and_files(
    installation: Installation, life: Life, tmp_path: Path
) -> None:
    """V10: what lies outside the data folder lies open as easily."""
    life.db.close()
    places = {"backup_key_at": tmp_path / "key", "backups": tmp_path / "backups", "second_place": tmp_path / "second"}
    places["backup_key_at"].write_text("k")
    for name in ("backups", "second_place"):
        (places[name] / "inner").mkdir(parents=True)
        places[name].chmod(0o700)
        (places[name] / "inner").chmod(0o750)
    installation.settings.var.mkdir(exist_ok=True)
    installation.settings = replace(installation.settings, **places)
    (open_ones,) = [line for line in state_of(installation) if line.what.startswith("别的用户能读")]
    assert open_ones.state == "weak"
    assert all(str(tmp_path / one) in open_ones.what for one in ("key", "backups/inner", "second/inner"))


def test_the_report_says_what_nobody_outside_could_prove(installation: Installation, life: Life) -> None:
    """V7: without a drill and a head that was told elsewhere; and on PostgreSQL whether the program could open its logs."""
    life.db.close()
    lines = {line.what: line.state for line in state_of(installation)}
    assert lines["没有每夜的备份（HOTLINE_BACKUPS）"] == "weak"
    assert lines["封条的链头只留在本机（HOTLINE_HEADS_COPY、HOTLINE_HEADS_MAIL）"] == "weak"
    assert "须用验证码的人都已启用" not in lines, "nobody must, so nobody has"
    told = replace(installation.settings, heads_mail=("ji@example.cn",))
    installation.settings = told
    assert {line.what: line.state for line in state_of(installation)}["封条的链头每夜送到外面"] == "good"


def test_the_report_tells_how_the_master_key_is_kept(installation: Installation, life: Life) -> None:
    """Beside the data it is weak, half changed too; the fingerprint is compared with the copy in the safe."""
    life.db.close()
    path = installation.settings.master_key
    lines = {line.what: line.state for line in state_of(installation)}
    assert [one for one in lines if "主密钥放在数据文件夹里" in one and lines[one] == "weak"]
    assert any(fingerprint(masters(path)[0]) in one for one in lines)
    write(path, [*masters(path), os.urandom(32)])
    half = {line.what: line.state for line in state_of(installation)}
    assert [one for one in half if "换到一半" in one and half[one] == "weak"]


@pytest.mark.parametrize(
    "location",
    re.findall(r"location [^{]+\{[^}]+\}", (DEPLOY / "nginx.conf").read_text()),
    ids=lambda one: one.split("{")[0].strip(),
)
def test_every_location_of_the_nginx_example_says_who_asks(location: str) -> None:
    """V28."""
    assert set(re.findall(r"proxy_set_header ([\w-]+)", location)) == HEADERS


def test_the_nginx_example_sends_http_to_https_and_takes_large_bodies_only_for_files() -> None:
    """V24, V28; tests/ops/test_front.py asks nginx itself."""
    text = (DEPLOY / "nginx.conf").read_text()
    assert "return 301 https://" in text and "ssl http2" in text and text.count("client_max_body_size 110m") == 1
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("*.service")), ids=lambda path: path.name)
def test_every_unit_is_started_again_and_can_do_little(unit: Path) -> None:
    told, database = unit.read_text(), unit.name == "hotline-standby.service"
    for word in (
        "Restart=always",
        "UMask=0077",
        "NoNewPrivileges=true",
        "ProtectSystem=strict",
        "CapabilityBoundingSet=\n",
        "User=postgres" if database else "User=hotline",
    ):
        assert word in told, word
    command = re.search(r"bin/(postgres) " if database else r"-m hotline (\w+)", told)
    assert command and command[1] in {"serve", "worker", "clock", "postgres"}


def test_what_the_auditor_is_told_to_look_at_exists() -> None:
    told = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`(tests/[\w/.]+)`", told))
    assert len(paths) > 15
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
