"""Places: what a text names, where that is, and when one had better ask."""

from __future__ import annotations

import random
import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.places import Gazetteer, Place, PlaceEntry

GAZETTEER = Gazetteer(
    (
        PlaceEntry("area", "文峰区", "wenfeng", None, ("文峰",)),
        PlaceEntry("area", "北关区", "beiguan", None, ("北关",)),
        PlaceEntry("town", "东关街道", "wenfeng", "wenfeng-dongguan", ("东关办事处",)),
        PlaceEntry("road", "人民大道", "wenfeng"),
        PlaceEntry("road", "人民大道", "beiguan"),
        PlaceEntry("road", "文峰大道", "wenfeng"),
        PlaceEntry("road", "安漳大道", "beiguan"),
        PlaceEntry("community", "东风小区", "wenfeng", "wenfeng-dongguan", ("东风家园",)),
        PlaceEntry("landmark", "文峰塔", "wenfeng"),
    )
)


def test_a_district_named_in_the_text_is_sure() -> None:
    place = GAZETTEER.find("北关区有人占道经营")
    assert (place.area, place.sure, place.words) == ("beiguan", True, ("北关区",))


def test_a_street_of_one_district_tells_the_district() -> None:
    place = GAZETTEER.find("安漳大道路灯不亮")
    assert (place.area, place.street, place.road, place.sure) == ("beiguan", "安漳大道", "安漳大道", True)


def test_the_longest_name_wins() -> None:
    assert GAZETTEER.find("文峰大道积水").words == ("文峰大道",)
    assert GAZETTEER.find("文峰塔门口").landmark == "文峰塔"


def test_a_street_of_two_districts_alone_is_not_sure() -> None:
    place = GAZETTEER.find("人民大道积水")
    assert (place.area, place.street, place.sure) == (None, "人民大道", False)
    assert place.candidates == ("beiguan", "wenfeng")


@pytest.mark.parametrize("text", ["文峰区人民大道积水", "人民大道东风小区门口积水", "人民大道，文峰"])
def test_a_street_of_two_districts_is_settled_by_what_else_is_named(text: str) -> None:
    place = GAZETTEER.find(text)
    assert (place.area, place.road, place.sure, place.candidates) == ("wenfeng", "人民大道", True, ())


def test_a_contradiction_is_never_sure_and_the_finer_name_decides() -> None:
    place = GAZETTEER.find("北关区东风小区停水")
    assert (place.area, place.community, place.sure) == ("wenfeng", "东风小区", False)


def test_two_districts_and_nothing_finer_is_not_sure() -> None:
    place = GAZETTEER.find("北关区和文峰区交界处")
    assert (place.area, place.sure, place.candidates) == ("beiguan", False, ("beiguan", "wenfeng"))


def test_a_community_tells_its_town() -> None:
    place = GAZETTEER.find("东风家园3号楼")
    assert (place.town, place.street, place.community) == ("wenfeng-dongguan", "东关街道", "东风小区")


def test_a_village_name_that_several_districts_bear_narrows_and_never_contradicts() -> None:
    villages = [PlaceEntry("community", "小营村", area) for area in ("wenfeng", "beiguan")]
    gazetteer = Gazetteer((*GAZETTEER.entries, *villages, PlaceEntry("area", "林州市", "linzhou")))
    alone = gazetteer.find("小营村路灯不亮")
    assert (alone.area, alone.sure, alone.candidates) == (None, False, ("beiguan", "wenfeng"))
    assert gazetteer.find("北关区小营村路灯不亮").sure
    elsewhere = gazetteer.find("林州市小营村路灯不亮")
    assert (elsewhere.area, elsewhere.sure) == ("linzhou", True)


def test_a_text_without_a_place_says_nothing() -> None:
    assert GAZETTEER.find("") == GAZETTEER.find("咨询公积金") == Place()


def test_a_name_of_one_character_is_refused() -> None:
    with pytest.raises(ValueError, match="two characters"):
        Gazetteer((PlaceEntry("road", "路", "wenfeng"),))


names = st.text("东南路", min_size=2, max_size=4)


@given(st.lists(names, min_size=1, max_size=8, unique=True), st.text("东南路，", max_size=20))
def test_one_pass_finds_what_the_plainest_search_finds(known: list[str], text: str) -> None:
    gazetteer = Gazetteer(tuple(PlaceEntry("road", name, "wenfeng") for name in known))
    expected, start = [], 0
    while start < len(text):
        here = max((name for name in known if text.startswith(name, start)), key=len, default="")
        expected += [here] if here else []
        start += len(here) or 1
    assert [name for name, _entries in gazetteer.matches(text)] == expected


def test_thousands_of_names_are_found_in_a_long_text_within_a_millisecond() -> None:
    dice = random.Random(7)
    letters = "东南西北中山河湖海春夏秋冬金木水火土日月星天地人民和平建设胜利光明新华"
    many = ["".join(dice.choices(letters, k=dice.randint(2, 5))) + "路" for _ in range(6000)]
    gazetteer = Gazetteer(tuple(PlaceEntry("road", name, "wenfeng") for name in many))
    text = "".join(dice.choices(letters + "的了是在我们反映问题请尽快处理谢谢" * 3, k=1000))
    best = min(timeit.repeat(lambda: gazetteer.find(text), number=10, repeat=5)) / 10
    assert best < 1e-3
