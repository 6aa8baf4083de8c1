"""A session's questions: each a ticket, none lost or doubled, chosen and put together by one, written down by another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from hotline.interviews import planning, questions
from hotline.interviews.by_text import open_question
from hotline.interviews.figures import figures_of
from models import Interview, InterviewQuestion, Message, Ticket
from tests.support.cities.talks import a_session, ask
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.support.refusals import refused


def state_of(life: Life, question: InterviewQuestion) -> str:
    life.db.refresh(question)
    return question.state


@pytest.fixture
def live(life: Life) -> Interview:
    one = a_session(life)
    planning.step(life.db, life.people["du2"], one.id, "start", life.now)
    return one


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"theme": " "}, "theme"),
        ({"guest_unit": "nowhere"}, "guest_unit"),
        ({"starts_at": "明天"}, "starts_at"),
        ({"ends_at": "2026-03-04T09:00"}, "ends_at"),
        ({"opens_at": "2026-03-09T10:00"}, "opens_at"),
        ({"theme": "长" * 121}, "theme"),
        ({"starts_at": "9999-01-01T00:00"}, "starts_at"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_its_field(life: Life, changed: dict[str, str], field: str) -> None:
    with refused("invalid_form") as told:
        a_session(life, **changed)
    assert field in told.value.problems
    assert life.db.scalar(select(func.count()).select_from(Interview)) == 0


def test_two_sessions_do_not_share_a_code_word(life: Life) -> None:
    a_session(life, code_word="访谈")
    with refused("invalid_form") as told:
        a_session(life, code_word="访谈城管")
    assert "code_word" in told.value.problems


def test_a_session_goes_its_way_once(life: Life, live: Interview) -> None:
    with refused("overtaken"):
        planning.step(life.db, life.people["du2"], live.id, "start", life.now)
    with refused("begun"):
        planning.plan(life.db, life.city, life.people["du2"], {}, life.now, live)
    planning.step(life.db, life.people["du2"], live.id, "end", life.now)
    assert (live.state, live.ended_at) == ("ended", life.now)


def test_questions_are_taken_from_the_opening_until_the_end(life: Life) -> None:
    one = a_session(life, opens_at=(life.now + timedelta(hours=1)).isoformat())
    with refused("not_open"):
        ask(life, one, "路灯什么时候修？")
    life.clock.forward(hours=2)
    ask(life, one, "路灯什么时候修？")
    planning.step(life.db, life.people["du2"], one.id, "start", life.now)
    ask(life, one, "垃圾什么时候清？")
    planning.step(life.db, life.people["du2"], one.id, "end", life.now)
    with refused("not_open"):
        ask(life, one, "还能问吗？")


def test_one_is_on_air_at_a_time_and_the_next_finishes_the_one_before(life: Life, live: Interview) -> None:
    first, second = ask(life, live, "路灯什么时候修？"), ask(life, live, "垃圾什么时候清？")
    questions.choose(life.db, live, first.id, life.now)
    with refused("overtaken"):
        questions.choose(life.db, live, first.id, life.now)
    questions.put_back(life.db, live, first.id)
    questions.choose(life.db, live, first.id, life.now)
    questions.choose(life.db, live, second.id, life.now)
    assert (state_of(life, first), state_of(life, second)) == ("answered", "on_air")


def test_the_same_question_is_put_together_and_answered_once(life: Life, live: Interview) -> None:
    first, second, third = (ask(life, live, f"文峰大道路灯什么时候修？{n}") for n in range(3))
    assert questions.put_together(life.db, life.city, live, third.id, second.id, life.people["du"], life.now)
    questions.put_together(life.db, life.city, live, second.id, first.id, life.people["du"], life.now)
    life.db.refresh(third)
    assert third.asked_with_id == first.id, "whoever was put with it goes along"
    (shown,) = questions.listed(life.db, live)
    assert shown.question.id == first.id and shown.more == 2
    questions.choose(life.db, live, first.id, life.now)
    questions.record(life.db, live, first.id, "本周五前修好。", 0, life.people["an"])
    for one in (first, second, third):
        found = questions.answer_for(life.db, life.db.get_one(Ticket, one.ticket_id))
        assert found is not None and found[1] == "本周五前修好。"
    with refused("same_question"):
        questions.put_together(life.db, life.city, live, first.id, first.id, life.people["du"], life.now)


def test_who_may_not_merge_tickets_puts_only_the_questions_together(life: Life, live: Interview) -> None:
    first, second = ask(life, live, "路灯什么时候修？"), ask(life, live, "路灯何时修好？")
    assert not questions.put_together(life.db, life.city, live, second.id, first.id, life.people["tou"], life.now)
    assert life.db.get_one(Ticket, second.ticket_id).state == "to_dispatch", "each goes on by itself"


def test_a_record_with_a_place_that_nobody_filled_is_not_kept(life: Life, live: Interview) -> None:
    one = ask(life, live, "路灯什么时候修？")
    with refused("still_open"):
        questions.record(life.db, live, one.id, "【请填：日期】前修好。", 0, life.people["an"])


def test_of_two_recorders_the_second_is_told_and_nothing_is_overwritten(life: Life, live: Interview) -> None:
    one = ask(life, live, "路灯什么时候修？")
    questions.record(life.db, live, one.id, "本周五前修好。", 0, life.people["an"])
    with refused("overtaken"):
        questions.record(life.db, live, one.id, "下周修。", 0, life.people["班"])
    life.db.refresh(one)
    assert (one.answer, one.recorded_by_name) == ("本周五前修好。", "an")


def test_what_was_said_live_is_where_the_units_reply_begins(life: Life, live: Interview) -> None:
    one = ask(life, live, "路灯什么时候修？")
    questions.choose(life.db, live, one.id, life.now)
    questions.record(life.db, live, one.id, "本周五前修好。", 0, life.people["an"])
    planning.step(life.db, life.people["du2"], live.id, "end", life.now)
    questions.finish(life.db, live, life.now)
    assert questions.send_to_guest(life.db, life.city, live, life.people["du"], life.now) == (1, 0)
    ticket = life.db.get_one(Ticket, one.ticket_id)
    assert (ticket.state, ticket.unit_code) == ("to_sign", CHENGGUAN), (
        "and goes the way of every ticket, with its clocks"
    )


def test_a_sealed_matter_is_in_no_list(life: Life, live: Interview) -> None:
    one = ask(life, live, "某局长收礼，请查。")
    ticket = life.db.get_one(Ticket, one.ticket_id)
    ticket.privacy = "sealed"
    life.db.flush()
    assert questions.listed(life.db, live) == []


def test_the_figures_add_up(life: Life, live: Interview) -> None:
    asked = [
        ask(life, live, f"第{n}件事怎么办？", door=door)
        for n, door in enumerate(("page", "page", "phone", "sms", "sms"))
    ]
    questions.choose(life.db, live, asked[0].id, life.now)
    questions.put_together(life.db, life.city, live, asked[1].id, asked[0].id, life.people["du"], life.now)
    questions.finish(life.db, live, life.now)
    later = life.db.get_one(Ticket, asked[2].ticket_id)
    for login, action in (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass"), ("citizen", "record")):
        life.do(later, login, action)
    found = figures_of(life.db, live)
    by_door = {door: n for door, n in found.by_door.items() if n}
    assert by_door == {"page": 2, "phone": 1, "sms": 2} and found.all == 5
    assert found.by_end == {"live": 2, "later": 1, "open": 2} and sum(found.by_end.values()) == found.all
    assert (found.together, found.rated, found.satisfied) == (1, 1, 1)


def test_words_that_only_look_like_a_code_word_are_a_matter_of_their_own(life: Life) -> None:
    one = a_session(life, code_word="ZJ访谈")
    said: list[Any] = [
        planning.by_code_word(life.db, words, life.now)
        for words in ("zj访谈：物业费怎么收？", "ＺＪ访谈 物业费怎么收？", "ZJ访谈", "我想看ZJ访谈", "物业费怎么收？")
    ]
    assert [found and (found[0].id, found[1]) for found in said] == [
        (one.id, "物业费怎么收？"), (one.id, "物业费怎么收？"), None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "【供暖】暖气不热",
        "“供暖”暖气不热",
        "供 暖　暖气不热",
        "＃供暖＃ 暖气不热",
        "供暖～暖气不热",
        "《供暖》：暖气不热",
    ],
)
def test_a_code_word_is_heard_with_the_signs_that_people_put_around_it(life: Life, words: str) -> None:
    one = a_session(life, code_word="供暖")
    found = planning.by_code_word(life.db, words, life.now)
    assert found is not None and (found[0].id, found[1]) == (one.id, "暖气不热")


def test_a_code_word_that_begins_the_citizens_own_sentence_stays_in_it(life: Life) -> None:
    one = a_session(life, code_word="供暖")
    found = planning.by_code_word(life.db, "供暖费太高了，能不能降", life.now)
    assert found is not None and (found[0].id, found[1]) == (one.id, "供暖费太高了，能不能降")


def test_a_question_follows_the_ticket_that_it_was_merged_into_and_waits_again_when_they_are_parted(
    life: Life, live: Interview
) -> None:
    first, second, third = (ask(life, live, f"文峰大道路灯什么时候修？{n}") for n in range(3))
    own, master = (life.db.get_one(Ticket, one.ticket_id) for one in (second, first))
    life.do(own, "du", "merge", master=master.number)
    assert [(one.question.id, one.more) for one in questions.listed(life.db, live)] == [(first.id, 1), (third.id, 0)]
    with refused("asked_with_another"):
        questions.choose(life.db, live, second.id, life.now)
    questions.choose(life.db, live, first.id, life.now)
    questions.record(life.db, live, first.id, "本周五前修好。", 0, life.people["an"])
    questions.finish(life.db, live, life.now)
    found = figures_of(life.db, live)
    assert (found.by_end["live"], found.by_end["open"], found.together) == (2, 1, 1)
    life.do(own, "du", "unmerge")
    assert [one.question.id for one in questions.listed(life.db, live, "waiting")] == [second.id, third.id]
    assert figures_of(life.db, live).by_end["live"] == 1


def test_what_was_answered_stays_answered_when_its_ticket_goes_into_one_that_waits(life: Life, live: Interview) -> None:
    first, second, third = (ask(life, live, f"文峰大道路灯什么时候修？{n}") for n in range(3))
    questions.choose(life.db, live, second.id, life.now)
    questions.record(life.db, live, second.id, "本周五前修好。", 0, life.people["an"])
    questions.put_together(life.db, life.city, live, third.id, first.id, life.people["tou"], life.now)
    life.do(
        life.db.get_one(Ticket, second.ticket_id), "du", "merge", master=life.db.get_one(Ticket, first.ticket_id).number
    )
    (shown,) = questions.listed(life.db, live)
    assert (shown.question.id, shown.more) == (second.id, 2), "whoever asked with the other goes along"
    for one in (first, second, third):
        said = questions.answer_for(life.db, life.db.get_one(Ticket, one.ticket_id))
        assert said is not None and said[1] == "本周五前修好。"


def test_a_question_that_its_citizen_took_back_is_not_asked(life: Life, live: Interview) -> None:
    one, other = ask(life, live, "路灯什么时候修？", phone="13800001111"), ask(life, live, "垃圾什么时候清？")
    life.do(life.db.get_one(Ticket, one.ticket_id), "citizen", "withdraw")
    assert [each.question.id for each in questions.listed(life.db, live)] == [other.id]


def test_a_text_with_the_code_word_is_a_question_in_time_and_a_matter_else(life: Life) -> None:
    one = a_session(life)
    for minute, (state, door) in enumerate((("planned", 1), ("live", 2), ("ended", 2), ("cancelled", 2))):
        one.state = state
        life.clock.forward(minutes=1)
        heard = Message(direction="in", channel="sms", phone=f"1380000000{minute}", text=f"访谈城管 第{minute}盏灯何时修好？", state="received", provider="t", provider_id=str(minute), created_at=life.now, params={})  # fmt: skip
        life.db.add(heard)
        life.db.flush()
        ticket = open_question(life.db, life.city, heard, heard.text, life.now)
        assert heard.ticket_id == ticket.id and f"第{minute}盏灯" in ticket.text.body
        assert life.db.scalar(select(func.count()).select_from(InterviewQuestion)) == door
