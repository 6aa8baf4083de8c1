"""What a text says to the question: every line of the list right, no yes beside a complaint, whatever its words."""

from __future__ import annotations

import gzip
import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from classifier.answers.read import LONGEST_ANSWER, read_answer

HERE = Path(__file__).parent
ROWS = [json.loads(line) for line in (HERE / "answers.jsonl").read_text("utf-8").splitlines()]
YES = [row["text"] for row in ROWS if row["right"] == "yes"]
COMPLAINTS = (
    "还没修", "没人来", "又坏了", "灯不亮", "井盖没装", "水还是黄的", "态度恶劣", "糊弄人", "才怪", "个鬼", "吗", "？", "是假的", "拖了半年", "就怪了",
    "了个寂寞", "骗人", "但是太慢", "可惜晚了", "别再打电话了", "只修了一半", "呵呵", "差评", "自己修的", "花了五百", "never", "only half", "not really",
)  # fmt: skip
TROUBLES = ("停车难", "出行难", "上学难", "看病难", "办证难", "用水难", "如厕难")
"""Names of matters: “孩子上学难的事解决了” has no doubt in it."""

DATA = Path(os.environ.get("HOTLINE_DATA", Path(__file__).parents[3] / "../shared/data")).resolve()
MESSAGES = [DATA / f"teddy2020_{name}_train.jsonl.gz" for name in ("classify", "hot", "unlabelled")]


def test_the_list_is_long_and_goes_both_ways() -> None:
    kinds = [row["right"] for row in ROWS]
    assert len(ROWS) >= 300
    assert (
        all(kinds.count(kind) >= 60 for kind in ("yes", "no", "person", "not_an_answer")) and kinds.count("partly") >= 5
    )


@pytest.mark.parametrize("right", sorted({str(row["right"]) for row in ROWS}))
def test_every_line_of_the_list_is_read_right(right: str) -> None:
    """Found outside: T1. A line may be read in more ways than one."""
    rows = [(row, read_answer(row["text"]).verdict) for row in ROWS if row["right"] == right]
    assert [(row["text"], read) for row, read in rows if read not in {right, *row.get("also", [])}] == []


@settings(deadline=None)
@given(
    st.sampled_from(YES), st.sampled_from(COMPLAINTS), st.sampled_from(("", "，", "。", " ", "!", "\n")), st.booleans()
)
def test_a_yes_with_a_complaint_beside_it_is_no_yes(yes: str, complaint: str, between: str, first: bool) -> None:
    text = complaint + between + yes if first else yes + between + complaint
    assert read_answer(text).verdict != "yes"


@settings(deadline=None)
@given(st.sampled_from(YES), st.sampled_from("不没未难吗谁别假23半?…呵"), st.data())
def test_a_sign_of_doubt_anywhere_in_a_yes_unmakes_it(yes: str, sign: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(yes)))
    spoilt = yes[:at] + sign + yes[at:]
    assume(not any(trouble in spoilt for trouble in TROUBLES))
    assert read_answer(spoilt).verdict != "yes"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_gets_a_reading_and_digits_alone_tell_nothing_but_a_key(text: str) -> None:
    reading = read_answer(text)
    assert reading.verdict in ("yes", "no", "partly", "person", "not_an_answer") and reading.why


@pytest.mark.parametrize("text", ["1", "①", "回复1", "１。", "一"])
def test_the_key_tells_that_it_is_settled_and_nothing_else(text: str) -> None:
    assert dict(read_answer(text).details) == {"key": "1", "solved": "yes"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("满意", {"result": "4"}),
        ("非常满意", {"result": "5"}),
        ("解决了，谢谢", {"solved": "yes"}),
        ("没解决", {"solved": "no"}),
        ("不满意", {"result": "2"}),
        ("非常不满意", {"result": "1"}),
        ("3", {"key": "3", "solved": "no"}),
        ("2", {"key": "2", "solved": "partly"}),
    ],
)
def test_only_what_was_said_is_told(text: str, told: dict[str, str]) -> None:
    assert dict(read_answer(text).details) == told


def test_the_ticket_that_a_text_names_is_told_beside_its_answer() -> None:
    for text in ("261129000158 已解决，满意", "工单２６１１ ２９００ ０１５８：已解决，满意"):
        reading = read_answer(text)
        assert (reading.verdict, reading.details["number"]) == ("yes", "261129000158")


def test_a_long_story_is_no_yes_even_of_happy_words() -> None:
    assert read_answer("满意，" * LONGEST_ANSWER).verdict != "yes"


@pytest.mark.parametrize(
    "piece", ["1", "满意", "谢谢", "没", "（", "的", "稍后", "1 ", "已经都", "修好了", "不方便接听", "\u200b", "stop "]
)
def test_hostile_lengths_are_read_in_no_time(piece: str) -> None:
    started = time.process_time()
    read_answer(piece * (10_000 // len(piece)))
    assert time.process_time() - started < 0.5


@pytest.mark.skipif(not all(path.exists() for path in MESSAGES), reason=f"no messages in {DATA} (set HOTLINE_DATA)")
def test_no_real_message_to_a_message_board_is_a_yes() -> None:
    """Found outside: T1."""
    texts: set[str] = set()
    for path in MESSAGES:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                texts |= {row.get("text") or f"{row.get('subject') or ''}\n{row.get('body') or ''}"}
    assert len(texts) > 5_000
    assert [text for text in texts if read_answer(text).verdict == "yes"] == []
