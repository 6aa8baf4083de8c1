"""What stands beside a danger: a figure of speech, a leak on the roof, what only nearly happened. It silences nothing that is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.suggestion import LIFE
from classifier.text import cues
from classifier.text.danger.life import life, lines
from classifier.text.words import normalise


def rings(text: str) -> bool:
    return any(one.code in LIFE for one in cues.safety(normalise(text)))


@pytest.mark.parametrize(
    "text", ["水涨到窗户了，我们在房顶上", "水淹过车轮了，一家四口爬到车顶上", "水漫进院子，我和孩子上了房顶"]
)
def test_who_fled_upwards_from_the_water_is_heard(text: str) -> None:
    assert rings(text)


@pytest.mark.parametrize(
    "text",
    ["漏水淹了楼下，我们上到房顶看是水箱坏了", "自来水淹了楼道，我在楼顶找到阀门", "水涨价了，我家在楼顶还没通水"],
)
def test_who_looks_for_a_leak_on_the_roof_is_not_in_danger(text: str) -> None:
    assert not rings(text)


@pytest.mark.parametrize(
    "text",
    [
        "领导被车压着了",
        "厂里机器压着他的手",
        "单位电梯压着人了",
        "村里墙倒了压着一个娃",
        "银行大厅一个老人翻白眼倒了，工作人员不知道怎么办",
        "工作人员看着一个大爷翻白眼不管",
        "窗口那个老人翻白眼了",
        "孩子掉坑里人没影了",
        "砖厂冒浓烟，工人跑不出来",
    ],
)
def test_a_figure_of_speech_silences_no_real_plight_beside_the_same_words(text: str) -> None:
    assert rings(text)


@pytest.mark.parametrize(
    "text", ["井盖碎了一半，老人骑车差点摔进去，请尽快换上", "井盖没了，孩子差点掉进去", "广告牌掉下来差点砸到人"]
)
def test_what_nearly_happened_is_no_danger_now(text: str) -> None:
    assert not rings(text)


@pytest.mark.parametrize(
    "text",
    [
        "孩子差点掉进井里，现在一只手抓着井沿喊救命",
        "广告牌掉下来差点砸到人，现在还在往下掉",
        "桥面断了，车差点掉下去，车里人还出不来",
    ],
)
def test_what_nearly_happened_and_goes_on_is(text: str) -> None:
    assert rings(text)


def told_in_the_eighth_reading(want: str) -> list[str]:
    rows = Path(__file__).with_name("danger_eighth_reading.tsv").read_text("utf-8").splitlines()
    return [row.split("\t")[1] for row in rows if row.startswith(f"{want}\t")]


def test_what_an_eighth_reading_missed_is_heard_and_old_films_and_wet_ankles_ring_nobody() -> None:
    """Of the first 60 dangers 2 were missed and 4 of 60 calm matters rang; of 20 more, harder ones, 5 and 1."""
    life_, calm = told_in_the_eighth_reading("life"), told_in_the_eighth_reading("calm")
    false = [text for text in calm if rings(text)]
    assert (len(life_), len(calm)) == (94, 139)
    assert [text for text in life_ if not rings(text)] == []
    assert len(false) <= 0.07 * len(calm), false


@pytest.mark.parametrize(
    ("text", "line", "own"),
    [
        ("三岁小妮儿一个人坐在八楼空调外机上", "119", False),
        ("五岁的娃趴在阳台栏杆外面", "119", False),
        ("十三岁的学生坐在楼顶边上哭", "110", True),
        ("他妈抱着一岁的孩子坐在窗台外面", "110", True),
        ("塔吊歪了，眼看要砸到马路上", "119", False),
    ],
)
def test_a_small_child_on_a_sill_is_fetched_and_nobody_asks_whether_it_wants_to_die(
    text: str, line: str, own: bool
) -> None:
    said = life(normalise(text))
    assert lines(said)[0] == line and said[0].own_life is own


@pytest.mark.parametrize(
    "text", ["作业多得孩子跟不想活了一样天天抱怨", "那个跳楼的视频别再传了，对家属不好", "有人发假视频说学校着火"]
)
def test_a_manner_of_complaining_and_an_old_film_are_no_wish_to_die(text: str) -> None:
    assert not rings(text)
