"""Several words of a question: whichever is rare leads, and what is found is what an intersection of all finds."""

from __future__ import annotations

import pytest

from hotline.tickets.lists.ticket_list import Wanted, find
from hotline.tickets.search import full_text, matching
from tests.support.life import Life
from tests.support.statements import statements

QUESTIONS = (
    "路灯 王庄村",
    "王庄村 路灯",
    "路灯 不亮",
    "路灯 王庄村 不亮",
    "王庄村 没有这个词",
    "灯 王庄",
    "13800001234 路灯",
    "13800001234 王庄村",
)


def told(life: Life) -> list[int]:
    """Tickets whose words stand together, apart in later parts, behind the mask, and one by one."""
    texts = ("王庄村路灯不亮", "王庄村路口很黑", "文峰大道路灯不亮", "王庄村路灯，电话 13800001234", "修井盖")
    tickets = [life.ticket(phone="", words=text, title="标题") for text in texts]
    for ticket in tickets[:4]:
        life.do(ticket, "du", "dispatch")
    made = [ticket.id for ticket in tickets]
    full_text.index_more(life.db, full_text.Written(made[1], ["补充：就是路灯不亮"]))
    full_text.index_more(life.db, full_text.Written(made[2], ["补充：靠近王庄村，电话 13800001234"]))
    return made


@pytest.mark.parametrize("person", ["du", "he"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_rare_word_leads_to_is_what_all_words_share(
    life: Life, monkeypatch: pytest.MonkeyPatch, person: str, question: str
) -> None:
    told(life)

    def found() -> list[int]:
        return [row.id for row in find(life.db, life.people[person], Wanted(words=question), sort="number").rows]

    led = found()
    assert led or "没有" in question or person == "he"
    monkeypatch.setattr(matching, "FEW", -1)
    assert found() == led


def test_two_words_that_many_have_are_intersected_and_a_rare_one_is_not(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    if life.db.get_bind().dialect.name == "sqlite":
        return  # its index knows rows by number and fetches none
    told(life)
    monkeypatch.setattr(matching, "FEW", 1)
    for question, intersected in (("路灯 不亮", True), ("路灯 修井盖", False)):
        with statements(life.db.get_bind()) as asked:
            find(life.db, life.people["du"], Wanted(words=question), sort="number")
        assert any("INTERSECT" in one for one in asked) is intersected
