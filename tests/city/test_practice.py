"""The files of the practice room: what they cannot mean is said with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hotline.city import CityMistakes, load_city
from hotline.city.practice.read import FILE, SCRIPTS
from tests.support.repository import ROOT

ANYANG = ROOT / "hotline" / "city" / "anyang"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the model city that a test may spoil."""
    return Path(shutil.copytree(ANYANG, tmp_path / "town"))


def mistakes(folder: Path, file: str, old: str, new: str) -> list[str]:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(CityMistakes) as trouble:
        load_city(folder)
    return trouble.value.sentences


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (SCRIPTS, "kind: plain", "kind: plan", "“plan”没有定义"),
        (SCRIPTS, 'categories: ["0204"]', 'categories: ["9999"]', "“9999”没有定义"),
        (SCRIPTS, "area: wenfeng", "area: wenfung", "“wenfung”没有定义"),
        (SCRIPTS, "units: [wenfeng-chengguan]", "units: [nobody]", "“nobody”没有定义"),
        (SCRIPTS, "code: rubbish-gate", "code: lamp-dark", "代码“lamp-dark”重复"),
        (SCRIPTS, 'to: "119"', 'to: ""', "转接的脚本要写明转给谁"),
        (SCRIPTS, "asks: [where, since]", "asks: [wo]", "“wo”没有定义"),
        (SCRIPTS, "advice: 路灯的事", "advise: 路灯的事", "缺少“advice”"),
        (SCRIPTS, "urgency: [normal]", "urgency: [slow]", "不能是“slow”"),
        (FILE, "danger: 2", "danger: 60", "“danger”的脚本不够考试抽取"),
        (FILE, "pass_mark: 80", "pass_mark: 0", "“pass_mark”不能小于 1"),
        (FILE, "end: 15", "ent: 15", "不认识的字段“ent”"),
    ],
)
def test_a_wrong_line_is_named(folder: Path, file: str, old: str, new: str, said: str) -> None:
    found = mistakes(folder, file, old, new)
    assert any(said in one for one in found), found


def test_a_city_without_the_files_has_no_practice_room(folder: Path) -> None:
    (folder / FILE).unlink()
    (folder / SCRIPTS).unlink()
    assert not load_city(folder).practice.scripts
