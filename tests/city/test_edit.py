"""One value of the city's files is changed in place: nothing else moves, mistakes are refused, and the diff is one that patch reads."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from hotline.city.edit import Spot, check_edit, diff, edited, read_spot, write_edit
from hotline.city.loader import FILES, load_city
from hotline.errors import OutOfTurn, Refusal
from tests.support.repository import ROOT

TEXT = Spot("messages.yaml", ("texts", "merged", "zh"))
PHONE = Spot("units.yaml", ("phones", "chengguan"))
LIMIT = Spot("limits.yaml", ("profiles", "henan", "clocks", "dispatch", "normal"))
NUMBER = Spot("city.yaml", ("policy", "max_extensions"))
CHANGES = [
    (TEXT, "安阳12345：您的诉求{number}与{master}一并办理，结果会告诉您。"),
    (PHONE, "0372-2960001"),
    (LIMIT, "12h"),
    (NUMBER, "2"),
    (Spot("limits.yaml", ("profiles", "henan", "clocks", "reply", "normal", "complaint")), "8wd"),
    (Spot("limits.yaml", ("profiles", "henan", "clocks", "answer")), "48h"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "city"
    made.mkdir()
    for name in FILES:
        shutil.copyfile(ROOT / "hotline" / "city" / "anyang" / name, made / name)
    return made


@pytest.mark.parametrize(("spot", "value"), CHANGES, ids=[".".join(spot.path) for spot, _value in CHANGES])
def test_a_value_is_put_in_its_place_and_every_other_line_stays(folder: Path, spot: Spot, value: str) -> None:
    before = (folder / spot.file).read_text()
    after = edited(folder, spot, value)
    lost = [line for line in before.splitlines() if line not in after.splitlines()]
    assert len(lost) <= 1, "at most the line itself"
    city = write_edit(folder, spot, read_spot(folder, spot) or "", value, folder.parent / "kept")
    assert read_spot(folder, spot) == value
    assert (folder.parent / "kept" / spot.file).read_text() == before
    assert city == load_city(folder)


def test_the_city_reads_the_changed_values(folder: Path) -> None:
    for spot, value in CHANGES:
        write_edit(folder, spot, read_spot(folder, spot) or "", value, folder.parent / "kept")
    city = load_city(folder)
    assert city.units["chengguan"].phone == "0372-2960001"
    assert city.policy.max_extensions == 2
    assert "一并办理" in city.texts["merged"].zh
    assert str(city.limits.span("dispatch", "help", "normal", 1, None)) == "12h"


def test_a_second_telephone_stands_beside_the_first(folder: Path) -> None:
    for code, phone in (("chengguan", "0372-1"), ("housing", "0372-22"), ("wenfeng-chengguan", "0372 333")):
        if code in load_city(folder).units:
            write_edit(folder, Spot("units.yaml", ("phones", code)), "", f"{phone}000", folder.parent / "kept")
    assert load_city(folder).units["housing"].phone == "0372-22000"


@pytest.mark.parametrize(
    ("spot", "value"),
    [
        (TEXT, "少了编号的一句话"),
        (TEXT, "{number}{master}{nobody}"),
        (LIMIT, "soon"),
        (NUMBER, "many"),
        (PHONE, "请打电话"),
    ],
)
def test_what_the_files_may_not_say_is_refused_with_its_line(folder: Path, spot: Spot, value: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_edit(folder, spot, value)
    assert spot.file in str(refused.value.problems or refused.value)


@pytest.mark.parametrize("value", ['他说："好"', "一行\n两行", "# 不是注释", "a: b", "'", "{number} {master} \\n"])
def test_whatever_is_written_is_read_again_as_it_was(folder: Path, value: str) -> None:
    (folder / TEXT.file).write_text(edited(folder, TEXT, value))
    assert read_spot(folder, TEXT) == value


def test_the_diff_is_one_that_patch_reads(folder: Path, tmp_path: Path) -> None:
    spot, value = CHANGES[0]
    (tmp_path / "change.diff").write_text(diff(folder, spot, value))
    wanted = edited(folder, spot, value)
    subprocess.run(["git", "apply", "--unsafe-paths", str(tmp_path / "change.diff")], cwd=folder, check=True)
    assert (folder / spot.file).read_text() == wanted


def test_a_value_that_has_moved_on_is_not_overwritten(folder: Path) -> None:
    write_edit(folder, NUMBER, read_spot(folder, NUMBER) or "", "2", folder.parent / "kept")
    with pytest.raises(OutOfTurn):
        write_edit(folder, NUMBER, "3", "4", folder.parent / "kept")
    assert read_spot(folder, NUMBER) == "2"


def test_a_folder_that_cannot_be_written_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr("os.replace", refuse)
    before = sorted(one.name for one in folder.iterdir())
    with pytest.raises(Refusal, match="read-only"):
        write_edit(folder, NUMBER, read_spot(folder, NUMBER) or "", "2", folder.parent / "kept")
    assert sorted(one.name for one in folder.iterdir()) == before
