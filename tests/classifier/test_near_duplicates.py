"""Near-identical texts are found among many, and only those."""

import gzip
import itertools
import json
import os
import random
import time
from pathlib import Path

import pytest

from classifier.near_duplicates import NEAR, NearDuplicateIndex, near_duplicate_groups, near_duplicate_pairs

DATA = Path(os.environ.get("HOTLINE_DATA", Path(__file__).parents[2] / "../shared/data")).resolve()
HOT = DATA / "teddy2020_hot_train.jsonl.gz"
LETTER = "我是安康小区的住户，小区西门外的烧烤摊每天营业到凌晨两点，油烟直接飘进卧室，多次向物业反映没有结果，请有关部门处理。"


def test_the_same_letter_under_another_title_and_greeting_is_a_twin() -> None:
    index = NearDuplicateIndex()
    index.add("1", "西门烧烤摊扰民\n" + LETTER)
    (twin,) = index.find("再次反映安康小区西门油烟\n尊敬的领导：" + LETTER.replace("凌晨两点", "凌晨2点"))
    assert twin.id == "1" and twin.score >= NEAR


def test_another_matter_in_similar_words_is_not() -> None:
    index = NearDuplicateIndex()
    index.add("1", LETTER)
    assert (
        index.find(
            "我是安康小区的住户，小区电梯三天两头坏，老人上下楼很不方便，多次向物业反映没有结果，请有关部门处理。"
        )
        == []
    )


def test_a_scrap_inside_a_long_letter_is_not_a_twin() -> None:
    index = NearDuplicateIndex()
    index.add("1", LETTER + "".join(f"另外第{n}栋的住户也说楼道灯坏了{n * 7}天。" for n in range(40)))
    assert index.find("多次向物业反映没有结果，请有关部门处理。") == []


def test_a_letter_lengthened_by_its_writer_is_found() -> None:
    index = NearDuplicateIndex()
    index.add("1", LETTER)
    assert [twin.id for twin in index.find(LETTER + "现在已经过去一个月，摊主还增加了三张桌子。", 0.8)] == ["1"]


def test_a_removed_text_is_not_found_and_a_replaced_one_is_found_anew() -> None:
    index = NearDuplicateIndex()
    index.add("1", LETTER)
    index.remove("1")
    assert index.find(LETTER) == [] and len(index) == 0
    index.add("1", "完全不同的一段话，说的是公交车不准时，等了四十分钟没有来一辆。")
    assert index.find(LETTER) == []


def test_groups_join_through_a_third_text() -> None:
    first, second = LETTER, LETTER[10:] + "摊主态度恶劣。"
    third = second[6:] + "希望尽快回复。"
    items = [("1", first), ("2", second), ("3", third), ("4", "路灯坏了没人修，晚上走路看不见。")]
    assert {frozenset(group) for group in near_duplicate_groups(items, 0.75)} == {frozenset({"1", "2", "3"})}
    assert all(older < newer for older, newer, _ in near_duplicate_pairs(items, 0.75))


@pytest.mark.parametrize("text", ["", "？", "路", "😀", "abc"])
def test_tiny_texts_do_no_harm(text: str) -> None:
    index = NearDuplicateIndex()
    index.add("1", text)
    index.add("2", LETTER)
    index.find(text)
    assert [twin.id for twin in index.find(LETTER)] == ["2"]


@pytest.mark.slow
def test_a_look_up_among_a_hundred_thousand_takes_under_fifty_milliseconds() -> None:
    chance = random.Random(7)
    words = [chr(0x4E00 + chance.randrange(3000)) + chr(0x4E00 + chance.randrange(3000)) for _ in range(4000)]
    index = NearDuplicateIndex()
    for number in range(100_000):
        index.add(str(number), "".join(chance.choices(words, k=40)) + "请有关部门尽快处理，谢谢。")
    index.add("twin", LETTER)
    start = time.perf_counter()
    for _ in range(20):
        assert index.find(LETTER)[0].id == "twin"
    assert (time.perf_counter() - start) / 20 < 0.05


@pytest.mark.skipif(not HOT.exists(), reason=f"no data in {DATA} (set HOTLINE_DATA)")
def test_the_known_twins_of_the_real_messages_are_found() -> None:
    with gzip.open(HOT, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row["id"])
    truth = {tuple(sorted(pair)) for ids in groups.values() for pair in itertools.combinations(ids, 2)}
    found_groups = near_duplicate_groups((row["id"], f"{row['subject']}\n{row['body']}") for row in rows)
    found = {tuple(sorted(pair)) for ids in found_groups for pair in itertools.combinations(ids, 2)}
    assert len(found & truth) / len(found) >= 0.98
    assert len(found & truth) / len(truth) >= 0.98
