"""A rule of the trade says where it comes from: on the page where it decides, and in what `city check` asks for."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.city.check import check_city
from hotline.city.loader import load_city

TINY = Path(__file__).parent / "tinytown"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "town"))


def write(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_every_rule_limit_and_question_of_the_model_city_names_its_source() -> None:
    """Found at the desks: U23."""
    city = load_city(Path("hotline/city/anyang"))
    assert all(city.source_of(rule.id) for rule in city.rules)
    assert sum(bool(rule.source) for rule in city.rules) > 100, "documents of their own"
    assert "国务院令第583号" in city.source_of("gas-leak")
    assert "核对" in city.source_of("default-22"), "what was not checked against the city's own list says so"
    assert all(profile.source for profile in city.profiles.values())
    assert city.sources["checklist"] and any(item.source for item in city.checklist)
    assert city.source_of(None) == city.source_of("unknown") == ""


@pytest.mark.parametrize("file", ["dispatch.yaml", "limits.yaml", "checklist.yaml"])
def test_city_check_asks_for_the_source_of_what_names_none(folder: Path, file: str) -> None:
    written = (folder / file).read_text("utf-8").splitlines()
    (folder / file).write_text("\n".join(one for one in written if not one.startswith("source:")), "utf-8")
    said = "\n".join(check_city(folder, NOW).lines)
    assert file in said and "没有写依据（source）" in said


def test_city_check_counts_the_rules_that_rest_on_a_document(folder: Path) -> None:
    write(folder, "dispatch.yaml", "  - id: burst-pipe\n", "  - id: burst-pipe\n    source: 《城市供水条例》\n")
    assert load_city(folder).source_of("burst-pipe") == "《城市供水条例》"
    assert any("派单规则写明依据文件的 1 条" in line for line in check_city(folder, NOW).lines)
