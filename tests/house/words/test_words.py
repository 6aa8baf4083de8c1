"""The repository speaks of the project alone, and pins what it needs."""

from __future__ import annotations

import re

import pytest

from tests.support.repository import ROOT

# Written in two halves, so that this file does not hold what it forbids.
FORBIDDEN = {
    "an assistant": r"\b(chat" r"gpt|clau" r"de|anth" r"ropic|copi" r"lot|lang" r"uage model|\bLL" r"M\b)",
    "a session or an issue number": r"\b(issue|session)\s+#?\d+\b|(?<![\w&/])#\d{1,4}\b(?!;)",
    "a path of one machine": r"/work" r"/(main|shared)|/root" r"/|/home" r"/\w+/",
    "the host of a registry": r"\b(py" r"pi\.org|files\.python" r"hosted|registry\.npm" r"js|deb\.deb" r"ian\.org)",
    "unfinished business": r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b",
    "a stray merge": r"^(<<<<" r"<<<|>>>>" r">>>) ",
}
REAL_DATA = re.compile(r"shared" r"/data|teddy" r"2020")
MANIFESTS = re.compile(r"(static/|\.svg$|\.css$|package-lock\.json$|\.yaml$|\.csv$|\.po$)")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_repository_does_not_speak_of(what: str, texts: dict[str, str]) -> None:
    pattern = re.compile(FORBIDDEN[what], re.I if what == "an assistant" else re.M)
    found = [
        f"{name}: {match.group()}"
        for name, text in texts.items()
        if not (what.startswith("a session") and MANIFESTS.search(name)) and not name.startswith("requirements")
        for match in [pattern.search(text)]
        if match
    ]
    assert found == []


def test_only_tests_know_where_the_real_messages_are(texts: dict[str, str]) -> None:
    assert [name for name, text in texts.items() if REAL_DATA.search(text) and not name.startswith("tests/")] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_registry(name: str) -> None:
    text = (ROOT / name).read_text()
    lines = re.split(r"(?<!\\)\n", text)
    packages = [line for line in lines if line.strip() and not line.startswith("#")]
    assert packages
    for package in packages:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==[^ ]+ ", package), package[:60]
        assert "--hash=sha256:" in package, package[:60]
    assert not re.search(r"https?:|--(extra-)?index|--find-links|file:", text)


@pytest.mark.parametrize("package", ["flask", "sqlalchemy", "rq", "redis", "scikit-learn", "jieba", "twilio", "pytest"])
def test_the_agreed_packages_are_in_the_requirements(package: str) -> None:
    assert re.search(rf"^{package}==", (ROOT / "requirements.txt").read_text(), re.M)


def test_no_dialect_of_a_database_pulls_sqlalchemy_down() -> None:
    assert not re.search(r"^sqlalchemy-", (ROOT / "requirements.txt").read_text(), re.M)


def test_every_wanted_package_is_pinned() -> None:
    """A name added to the .in file without `make requirements` would be missing on every fresh machine."""
    for wanted, pinned in (("requirements.in", "requirements.txt"), ("requirements-dev.in", "requirements-dev.txt")):
        names = re.findall(r"^([A-Za-z][A-Za-z0-9_-]+)", (ROOT / wanted).read_text(), re.M)
        there = {line.split("==")[0] for line in (ROOT / pinned).read_text().splitlines() if "==" in line}
        assert {name.lower().replace("_", "-") for name in names} <= there


def test_make_alone_prints_every_public_target() -> None:
    import subprocess

    printed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("run", "test", "check", "city", "bench", "demo-story", "clean"):
        assert f"make {target} " in printed
