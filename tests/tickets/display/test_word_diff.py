"""What is new since the last round, word by word, and nothing of the text lost."""

from __future__ import annotations

import pytest

from hotline.tickets.display.word_diff import word_diff

PAIRS = [
    ("路灯线路已于今日更换，现已恢复照明。", "路灯线路已更换；又加装4盏灯，3月9日完工。"),
    ("", "已修好。"),
    ("已修好。", ""),
    ("ＡＢＣ 公司  已停工\n待查", "ABC 公司已复工\n\n已查"),
    ("，。；", "！？"),
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_both_texts_can_be_read_back_from_the_difference(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(p.text for p in pieces if p.kind != "gone") == new
    assert "".join(p.text for p in pieces if p.kind != "new") == old


def test_an_unchanged_text_is_one_that_nothing_left_or_joined() -> None:
    assert {p.kind for p in word_diff("已安排维修，请谅解。", "已安排维修，请谅解。")} == {"same"}


def test_only_what_changed_is_marked() -> None:
    pieces = word_diff("更换线路两处。", "更换线路三处。")
    assert [p.text for p in pieces if p.kind == "new"] and "更换" in pieces[0].text and pieces[0].kind == "same"
