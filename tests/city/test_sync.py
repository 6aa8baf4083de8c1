"""Loading a city into the tables: parents first, nothing deleted, everything told."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hotline.city import City, dispatch_files, load_city
from hotline.city.check import check_city, load_folder, missing_texts
from hotline.city.schema import Category, Unit
from hotline.city.sync import sync
from models import Category as CategoryRow
from models import CityRelease
from models import Unit as UnitRow

TINYTOWN = Path(__file__).parent / "tinytown"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture(scope="module")
def city() -> City:
    return load_city(TINYTOWN)


@pytest.fixture(autouse=True)
def no_city_yet(db: Session) -> None:
    """The ground comes with the model city loaded; here a city is loaded for the first time."""
    db.execute(update(UnitRow).values(parent_code=None))
    db.execute(update(CategoryRow).values(parent_code=None))
    for table in (UnitRow, CategoryRow, CityRelease):
        db.execute(delete(table))
    db.commit()


def without(city: City, unit: str) -> City:
    return replace(city, release="next", units={code: each for code, each in city.units.items() if code != unit})


def test_a_new_city_fills_the_tables_and_is_recorded(db: Session, city: City) -> None:
    summary = sync(db, city, NOW)
    assert set(summary.units.added) == set(city.units) and set(summary.categories.added) == set(city.categories)
    row = db.get_one(UnitRow, "harbour-streets")
    assert (row.name, row.name_en, row.kind, row.parent_code, row.area) == (
        "港口区街道科",
        "Harbour District Streets Office",
        "bureau",
        "harbour",
        "harbour",
    )
    assert db.get_one(CategoryRow, "0102").parent_code == "01"
    release = db.get_one(CityRelease, city.release)
    assert (release.city, release.loaded_at) == ("tinytown", NOW)


def test_loading_the_same_city_again_changes_nothing(db: Session, city: City) -> None:
    sync(db, city, NOW)
    summary = sync(db, city, LATER)
    assert not summary
    assert db.get_one(CityRelease, city.release).loaded_at == NOW
    assert summary.lines() == [f"城市版本 {city.release} 已是最新，没有变化"]


def test_sync_leaves_the_commit_to_its_caller(db: Session, city: City) -> None:
    sync(db, city, NOW)
    db.rollback()
    assert db.scalars(select(UnitRow)).all() == []


def test_a_unit_gone_from_the_files_is_retired_and_may_come_back(db: Session, city: City) -> None:
    sync(db, city, NOW)
    assert sync(db, without(city, "lamps"), LATER).units.retired == ("lamps",)
    assert db.get_one(UnitRow, "lamps").retired_at == LATER
    assert not sync(db, without(city, "lamps"), LATER)
    assert sync(db, city, LATER).units.revived == ("lamps",)
    assert db.get_one(UnitRow, "lamps").retired_at is None


def test_going_back_to_an_earlier_release_makes_it_the_last_one_loaded(db: Session, city: City) -> None:
    sync(db, city, NOW)
    sync(db, without(city, "lamps"), NOW + timedelta(hours=1))
    sync(db, city, LATER)
    last = db.scalars(select(CityRelease).order_by(CityRelease.loaded_at.desc())).first()
    assert last is not None and (last.release, last.loaded_at) == (city.release, LATER)


def test_children_may_stand_before_parents_and_old_units_may_get_new_parents(db: Session, city: City) -> None:
    sync(db, city, NOW)
    new = Unit("works", "工程局", "Works", "department", parent="board")
    board = Unit("board", "管委会", "Board", "department")
    water = replace(city.units["water"], parent="works")
    moved = replace(city, release="next", units={"works": new, **city.units, "board": board, "water": water})
    summary = sync(db, moved, LATER)
    assert (set(summary.units.added), summary.units.changed) == ({"works", "board"}, ("water",))
    assert db.get_one(UnitRow, "water").parent_code == "works"


def test_a_category_may_be_renamed(db: Session, city: City) -> None:
    sync(db, city, NOW)
    renamed: Category = replace(city.categories["0101"], name="路面")
    summary = sync(db, replace(city, release="next", categories={**city.categories, "0101": renamed}), LATER)
    assert summary.categories.changed == ("0101",)
    assert summary.lines() == ["已载入城市版本 next", "类别修改：0101"]
    assert db.get_one(CategoryRow, "0101").name == "路面"


def test_checking_a_good_folder_describes_it(city: City) -> None:
    report = check_city(TINYTOWN, JUNE)
    assert report.ok
    assert report.lines[0] == f"小镇，版本 {city.release}，时限按“plain”"


def test_checking_warns_when_deadlines_will_soon_reach_an_unknown_year() -> None:
    assert check_city(TINYTOWN, datetime(2026, 12, 20, tzinfo=UTC)).lines[0] == (
        "提醒：缺少 2027 年的节假日，暂按周一至周五上班计算"
    )
    assert not check_city(TINYTOWN, JUNE).lines[0].startswith("提醒")


def test_a_text_the_program_sends_and_the_city_lacks_is_named(city: City) -> None:
    assert missing_texts(city, {"received": ("number", "code")}) == []
    assert missing_texts(city, {"received": ("code",), "ask": ()}) == [
        "messages.yaml 缺少“ask”",
        "messages.yaml 的“received”用了程序不提供的 {number}",
    ]


def test_a_bad_folder_is_told_and_never_loaded(db: Session, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TINYTOWN, tmp_path / "town"))
    (folder / "words.txt").unlink()
    report = load_folder(db, folder, NOW)
    assert not report.ok
    assert report.lines == ("words.txt：缺少这个文件", "共 1 处错误、0 处提醒")
    assert db.scalars(select(UnitRow)).all() == []


def test_a_release_that_was_loaded_is_not_looked_at_closely_again(
    db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(TINYTOWN, tmp_path / "town"))
    assert load_folder(db, folder, NOW).ok
    looked: list[object] = []
    monkeypatch.setattr(dispatch_files, "_check_reach", lambda *what: looked.append(what))
    assert load_folder(db, folder, LATER).ok and not looked
    (folder / "words.txt").write_text("双塔大厦\n", "utf-8")
    assert load_folder(db, folder, LATER).ok and len(looked) == 1


def test_a_release_that_nobody_loaded_is_refused_for_what_only_a_close_look_finds(db: Session, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TINYTOWN, tmp_path / "town"))
    word = 'kind: ready\nwords:\n  - {code: "a", title: "回电", body: "请找赵小明，电话 13812345678"}\n'
    (folder / "ready.yaml").write_text(word, "utf-8")
    report = load_folder(db, folder, NOW)
    assert not report.ok and any("现成话里不能有个人信息" in line for line in report.lines)


def test_loading_a_good_folder_says_what_changed(db: Session, city: City) -> None:
    report = load_folder(db, TINYTOWN, NOW)
    assert report.summary and f"已载入城市版本 {city.release}" in report.lines
    assert any(line.startswith("单位新增：desk") for line in report.lines)
