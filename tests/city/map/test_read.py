"""The map of a city is data: read from map.yaml, refused with file and line where it is wrong, and asked for the district of a point."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hotline.city import CityMistakes, load_city
from hotline.city.loader import release_of
from hotline.web.map.drawing import drawing_of
from routing.outlines import Point

TINYTOWN = Path(__file__).parent.parent / "tinytown"
ANYANG = Path("hotline/city/anyang")
GOOD = """\
source: drawn by hand
licence: CC0
rough: 100
outlines:
  - areas: [harbour]
    ring: "10.0 50.0, 10.2 50.0, 10.2 50.2, 10.0 50.2"
  - areas: [hill, harbour]
    ring: "10.2 50.0, 10.4 50.0, 10.4 50.2, 10.2 50.2"
points:
  harbour-pier: 10.05 50.05
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = Path(shutil.copytree(TINYTOWN, tmp_path / "town"))
    (found / "map.yaml").write_text(GOOD, "utf-8")
    return found


def mistakes(folder: Path, old: str, new: str) -> list[str]:
    assert old in GOOD
    (folder / "map.yaml").write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(CityMistakes) as trouble:
        load_city(folder)
    return trouble.value.sentences


def test_a_city_without_a_map_has_none() -> None:
    city = load_city(TINYTOWN)
    assert not city.map and city.map.areas_at(Point(50.1, 10.1)) == () and city.map.about("harbour") is None


def test_a_point_lies_in_the_district_of_its_outline(folder: Path) -> None:
    found = load_city(folder).map
    assert found.areas_at(Point(50.1, 10.1)) == ("harbour",) and found.area_at(Point(50.1, 10.1)) == "harbour"
    assert found.areas_at(Point(51.0, 10.1)) == () and not found.holds(Point(51.0, 10.1))


def test_ground_of_two_districts_is_not_sure(folder: Path) -> None:
    found = load_city(folder).map
    assert found.areas_at(Point(50.1, 10.3)) == ("hill", "harbour") and found.area_at(Point(50.1, 10.3)) is None


def test_close_to_another_district_nothing_is_sure(folder: Path) -> None:
    found = load_city(folder).map
    assert found.areas_at(Point(50.1, 10.199)) == ("harbour", "hill")  # 71 metres from the border
    assert found.areas_at(Point(50.1, 10.19)) == ("harbour",)  # 713 metres
    assert found.areas_at(Point(50.1, 10.19), accuracy=1000) == ("harbour", "hill")


def test_roughly_where_a_town_or_a_district_is(folder: Path) -> None:
    found = load_city(folder).map
    assert found.about("harbour", "harbour-pier") == Point(50.05, 10.05)
    assert found.about("harbour") == pytest.approx(Point(50.1, 10.1))
    assert found.about("nowhere") is None


def test_the_map_belongs_to_the_release_of_the_city(folder: Path) -> None:
    before = release_of(folder)
    (folder / "map.yaml").write_text(GOOD.replace("100", "200"), "utf-8")
    assert release_of(folder) != before


BORDER = """\
towns:
  - town: harbour-pier
    ring: "10.0 50.0, 10.1 50.0, 10.1 50.1"
"""


def test_a_city_may_bring_the_borders_of_its_towns_and_they_are_drawn(folder: Path) -> None:
    assert load_city(folder).map.towns == ()
    (folder / "map.yaml").write_text(GOOD + BORDER, "utf-8")
    drawing = drawing_of(load_city(folder).map)
    assert drawing is not None and [one.area for one in drawing.towns] == ["harbour-pier"]
    (folder / "map.yaml").write_text(GOOD + BORDER.replace("harbour-pier", "streets"), "utf-8")
    with pytest.raises(CityMistakes) as trouble:
        load_city(folder)
    assert "“streets”不是乡镇或街道的代码" in str(trouble.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[harbour]", "[sea]", "map.yaml 第 5 行：县区“sea”不存在"),
        ("[harbour]", "[]", "map.yaml 第 5 行：请写明这块轮廓是哪个县区"),
        ("10.2 50.2, 10.0 50.2", "here there", "map.yaml 第 6 行：“here there”不是经纬度，应如 114.3512 36.0903"),
        (", 10.2 50.2, 10.0 50.2", "", "map.yaml 第 6 行：一块轮廓至少要三个不在一条线上的点"),
        ("harbour-pier", "streets", "map.yaml 第 10 行：“streets”不是乡镇或街道的代码"),
        ("10.05 50.05", "210.05 50.05", "map.yaml 第 10 行：“210.05 50.05”不是经纬度，应如 114.3512 36.0903"),
        ("licence: CC0", "licence:", "map.yaml 第 2 行：“licence”不能为空"),
        ("rough: 100", "rough: -1", "map.yaml 第 3 行：“rough”不能小于 0"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(folder: Path, old: str, new: str, sentence: str) -> None:
    assert sentence in mistakes(folder, old, new)


# --- the model city ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lat", "lon", "areas"),
    [
        (36.1270, 114.3130, ("yindu",)),  # the ruins of Yin
        (36.0830, 113.8200, ("linzhou",)),
        (35.5750, 114.5190, ("huaxian",)),
        (36.0800, 114.5000, ("anyangxian", "wenfeng", "beiguan", "shifanqu")),  # Baibi: the new zones have no outline
        (34.7500, 113.6000, ()),  # Zhengzhou
    ],
)
def test_anyang_knows_where_a_point_is_and_says_where_it_does_not(
    lat: float, lon: float, areas: tuple[str, ...]
) -> None:
    assert load_city(ANYANG).map.areas_at(Point(lat, lon)) == areas


def test_anyangs_outlines_are_small() -> None:
    assert (ANYANG / "map.yaml").stat().st_size < 40_000
