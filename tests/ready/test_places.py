"""Places are filled from the ticket as its reader may see it; what stays open is marked, and refused from whoever works here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hotline.city.ready.places import filled, holes, open_places, personal, stray_braces
from hotline.errors import Refusal
from hotline.interviews import planning
from hotline.knowledge.wording import checked as of_article
from hotline.public_board.wording import Wording as Published
from hotline.public_board.wording import checked as of_publication
from hotline.ready import filling
from hotline.tickets import petitions
from tests.support.knowledge_book import wording
from tests.support.life import Life

BODY = "{市民称呼}您好，工单{工单号}由{单位}办理，{期限}前答复。{今天}、{明天}，{本人}，{热线}，{类别}，{楼层}"


def test_a_ticket_fills_what_it_knows(life: Life) -> None:
    ticket = life.ticket(name="王建国", category=next(c.code for c in life.city.categories.values() if c.level > 1))
    life.do(ticket, "du", "dispatch")
    said = filling.fill(BODY, life.city, life.people["he"], ticket, life.now)
    assert ticket.number in said and life.city.unit_name(ticket.unit_code) in said
    assert "3月4日" in said and "3月5日" in said and life.city.hotline_number in said
    assert open_places(said) == ["女士或先生", "楼层"]
    assert said.startswith("王【请填：女士或先生】您好")
    assert "建国" not in said


def test_without_a_ticket_and_for_an_informant_no_name_is_told(life: Life) -> None:
    sealed = life.ticket(words="举报单位领导，请保密", privacy="sealed", name="王建国")
    assert filling.fill("{市民称呼}", life.city, life.people["du"], sealed, life.now) == "您"
    assert filling.fill("{市民称呼}", life.city, life.people["du"], None, life.now) == "【请填：市民称呼】"
    foreign = life.ticket(name="John Smith")
    assert filling.fill("{市民称呼}", life.city, life.people["du"], foreign, life.now) == "【请填：市民称呼】"


def test_marks_are_found_once_each() -> None:
    text = filled("{路名}，{路名}，{门牌}", {})
    assert open_places(text) == ["路名", "门牌"]
    assert open_places("【市城管局】您好") == []
    assert open_places("将于【请填：日期前修好。") == ["日期前修好。"], "a part of the mark was deleted"
    assert open_places("将于【请填】前") == [""]
    assert holes("工单{工单号}，{某处}") == ["工单号"], "copied from the list, never filled"
    assert stray_braces("{路名") and stray_braces("路名}") and not stray_braces("{路名}{门牌}")


def test_an_offices_own_number_is_no_personal_data() -> None:
    assert personal("请拨打0372-2345678联系{经办人}。") == []
    assert personal("请拨打13812345678联系。") == ["13812345678"]


def test_words_with_an_open_place_are_refused_from_staff_and_taken_from_citizens(life: Life) -> None:
    ticket = life.to("handling")
    with pytest.raises(Refusal) as refused:
        life.do(ticket, "he", "interim", answer="预计【请填：日期】前修好。")
    assert "日期" in refused.value.problems["answer"]
    with pytest.raises(Refusal):
        petitions.ask(
            life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "因【请填：原因】延期"}
        )
    life.do(ticket, "citizen", "add", text="短信里写着【请填：日期】是什么意思？")
    life.do(ticket, "he", "interim", answer="预计三日前修好。")


@pytest.mark.parametrize("hole", ["【请填：日期】前修好", "【请填：日期 前修好", "工单{工单号}已办"])
def test_no_door_to_citizens_lets_words_with_a_hole_through(life: Life, hole: str) -> None:
    """Actions, articles and guides that are read out and sent, what is published, and what is recorded of a live session."""
    handling, closed = life.to("handling"), life.to("closed")
    now = life.now
    doors: tuple[Callable[[], object], ...] = (
        lambda: life.do(handling, "he", "interim", answer=hole),
        lambda: of_article(wording(phone_answer=hole), "article", life.city, now.date()),
        lambda: of_article(wording(text_answer=hole), "article", life.city, now.date()),
        lambda: of_article(wording(guide={"papers": ["身份证", hole]}), "matter", life.city, now.date()),
        lambda: of_publication(closed, Published("路灯", "路灯不亮", hole)),
        lambda: planning.plan(life.db, life.city, life.people["du"], {"theme": hole}, now),
    )
    for door in doors:
        with pytest.raises(Refusal) as refused:
            door()
        assert "没填的地方" in " ".join(refused.value.problems.values()), door
