"""What a citizen texts reaches the matter it belongs to: a merged citizen's too, under their own number and in their language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.followup.answers import answer
from hotline.followup.ask import ask_citizens
from hotline.followup.by_text import take_text
from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.tickets.display.citizen_view import progress
from hotline.tickets.display.timeline import tell
from models import Message, Survey, Ticket, TicketEvent
from tests.support.life import Life

ROAD = (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass"))


@pytest.fixture
def life(db: Session, city: City, clock: StoppedClock) -> Life:
    return Life(db, city, clock)


def joined(life: Life, *, language: str = "zh", steps: int = 2) -> tuple[Ticket, Ticket]:
    """A master so many steps on its way, and the ticket of another citizen merged into it."""
    master, own = (
        life.ticket(phone="13800001111"),
        life.ticket(phone="13800002222", words="同一处路灯不亮。", language=language),
    )
    life.do(own, "du", "merge", master=master.number)
    for who, action in ROAD[:steps]:
        life.do(master, who, action)
    if steps == len(ROAD):
        ask_citizens(life.db, life.city, master, life.now, "http://x")
    return master, own


def text(life: Life, own: Ticket, words: str) -> str | None:
    assert own.citizen is not None
    back = take_text(life.db, life.city, own.citizen, words, life.now)
    life.db.flush()
    return back


def story(life: Life, ticket: Ticket, action: str) -> list[TicketEvent]:
    return list(
        life.db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == action))
    )


def survey(life: Life, own: Ticket) -> Survey:
    return life.db.scalars(select(Survey).where(Survey.own_id == own.id)).one()


# --- a merged citizen --------------------------------------------------------------------------------------------------


def test_a_merged_citizens_words_are_added_to_the_master_where_the_story_names_their_number(
    installation: Installation, life: Life
) -> None:
    master, own = joined(life)
    back = text(life, own, "补充一下，是邮局门口那一盏")
    assert back and own.number in back and master.number not in back
    (event,) = story(life, master, "add")
    assert tell([event], life.city)[0].who == f"市民（{own.number}）"
    assert [one.text for one in progress(life.db, life.city, own, life.now).passages if one.own] == [
        "补充一下，是邮局门口那一盏"
    ]
    assert not [one for one in progress(life.db, life.city, master, life.now).passages if one.own]
    life.db.commit()
    drain(installation)
    assert "chengguan" in life.db.scalars(select(Message.unit_code).where(Message.template_key == "added_unit")).all()


def test_a_merged_citizens_urge_counts_on_the_master_once_per_gap_and_no_word_is_lost(life: Life) -> None:
    master, own = joined(life)
    back = text(life, own, "怎么还没有人来修？")
    assert back and own.number in back and life.city.unit_name("chengguan") in back
    assert (master.urges, own.urges) == (1, 0)
    assert "记入" in (text(life, own, "催一下，今晚又是黑的") or "")
    assert master.urges == 1 and [e.data["text"] for e in story(life, master, "add")] == ["催一下，今晚又是黑的"]


def test_before_anybody_has_the_matter_an_urge_goes_to_the_hotline(life: Life) -> None:
    ticket = life.ticket(phone="13800001111")
    assert "热线中心" in (text(life, ticket, "请尽快处理") or "")


def test_what_was_asked_of_the_citizen_is_answered_and_not_urged(life: Life) -> None:
    ticket = life.ticket(phone="13800001111")
    life.do(ticket, "du", "ask_more")
    text(life, ticket, "在邮局门口，尽快吧")
    assert not ticket.asking_more and ticket.urges == 0


def test_a_merged_citizen_is_answered_in_their_language(life: Life) -> None:
    _master, own = joined(life, language="en")
    for words in ("It is the lamp in front of the post office", "Hurry up please"):
        back = text(life, own, words)
        assert back and back.isascii() and own.number in back


def test_a_merged_citizens_digit_goes_to_their_own_survey(life: Life) -> None:
    master, own = joined(life, steps=4)
    assert text(life, own, "1") == ""
    assert (survey(life, own).outcome, survey(life, master).outcome) == ("satisfied", "asked")


def test_words_while_the_question_waits_go_to_the_master_and_the_question_stays(life: Life) -> None:
    master, own = joined(life, steps=4)
    assert own.number in (text(life, own, "领材料是到哪个窗口，几点上班") or "")
    assert len(story(life, master, "add")) == 1 and survey(life, own).outcome == "asked"


def test_a_matter_that_takes_months_still_takes_a_merged_citizens_words(life: Life, clock: StoppedClock) -> None:
    master, own = joined(life)
    clock.forward(days=70)
    text(life, own, "配件到货了没有，请告诉一声")
    assert len(story(life, master, "add")) == 1


def test_when_the_master_is_closed_and_its_time_is_over_words_are_a_new_matter(life: Life, clock: StoppedClock) -> None:
    master, own = joined(life, steps=4)
    life.do(master, "clock", "no_answer")
    clock.forward(days=2)
    assert text(life, own, "小区门口的井盖丢了，请尽快装上") is None


# --- too late ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "unhappy"),
    [
        ("1", False),
        ("3 还是不亮", True),
        ("根本没解决", True),
        ("3 来的人看了一眼就走了，说要等材料，到现在也没有人再来过", True),
    ],
)
def test_an_answer_after_the_end_is_kept_and_counted_nowhere(
    installation: Installation, life: Life, words: str, unhappy: bool
) -> None:
    master, own = joined(life, steps=4)
    life.do(master, "clock", "no_answer")
    assert text(life, own, words) == life.city.texts["survey_closed"].fill("zh", number=own.number)
    assert (master.state, survey(life, own).outcome) == ("closed", "no_answer")
    (event,) = story(life, master, "late_words")
    assert (event.data["text"], tell([event], life.city)[0].who) == (words, f"市民（{own.number}）")
    life.db.commit()
    drain(installation)
    told = life.db.scalars(select(Message.role).where(Message.template_key == "judge_dissatisfied")).all()
    assert told == (["supervisor"] if unhappy else [])


def test_a_second_answer_changes_nothing_and_is_kept(life: Life) -> None:
    ticket = life.to("to_follow_up")
    ask_citizens(life.db, life.city, ticket, life.now, "http://x")
    answer(life.db, life.city, survey(life, ticket), {"solved": "yes", "result": "5"}, life.now)
    assert "截止" in (text(life, ticket, "3 其实没有修好") or "")
    assert (survey(life, ticket).outcome, ticket.state) == ("satisfied", "closed")


def test_an_answer_that_comes_when_the_matter_is_done_again_is_told_to_the_unit(life: Life) -> None:
    master, own = joined(life, steps=4)
    life.do(master, "hui", "redo")
    assert own.number in (text(life, own, "3") or "")
    assert (survey(life, own).outcome, [e.data["text"] for e in story(life, master, "add")]) == ("cut_off", ["3"])


def test_weeks_later_a_digit_is_no_answer_any_more(life: Life, clock: StoppedClock) -> None:
    ticket = life.to("to_follow_up")
    ask_citizens(life.db, life.city, ticket, life.now, "http://x")
    life.do(ticket, "clock", "no_answer")
    clock.forward(weeks=3)
    assert "没能看懂" in (text(life, ticket, "1") or "")
    assert story(life, ticket, "late_words") == []


# --- who belongs nowhere -----------------------------------------------------------------------------------------------


def test_who_withdrew_is_not_heard_on_the_ticket_they_left(life: Life) -> None:
    master, own = joined(life)
    life.do(master, "citizen", "leave")
    assert text(life, master, "楼下的井盖也丢了，请换一个") is None
    life.do(own, "citizen", "withdraw")
    assert text(life, own, "楼下的井盖也丢了，请换一个") is None


def test_stop_is_obeyed_even_while_a_question_waits(life: Life) -> None:
    _master, own = joined(life, steps=4)
    assert text(life, own, "td") == "" and own.citizen is not None and own.citizen.no_texts


def test_a_ticket_that_has_not_moved_for_long_is_not_what_a_text_is_about(life: Life, clock: StoppedClock) -> None:
    ticket = life.to("handling")
    clock.at += timedelta(days=31)
    assert text(life, ticket, "小区门口的井盖丢了，请尽快装上") is None
