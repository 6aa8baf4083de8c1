"""Answers by text, through the signed webhook: only an answer closes, nothing is recorded that was not said, every doubt has a reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.loader import load_city
from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.errors import OutOfTurn, Refusal
from hotline.followup import desk
from hotline.followup.answers import TAPS, answer, key_says_satisfied
from hotline.followup.ask import ask_citizens
from hotline.followup.by_text import take_text
from hotline.followup.doubts import read_doubt
from hotline.installation import Installation
from hotline.jobs.schedule import ring
from hotline.outbox.runner import drain
from hotline.tickets.deadlines import running
from hotline.tickets.display.citizen_view import progress
from hotline.tickets.lists.ticket_list import find
from models import Deadline, Message, Survey, Ticket, TicketEvent
from tests.support.life import Life


@pytest.fixture
def life(db: Session, city: City, clock: StoppedClock) -> Life:
    return Life(db, city, clock)


def asked(life: Life, phone: str = "13800001234", merged: tuple[str, ...] = ()) -> Ticket:
    ticket = life.ticket(phone=phone)
    for number in merged:
        life.do(life.ticket(phone=number, words="同一处路灯不亮。"), "du", "merge", master=ticket.number)
    for who, action in (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass")):
        life.do(ticket, who, action)
    ask_citizens(life.db, life.city, ticket, life.now, "http://x")
    return ticket


def text(life: Life, own: Ticket, words: str) -> str | None:
    assert own.citizen is not None
    back = take_text(life.db, life.city, own.citizen, words, life.now)
    life.db.flush()
    return back


def survey(life: Life, own: Ticket) -> Survey:
    return life.db.scalars(select(Survey).where(Survey.own_id == own.id)).one()


def in_tab(life: Life, tab: str) -> list[int]:
    return [one.id for one in find(life.db, life.people["hui"], desk.wanted(tab, life.city.policy)).rows]


@pytest.mark.parametrize(
    "words",
    [
        "1、垃圾没人收 2、车乱停",
        "1直没来过人",
        "谢谢，灯照样不亮",
        "修好了个锤子",
        "1星都嫌多",
        "好了两天又不行了",
        "谢谢",
        "1个月了没动静",
        "满意才怪",
        "解决了吗",
        "1或3",
        "感谢，问题依旧",
    ],
)
def test_what_is_not_wholly_a_yes_closes_nothing(life: Life, words: str) -> None:
    """Found outside: T1."""
    ticket = asked(life)
    text(life, ticket, words)
    held = survey(life, ticket)
    assert ticket.state == "to_follow_up" and held.outcome not in ("satisfied",) and held.result is None


@pytest.mark.parametrize("words", ["没人管", "还没弄", "不行", "沒有處理", "根本没来过人", "三", "差"])
def test_a_plain_no_is_understood_and_waits_for_a_judgement_with_its_words(life: Life, words: str) -> None:
    """Found outside: T2."""
    ticket = asked(life)
    text(life, ticket, words)
    held = survey(life, ticket)
    assert (held.outcome, held.words, held.reading, held.result) == ("dissatisfied", words, "no", None)
    assert in_tab(life, "judge") == [ticket.id] and [d.clock for d in running(life.db, ticket.id)] == ["judge"]


@pytest.mark.parametrize("words", ["①", "回复1", "“1”", "修好了", "已經解決，謝謝", "Fixed, thank you"])
def test_everyday_yes_closes_the_ticket(life: Life, words: str) -> None:
    ticket = asked(life)
    assert text(life, ticket, words) == ""
    assert (ticket.state, survey(life, ticket).outcome, survey(life, ticket).answered_by) == (
        "closed",
        "satisfied",
        "sms",
    )


def test_the_key_1_says_what_the_question_offered_and_never_the_attitude(life: Life) -> None:
    """Found outside: T3."""
    ticket = asked(life)
    text(life, ticket, "1")
    held = survey(life, ticket)
    assert (held.solved, held.result, held.attitude, held.comment) == ("yes", 4, None, None)
    assert key_says_satisfied(life.city, "zh") and key_says_satisfied(life.city, "en")


def test_settled_says_nothing_of_satisfaction_and_satisfied_nothing_of_settled(life: Life) -> None:
    for words, told in (("已经修好了", ("yes", None)), ("非常满意", (None, 5))):
        ticket = asked(life, phone=f"1380000{len(words)}234")
        text(life, ticket, words)
        held = survey(life, ticket)
        assert ((held.solved, held.result), ticket.state) == (told, "closed")


@pytest.mark.parametrize("words", ["2", "２。", "部分解决"])
def test_half_solved_is_kept_as_that_and_a_person_looks(life: Life, words: str) -> None:
    """Found outside: T3."""
    ticket = asked(life)
    text(life, ticket, words)
    held = survey(life, ticket)
    assert (ticket.state, held.solved, held.result, held.outcome, ticket.dissatisfied) == (
        "to_follow_up",
        "partly",
        None,
        "partly",
        False,
    )
    assert in_tab(life, "judge") == [ticket.id]
    with pytest.raises(Refusal):
        life.do(ticket, "clock", "no_answer")


def test_not_solved_gives_no_degree(life: Life) -> None:
    """Found outside: T3."""
    ticket = asked(life)
    text(life, ticket, "没解决，还是老样子")
    assert (survey(life, ticket).solved, survey(life, ticket).result) == ("no", None)


def test_a_tap_is_no_text(life: Life) -> None:
    """Found outside: T3."""
    ticket = asked(life)
    answer(life.db, life.city, survey(life, ticket), TAPS["1"], life.now, "page")
    assert (survey(life, ticket).answered_by, survey(life, ticket).attitude) == ("page", None)


def test_words_in_doubt_wait_for_a_reader_and_the_citizen_is_told_so(life: Life) -> None:
    """Found outside: T2."""
    ticket = asked(life)
    back = text(life, ticket, "1位师傅来看了看就走了")
    held = survey(life, ticket)
    assert (
        back
        and "回访员" in back
        and (held.outcome, held.reading, held.words) == ("in_doubt", "person", "1位师傅来看了看就走了")
    )
    assert in_tab(life, "read") == [ticket.id] and "judge" in [d.clock for d in running(life.db, ticket.id)]
    assert desk.facts(life.db, [ticket], life.city.policy)[ticket.id].unread is held


def test_the_clock_never_closes_over_words_that_nobody_has_read(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    ticket = asked(life)
    text(life, ticket, "啊这")
    life.db.commit()
    clock.forward(days=4)
    ring(installation, clock.now())
    drain(installation)
    life.db.expire_all()
    assert (ticket.state, survey(life, ticket).outcome) == ("to_follow_up", "in_doubt")


def test_the_reading_clock_warns_the_desk_and_the_supervisors(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    """Found outside: T2."""
    ticket = asked(life)
    text(life, ticket, "一言难尽")
    judge = life.db.scalars(select(Deadline).where(Deadline.ticket_id == ticket.id, Deadline.clock == "judge")).one()
    assert judge.limit == "1wd"
    life.db.commit()
    clock.forward(days=5)
    ring(installation, clock.now())
    drain(installation)
    warned = life.db.scalars(
        select(Message.role).where(Message.template_key == "bell_due", Message.ticket_id == ticket.id)
    ).all()
    assert {"follow_up", "supervisor"} <= set(warned)


@pytest.mark.parametrize(
    ("means", "state", "outcome"),
    [
        ("yes", "closed", "satisfied"),
        ("partly", "to_follow_up", "partly"),
        ("no", "to_follow_up", "dissatisfied"),
        ("none", "to_follow_up", "asked"),
    ],
)
def test_who_reads_the_words_says_what_they_mean(life: Life, means: str, state: str, outcome: str) -> None:
    """Found at the desks: C8."""
    ticket = asked(life)
    text(life, ticket, "还可以吧")
    read_doubt(life.db, life.city, survey(life, ticket), means, life.people["hui"], life.now)
    held = survey(life, ticket)
    assert (ticket.state, held.outcome) == (state, outcome)
    if means != "none":
        assert (held.answered_by, held.keyed_by_id, held.comment) == ("sms", life.people["hui"].id, "还可以吧")
    clocks = [d.clock for d in running(life.db, ticket.id)]
    assert ("judge" in clocks) == (outcome in ("partly", "dissatisfied"))
    with pytest.raises(Refusal):
        read_doubt(life.db, life.city, held, means, life.people["hui"], life.now)


def test_read_as_no_answer_after_its_time_ends_as_not_answered(life: Life, clock: StoppedClock) -> None:
    ticket = asked(life)
    text(life, ticket, "嗯呢吧")
    clock.forward(days=4)
    read_doubt(life.db, life.city, survey(life, ticket), "none", life.people["hui"], life.now)
    assert (ticket.state, ticket.close_kind, survey(life, ticket).outcome) == ("closed", "not_rated", "no_answer")


def test_a_clear_answer_after_an_unclear_one_is_taken(life: Life) -> None:
    ticket = asked(life)
    text(life, ticket, "1？")
    text(life, ticket, "1")
    assert (ticket.state, survey(life, ticket).outcome) == ("closed", "satisfied")


def test_a_merged_citizens_doubt_holds_the_ticket_open_for_its_reader(life: Life) -> None:
    master = asked(life, merged=("13800002222",))
    other = life.db.scalars(select(Ticket).where(Ticket.merged_into_id == master.id)).one()
    text(life, other, "一言难尽")
    text(life, master, "1")
    assert (master.state, survey(life, master).outcome) == ("to_follow_up", "satisfied")
    assert in_tab(life, "read") == [master.id] and "judge" in [d.clock for d in running(life.db, master.id)]
    read_doubt(life.db, life.city, survey(life, other), "yes", life.people["hui"], life.now)
    assert (master.state, survey(life, other).answered_by) == ("closed", "sms")


def test_a_merged_citizens_half_solved_answer_starts_the_desks_clock(life: Life) -> None:
    master = asked(life, merged=("13800002222",))
    other = life.db.scalars(select(Ticket).where(Ticket.merged_into_id == master.id)).one()
    text(life, other, "2")
    text(life, master, "1")
    assert master.state == "to_follow_up" and in_tab(life, "judge") == [master.id]
    life.do(master, "hui", "close_judged")
    assert (master.state, survey(life, other).solved) == ("closed", "partly")


def test_judging_ends_the_desks_clock_in_time(life: Life, clock: StoppedClock) -> None:
    ticket = asked(life)
    text(life, ticket, "3")
    clock.forward(hours=1)
    life.do(ticket, "hui", "redo")
    judge = life.db.scalars(select(Deadline).where(Deadline.ticket_id == ticket.id, Deadline.clock == "judge")).one()
    assert (judge.stopped_at, judge.met) == (life.now, True)


def test_a_told_matter_that_is_not_the_asked_one_is_no_answer_to_it(life: Life) -> None:
    ticket = asked(life)
    assert text(life, ticket, "滑县道口镇解放路下水道堵了一周没人管，污水流到路上") is None
    assert survey(life, ticket).outcome == "asked"


@pytest.mark.parametrize("words", ["1、垃圾没人收 2、车乱停", "垃圾还在那堆着"])
def test_unhappy_words_about_something_else_are_read_by_a_person_and_counted_for_nobody(life: Life, words: str) -> None:
    ticket = asked(life)
    text(life, ticket, words)
    held = survey(life, ticket)
    assert (held.outcome, held.words, ticket.dissatisfied) == ("in_doubt", words, False)


def test_a_reader_who_is_late_is_told(life: Life) -> None:
    ticket = asked(life)
    text(life, ticket, "说不好")
    text(life, ticket, "1")
    with pytest.raises(OutOfTurn):
        read_doubt(life.db, life.city, survey(life, ticket), "no", life.people["hui"], life.now)


def test_every_tab_is_a_part_of_the_whole_with_doubts_and_halves_in_it(life: Life) -> None:
    for number, words in enumerate(("", "2", "3", "说不好", "一般", "")):
        ticket = asked(life, phone=f"1380000300{number}")
        if words:
            text(life, ticket, words)
    tabs = [one for tab in desk.TABS for one in in_tab(life, tab)]
    assert sorted(tabs) == sorted(life.db.scalars(select(Ticket.id).where(Ticket.state == "to_follow_up")))


def test_what_a_person_must_read_stands_in_the_story(life: Life) -> None:
    ticket = asked(life)
    text(life, ticket, "修了一半")
    event = life.db.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == "note_doubt")
    ).one()
    assert event.data["text"] == "修了一半"


def test_time_to_judge_is_a_working_day_where_the_city_says_nothing() -> None:
    limits = load_city(Path("tests/city/tinytown")).limits
    assert str(limits.span("judge", "help")) == "1wd"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("2", "只解决了一部分"), ("3", "您表示不满意"), ("1楼灯不亮", "您的回复已收到")],
)
def test_the_progress_page_tells_each_citizen_what_their_own_answer_waits_for(
    life: Life, words: str, sentence: str
) -> None:
    master = asked(life, merged=("13800007777",))
    other = life.db.scalars(select(Ticket).where(Ticket.merged_into_id == master.id)).one()
    text(life, other, words)
    assert sentence in progress(life.db, life.city, other, life.now).sentence
    assert sentence not in progress(life.db, life.city, master, life.now).sentence
