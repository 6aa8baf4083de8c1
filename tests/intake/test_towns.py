"""A town told by its name is the town, where only one is called so; what may be several is asked back and never guessed."""

from __future__ import annotations

import pytest

from hotline.city.schema import City
from hotline.intake.open_ticket import Contact, checked
from hotline.intake.towns import town_called
from tests.support.refusals import refused


@pytest.mark.parametrize(
    "told",
    [
        "wenfeng-dongguan",
        "东关街道",
        "东关",
        "东关街道办事处",
        "文峰区东关街道",
        "安阳市文峰区 东关办事处",
        "Ｄongguan  subdistrict",
    ],
)
def test_a_town_is_known_by_its_code_and_by_each_name_that_is_its_own(city: City, told: str) -> None:
    assert town_called(city, told) == "wenfeng-dongguan"
    found = checked(Contact(body="路灯不亮。", town_code=told), city)
    assert (found.town_code, found.area, found.street) == ("wenfeng-dongguan", "wenfeng", "东关街道")


@pytest.mark.parametrize(
    ("told", "code"), [("滑县城关", "huaxian-chengguanjie"), ("汤阴城关镇", "tangyin-chengguanzhen")]
)
def test_the_district_tells_two_of_one_name_apart(city: City, told: str, code: str) -> None:
    assert town_called(city, told) == code


@pytest.mark.parametrize("told", ["城关", "龙安区东关街道", "镇", "街道办事处", "火星镇", " ", "文峰区"])
def test_what_is_several_or_none_is_never_guessed(city: City, told: str) -> None:
    assert town_called(city, told) is None
    with refused("invalid_form") as said:
        checked(Contact(body="路灯不亮。", town_code=told), city)
    assert list(said.value.problems) == ["town_code"] and told in said.value.problems["town_code"]
