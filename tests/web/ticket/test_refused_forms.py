"""A form that is refused comes back with every word, and nothing typed is ever lost."""

from __future__ import annotations

from sqlalchemy import select

from models import Draft
from tests.support.life import Life
from tests.web.ticket.prepared import Browse, events, fresh, ready, reply_form


def test_a_refused_form_comes_back_with_every_word_and_the_sentence(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    form = reply_form(life, ticket, outcome="partly", facts="灯杆编号 A-17，线路断开三处。")
    answer = browse(life.staff["he"]).post(f"/tickets/{ticket.number}/do/reply", data=form)
    assert answer.status_code == 400
    assert "没有完全解决的，请写明原因。" in answer.text
    assert "灯杆编号 A-17，线路断开三处。" in answer.text
    assert fresh(life, ticket).state == "handling"


def test_each_wrong_field_is_named_beside_itself(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    answer = browse(life.staff["he"]).post(
        f"/tickets/{ticket.number}/do/reply", data={"seen": ticket.move_count, "facts": "只写了这个"}
    )
    assert answer.status_code == 400
    assert 'href="#f-measures"' in answer.text
    assert "只写了这个" in answer.text


def test_an_unknown_unit_is_refused_by_its_name(life: Life, browse: Browse) -> None:
    ticket = ready(life, "to_dispatch")
    answer = browse(life.staff["du"]).post(
        f"/tickets/{ticket.number}/do/dispatch", data={"unit": "不存在的局", "seen": ticket.move_count}
    )
    assert answer.status_code == 400
    assert answer.text.count("不存在的局") >= 2


def test_an_impossible_date_is_refused_and_shown_again(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    form = {"until": "2026-02-31", "reason": "等配件", "seen": ticket.move_count}
    answer = browse(life.staff["he"]).post(f"/tickets/{ticket.number}/do/wait", data=form)
    assert answer.status_code == 400
    assert "2026-02-31" in answer.text
    assert "等配件" in answer.text


def test_who_may_not_is_told_so_and_keeps_the_text(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    answer = browse(life.staff["an"]).post(
        f"/tickets/{ticket.number}/do/reply", data=reply_form(life, ticket, facts="越权写的内容")
    )
    assert answer.status_code == 403
    assert "越权写的内容" in answer.text


def test_the_second_of_two_hears_what_changed_and_keeps_the_words_in_the_page_and_as_a_draft(
    life: Life, browse: Browse
) -> None:
    ticket = ready(life)
    opened = ticket.move_count
    life.do(ticket, "he", "reply")
    life.db.commit()
    words = "第二个人写了很久的调查事实。"
    form = {**reply_form(life, ticket, facts=words), "seen": opened}
    life.db.commit()
    answer = browse(life.staff["hejt"]).post(f"/tickets/{ticket.number}/do/reply", data=form)
    assert answer.status_code == 409
    assert "提交第 1 轮答复" in answer.text
    assert words in answer.text
    life.db.rollback()
    draft = life.db.scalars(select(Draft).where(Draft.key == f"reply:{ticket.number}")).one()
    assert draft.data["facts"] == words


def test_a_double_click_is_one_note(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    he = browse(life.staff["he"])
    for _ in range(2):
        assert he.post(f"/tickets/{ticket.number}/do/note", data={"text": "只记一次", "once": "k1"}).status_code == 303
    assert events(life, ticket).count("note") == 1


def test_a_refused_form_may_be_sent_again_with_the_same_key(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    he = browse(life.staff["he"])
    assert he.post(f"/tickets/{ticket.number}/do/note", data={"text": "", "once": "k2"}).status_code == 400
    assert he.post(f"/tickets/{ticket.number}/do/note", data={"text": "写好了", "once": "k2"}).status_code == 303


def test_the_draft_is_gone_when_the_form_was_accepted(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    he = browse(life.staff["he"])
    he.put(f"/drafts/reply:{ticket.number}", json={"version": 0, "data": {"facts": "写了一半"}})
    assert "data-draft-saved" in he.get(f"/tickets/{ticket.number}/do/reply").text
    assert he.post(f"/tickets/{ticket.number}/do/reply", data=reply_form(life, ticket)).status_code == 303
    life.db.rollback()
    assert life.db.scalar(select(Draft.id)) is None


def test_html_and_sql_in_every_field_are_only_words(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    nasty = "<script>alert(1)</script>'; DROP TABLE ticket; --😀𠮷"
    he = browse(life.staff["he"])
    assert (
        he.post(
            f"/tickets/{ticket.number}/do/reply", data=reply_form(life, ticket, facts=nasty, measures=nasty)
        ).status_code
        == 303
    )
    page = he.get(f"/tickets/{ticket.number}").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "😀𠮷" in page


def test_refused_words_stand_under_the_labels_people_know_with_what_they_chose(life: Life, browse: Browse) -> None:
    """They stood under "public_answer" and "truth": whoever had to type them again did not know where each belonged."""
    ticket = ready(life)
    number, form = ticket.number, reply_form(life, ticket, facts="查了三家店的情况", public_answer="三家店已装净化器。")
    form |= {"no_such_field": "多出来的"}
    life.db.rollback()
    page = browse(life.staff["chang"]).post(f"/tickets/{number}/do/reply", data=form)
    assert page.status_code == 404
    said = page.text.split("您刚才填写的内容")[1]
    assert "调查事实" in said and "查了三家店的情况" in said and "是否属实" in said and "三家店已装净化器。" in said
    assert "public_answer" not in said and "contacted_at" not in said and ">true<" not in said
    assert "no_such_field" in said and "多出来的" in said, "an unknown field keeps its words too"


def test_every_value_of_a_field_is_given_back(life: Life, browse: Browse) -> None:
    number = ready(life).number
    life.db.rollback()
    form = {"reasons": ["R01", "R02"], "note": "请写明是否修好"}
    page = browse(life.staff["chang"]).post(f"/tickets/{number}/do/redo", data=form)
    said = page.text.split("您刚才填写的内容")[1]
    assert "请写明是否修好" in said and "R01 结果不明确\nR02 答非所问" in said
