"""A file is answered whole, in its order, alike by one process and by several, and never left half written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from classifier.category.keywords import KeywordClassifier
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.training.classify_rows import CHUNK, classified, classify
from hotline.triage.active_classifier import keyword_classifier
from hotline.triage.propose import consider, ranked_rows

MATTERS = ("路灯不亮，没人修", "小区停水两天了", "老板拖欠工资不给", "请问身份证怎么补办", "楼下烧烤油烟扰民", "")


@pytest.fixture(scope="module")
def classifier(city: City) -> KeywordClassifier:
    return keyword_classifier(city)


def letters(path: Path, count: int) -> Path:
    rows = [
        {"id": f"n{n}", "text": f"{MATTERS[n % len(MATTERS)]}，第{n}次反映，电话1380000{n:04d}"} for n in range(count)
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def quiet(done: int, of: int | None) -> None:
    return None


def test_two_processes_write_what_one_writes(city: City, classifier: KeywordClassifier, tmp_path: Path) -> None:
    source = letters(tmp_path / "in.jsonl", 3 * CHUNK + 7)
    counted: list[tuple[int, int | None]] = []
    one = classify(city, classifier, source, tmp_path / "one.jsonl", "text", quiet, 1)
    two = classify(
        city, classifier, source, tmp_path / "two.jsonl", "text", lambda done, of: counted.append((done, of)), 2
    )
    assert one == two == 3 * CHUNK + 7 and counted[-1] == (two, two)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    said = [json.loads(line)["id"] for line in (tmp_path / "two.jsonl").read_text(encoding="utf-8").splitlines()]
    assert said == [f"n{n}" for n in range(two)]


@pytest.mark.parametrize("processes", [1, 2])
def test_an_interrupted_run_leaves_no_half_file(
    city: City, classifier: KeywordClassifier, tmp_path: Path, processes: int
) -> None:
    def interrupt(done: int, of: int | None) -> None:
        if done == CHUNK + 5:
            raise KeyboardInterrupt

    source = letters(tmp_path / "in.jsonl", 4 * CHUNK)
    with pytest.raises(KeyboardInterrupt):
        classify(city, classifier, source, tmp_path / "out.jsonl", "text", interrupt, processes)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_row_that_cannot_be_read_is_answered_with_the_reason(
    city: City, classifier: KeywordClassifier, tmp_path: Path
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "路灯坏了"}\nnot json\n{"text": null}\n{"text": 12345}\n', encoding="utf-8")
    assert classify(city, classifier, source, tmp_path / "out.jsonl", "text", quiet, 1) == 4
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [1, 2, 3, 4]
    assert rows[1].keys() == {"id", "trouble"} and "JSON" in rows[1]["trouble"] and not rows[2]["known"]


def test_half_characters_and_empty_rows_are_answered_each(
    city: City, classifier: KeywordClassifier, tmp_path: Path
) -> None:
    """Half an emoji in a text, in the id or in a name of a fact: as many lines out as rows in. Found outside: I8."""
    rows = [
        '{"text":"路灯不亮"}',
        r'{"text":"井盖丢了 \ud83d"}',
        r'{"id":"\udc00x","text":"\udc00停水\ud83d了"}',
        '{"text":""}',
        '{"text":"   "}',
        '{"text":"😀😀"}',
        '{"nix":"x"}',
        '{"text":null}',
        '{"text":123}',
        r'{"text":["\ud83d"]}',
        r'{"\ud83d":1,"text":"停电了"}',
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert classify(city, classifier, tmp_path / "in.jsonl", tmp_path / "out.jsonl", "text", quiet, 1) == len(rows)
    said = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(said) == len(rows)
    assert said[2]["category"] == "0301"


def test_a_stretch_of_rows_that_cannot_be_read_holds_nothing_up(
    city: City, classifier: KeywordClassifier, tmp_path: Path
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "路灯坏了"}\n' + "not json\n" * 2 * CHUNK + '{"text": "停水了"}\n', encoding="utf-8")
    assert classify(city, classifier, source, tmp_path / "out.jsonl", "text", quiet, 2) == 2 * CHUNK + 2
    last = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(last)["category"] == "0301"


def test_a_missing_column_or_file_is_named_and_nothing_is_written(
    city: City, classifier: KeywordClassifier, tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match="letter"):
        classify(city, classifier, letters(tmp_path / "in.jsonl", 3), tmp_path / "out.jsonl", "letter", quiet)
    with pytest.raises(Refusal, match="nowhere"):
        classify(city, classifier, tmp_path / "nowhere.jsonl", tmp_path / "out.jsonl", "text", quiet)
    with pytest.raises(Refusal, match="folder"):
        classify(city, classifier, tmp_path / "in.jsonl", tmp_path / "folder" / "out.jsonl", "text", quiet)
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("小區門口路燈壞了三天，晚上黑漆漆", "0204"),
        ("俺这儿的路灯不着了，黑咕隆咚嘞，恁来人修修呗", "0204"),
        ("嗯那个就是路灯啊它不亮了然后呃晚上看不见路", "0204"),
        ("路 灯 不 亮", "0204"),
        ("路灯坏💡💡了😡😡", "0204"),
        ("停水了", "0301"),
        ("the street 路灯 is broken 不亮 please help", "0204"),
        ("路灯不亮。" * 20_000, "0204"),
    ],
)
def test_a_matter_is_recognised_in_any_writing(
    city: City, classifier: KeywordClassifier, text: str, category: str
) -> None:
    assert classified(city, classifier, [text])[0]["category"] == category


@pytest.mark.parametrize(
    "text", ["", "啊", "？？？", "😀😀😀", "asdfgh jkl", "1234567", "喂喂喂", "\x00\ud800", "天地玄黄宇宙洪荒"]
)
def test_nonsense_is_honestly_not_known(city: City, classifier: KeywordClassifier, text: str) -> None:
    said: dict[str, Any] = classified(city, classifier, [text])[0]
    assert not said["known"] and said["category"] is None and said["unit"] is None


def test_a_row_is_routed_as_a_ticket_is(city: City, classifier: KeywordClassifier) -> None:
    for text, row in zip(MATTERS, classified(city, classifier, MATTERS), strict=True):
        found = consider(city, classifier, text)
        assert (row["category"], row["unit"], row["helpers"]) == (found.category, found.unit, found.helpers)
        assert (row["request_type"], row["urgency"], row["safety"]) == (found.request_type, found.urgency, found.safety)
        assert row["ranked"] == ranked_rows(found.suggestion)
