"""The exact place of a call is one key, however it is told; a district is none."""

from __future__ import annotations

import pytest

from classifier.evidence.buildings import elsewhere
from classifier.evidence.exact_place import exact_place


@pytest.mark.parametrize(
    ("key", "ways"),
    [
        (
            "世纪花园",
            (
                "世纪花园小区",
                "棉纺路世纪花园小区停暖了",
                "中华路南段世纪花园12号楼",
                "我家住在世纪花园小区3号楼，电梯又坏了",
                "文峰区世纪花园",
                "反映世纪花园物业不作为",
            ),
        ),
        ("泰和园", ("泰和园小区停水", "我住泰和园小区")),
        ("恒春名苑", ("买恒春名苑的房子六年没有证", "一下雨恒春名苑就积水", "家住恒春名苑", "每逢刮风恒春名苑就停电")),
        (
            "人民大道128号",
            ("文峰区人民大道128号", "人民大道128号门口井盖没了", "人民大道128号门前路灯不亮", "在人民大道 128 号院"),
        ),
        ("中华路×弦歌大道", ("中华路南段与弦歌大道交叉口往北", "弦歌大道和中华路路口")),
        ("中华路×弦歌大道", ("弦歌大道与中华路口红绿灯坏", "中华路弦歌大道那个十字口信号灯坏了")),
        ("长风御城", ("长风御城车库进水", "长风御城6栋暖气不热")),
        ("三角湖公园", ("三角湖公园东门的健身器材坏了",)),
        ("明福", ("光华路与明福社区之间那条小巷", "明福社区门口")),
    ],
)
def test_a_place_has_one_key_however_it_is_told(key: str, ways: tuple[str, ...]) -> None:
    for told in ways:
        assert exact_place("", told).key == key, told
        assert exact_place(told, "楼上漏水").key == key, told
        assert exact_place("", told).fine


@pytest.mark.parametrize(
    "told",
    [
        "文峰区东风路街道",
        "楼上漏水",
        "学校课后延时服务收费",
        "村里的路",
        "3号线路跳闸",
        "安阳市",
        "社区医院说补不了",
        "去人民医院看病",
    ],
)
def test_what_is_no_place_has_no_key(told: str) -> None:
    assert exact_place("", told).key == ""


def test_a_name_of_the_citys_list_counts_where_no_spot_is_told_and_a_road_alone_is_coarse() -> None:
    assert exact_place("", "门口脏", known="滨河社区").key == "滨河"
    road = exact_place("", "路面坏了", road="梅东路")
    assert (road.key, road.fine) == ("梅东路", False)


@pytest.mark.parametrize("told", ["棉纺路路灯不亮", "在棉纺路上摆摊", "棉纺路垃圾没人收"])
def test_a_road_on_no_list_is_a_coarse_place_too(told: str) -> None:
    road = exact_place("", told)
    assert (road.key, road.fine) == ("棉纺路", False)


@pytest.mark.parametrize("told", ["门前的马路坏了", "修路一年没修好", "走路要半小时", "线路跳闸", "整条街停电"])
def test_a_word_that_ends_like_a_road_is_none(told: str) -> None:
    assert exact_place("", told).key == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("世纪花园3号楼", "世纪花园8号楼"),
        ("世纪花园二号楼", "世纪花园二十号楼"),
        ("世纪花园1单元门禁坏了", "世纪花园4单元门禁坏了"),
        ("曙光小区A区飞线充电", "曙光小区C区飞线充电"),
        ("平原路北段路灯不亮", "平原路南段路灯不亮"),
        ("村东头垃圾堆", "村西头垃圾堆"),
    ],
)
def test_other_buildings_stairs_and_sides_are_elsewhere(one: str, other: str) -> None:
    mine, theirs = exact_place("", one).houses, exact_place("", other).houses
    assert elsewhere(mine, theirs) and not elsewhere(mine, mine) and not elsewhere(mine, frozenset())


def test_a_school_keeps_the_road_that_says_which_it_is() -> None:
    assert exact_place("", "棉纺路实验小学门口堵车").key == "棉纺路实验小学"


def test_a_house_is_the_same_however_its_number_is_written_and_a_stair_is_not_held_against_a_house() -> None:
    assert exact_place("", "世纪花园三号楼").houses == exact_place("", "世纪花园3栋").houses
    assert not elsewhere(exact_place("", "世纪花园3号楼").houses, exact_place("", "世纪花园2单元").houses)


@pytest.mark.parametrize(
    "words",
    [
        "想了解一下老旧小区加装电梯，有一户不同意。",
        "孩子今年九月该上小学，我们租房住。",
        "家里娃要上幼儿园，报不上名。",
        "咨询一下高层小区二次供水归谁管。",
        "老人想去医院，怎么约车？",
    ],
)
def test_a_kind_of_place_and_somebody_who_goes_there_name_none(words: str) -> None:
    assert exact_place("", words).key == ""


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("投诉一下梅园庄小区物业", "梅园庄"),
        ("堤上小学门口没有减速带", "堤上小学"),
        ("反映一下东关小学门口堵车", "东关小学"),
    ],
)
def test_what_is_asked_before_a_name_and_letters_like_a_verb_leave_it_whole(words: str, key: str) -> None:
    assert exact_place("", words).key == key
