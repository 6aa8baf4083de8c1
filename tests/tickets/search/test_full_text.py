"""Chinese words inside sentences are found, every one of them, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hotline.tickets.lists.ticket_list import Wanted, find
from hotline.tickets.search import full_text, matching
from models import Ticket
from tests.support.life import Life

TEXTS = (
    "东工路路灯不亮，请修。",
    "小区门口的灯坏了，路很黑。",
    "A3区麓谷明珠6栋停电",
    "彰德路公路灯箱广告太亮",
    "咨询 ETC 办理 etc",
    "🙂路灯🙂坏",
    "𠮷野家门口油烟",
    "it's a street-lamp; DROP TABLE ticket; --",
    "路 灯 分开写",
    "电话 13800001234",
)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("路灯", {0, 3, 5}),
        ("灯", {0, 1, 3, 5, 8}),
        ("停电", {2}),
        ("etc", {4}),
        ("路灯 东工路", {0}),
        ("公路灯箱", {3}),
        ("油烟", {6}),
        ("𠮷野", {6}),
        ("drop", {7}),
        ("水费", set()),
        ("13800001234", {9}),
        ("a3区", {2}),
        ("路灯坏", set()),
    ],
)
def test_every_sentence_with_the_word_is_found(life: Life, wanted: str, expected: set[int]) -> None:
    made = [life.ticket(phone="", words=text, title="标题").id for text in TEXTS]
    found = find(life.db, life.people["du"], Wanted(words=wanted), sort="number")
    assert {made.index(row.id) for row in found.rows} == expected


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet="路灯坏了水电a1 ，", min_size=1, max_size=30),
    st.text(alphabet="路灯坏了水电a1", min_size=1, max_size=6),
)
def test_terms_and_query_agree_on_what_contains_what(text: str, wanted: str) -> None:
    """A phrase of the query's terms stands in the text's terms exactly when the words stand in the text."""
    held, asked = full_text.terms(text), full_text._query_terms(wanted)
    here = any(_fits(held[i : i + len(asked)], asked) for i in range(len(held)))
    pieces = full_text._RUN.findall(wanted)
    chinese_only = len(pieces) == 1 and pieces[0] == wanted and wanted[0] >= "\u3400"
    if chinese_only:
        assert here == (wanted in text)


def test_a_long_words_first_five_thousand_characters_and_the_last_are_found(life: Life) -> None:
    ticket = life.ticket(phone="", words="无关" * 3000 + "最后才说路灯")
    assert [r.id for r in find(life.db, life.people["du"], Wanted(words="才说路灯"), sort="number").rows] == [ticket.id]


def test_what_was_added_later_is_found_too(life: Life) -> None:
    ticket = life.ticket(phone="", words="门口很黑")
    full_text.index_more(life.db, full_text.Written(ticket.id, ["补充：是路灯坏了"]))
    assert [r.id for r in find(life.db, life.people["du"], Wanted(words="路灯 很黑"), sort="number").rows] == [
        ticket.id
    ]


def test_a_forgotten_ticket_is_not_found(life: Life) -> None:
    ticket = life.ticket(phone="", words="路灯坏了", title="路灯")
    full_text.forget_all(life.db, [ticket.id])
    assert find(life.db, life.people["du"], Wanted(words="路灯"), sort="number").rows == []


def test_marks_alone_ask_nothing(life: Life) -> None:
    life.ticket()
    assert matching.matches(life.db, "，。！?") is None
    assert len(find(life.db, life.people["du"], Wanted(words="'\";--"), sort="number").rows) == 1
    assert life.db.scalar(select(Ticket.id)) is not None


def _fits(run: list[str], asked: list[str]) -> bool:
    return len(run) == len(asked) and all(
        r.startswith(a[:-1]) if a.endswith("*") else r == a for r, a in zip(run, asked, strict=True)
    )
