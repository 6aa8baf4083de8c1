"""What the caller wants and how urgent it is, on sentences written for this test (requests.tsv: type, urgency, text)."""

from pathlib import Path

import pytest

from classifier.text import cues
from classifier.text.words import normalise

LINES = [
    line.split("\t")
    for line in (Path(__file__).parent / "requests.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_whoever_is_in_danger_is_rung_for_whatever_the_words() -> None:
    assert [text for _, urgency, text in LINES if urgency == "critical" and not cues.safety(normalise(text))] == []


def test_every_critical_matter_is_urgent_at_least() -> None:
    calm = [
        text for _, urgency, text in LINES if urgency == "critical" and cues.urgency(normalise(text))[0] == "normal"
    ]
    assert len(calm) <= 1


def test_hardly_any_everyday_matter_is_called_critical() -> None:
    everyday = [text for _, urgency, text in LINES if urgency == "normal"]
    loud = [text for text in everyday if cues.urgency(normalise(text))[0] == "critical"]
    assert len(loud) <= 0.03 * len(everyday), loud


def test_most_callers_wishes_are_heard() -> None:
    heard = sum(cues.request_type(normalise(text))[0].code == kind for kind, _, text in LINES)
    assert heard >= 0.7 * len(LINES)


@pytest.mark.parametrize(
    "text",
    [
        "消防演练哪天搞",
        "触电急救的培训班在哪报名",
        "想买火灾保险",
        "不会爆炸吧",
        "天然气价格是多少",
        "车子卡在收费站排队",
        "地震预警手机上怎么打开",
    ],
)
def test_talk_about_danger_is_no_danger(text: str) -> None:
    assert "danger" not in [one.code for one in cues.safety(normalise(text))]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("电梯卡在八楼，里面关着三个人", "关着三个人"),
        ("高压线掉在地里", "高压线掉在"),
        ("三楼燃气的味道很大", "燃气的味"),
        ("外墙的砖往下掉", "砖往下掉"),
        ("好几个学生吃完饭呕吐", "学生吃完饭呕吐"),
        ("楼下有人拿着大菜刀追人", "拿着大菜刀追"),
        ("有个老人往河里慢慢走", "往河里慢慢走"),
    ],
)
def test_two_things_near_each_other_ring_and_are_named(text: str, word: str) -> None:
    heard = [one for found in cues.safety(normalise(text)) for one in found.words]
    assert any(one in word or word in one for one in heard)


def test_no_text_makes_the_phrases_slow() -> None:
    import time

    started = time.process_time()
    for text in ("人" * 3_000, "掉进" * 1_500, "煤气 " * 1_000, "路面" * 1_500):
        cues.safety(text)
        cues.urgency(text)
    assert time.process_time() - started < 2
