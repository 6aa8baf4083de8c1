"""What the clock and the machine write is a row of the story like everything else, told where it tells somebody something."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from classifier.suggestion import Classifier
from hotline.clock import StoppedClock
from hotline.errors import Refusal
from hotline.followup.answers import answer
from hotline.followup.ask import ask_citizens
from hotline.followup.phoned import take_phoned
from hotline.installation import Installation
from hotline.jobs.schedule import ring
from hotline.outbox.runner import drain
from hotline.tickets import deadlines
from hotline.tickets.act import act, lock
from hotline.tickets.display import timeline
from hotline.tickets.lifecycle import ACTIONS, BESIDE, MOVES
from hotline.tickets.roles import CLOCK
from hotline.triage.active_classifier import keyword_classifier
from hotline.triage.propose import propose
from models import Message, Petition, Survey, Ticket, TicketEvent
from tests.support.life import Life

NO = {"solved": "no", "result": "1", "comment": "还是不亮"}


def rows(life: Life, ticket: Ticket, *actions: str) -> list[TicketEvent]:
    life.db.flush()
    return list(
        life.db.scalars(
            select(TicketEvent)
            .where(TicketEvent.ticket_id == ticket.id, TicketEvent.action.in_(actions))
            .order_by(TicketEvent.id)
        )
    )


@pytest.fixture
def keywords(life: Life) -> Classifier:
    return keyword_classifier(life.city)


def test_a_place_found_by_triage_is_a_row_that_the_timeline_does_not_tell(life: Life, keywords: Classifier) -> None:
    ticket = life.ticket(words="文峰区东大街的路灯不亮，请修。")
    touched, turn = ticket.moved_at, ticket.move_count
    propose(life.db, life.city, keywords, ticket, life.now + timedelta(minutes=1))
    (row,) = rows(life, ticket, "locate")
    assert ticket.area and row.data["area"] == ticket.area and row.actor_kind == "system"
    assert (ticket.moved_at, ticket.move_count) == (touched, turn)
    told = timeline.tell(rows(life, ticket, "submit", "locate"), life.city)
    assert [entry.action for entry in told] == ["submit"]


def test_a_place_that_was_stated_is_not_found_again(life: Life, keywords: Classifier) -> None:
    area = list(life.city.areas)[-1]
    ticket = life.ticket(words="文峰区的路灯不亮，请修。", area=area)
    propose(life.db, life.city, keywords, ticket, life.now)
    assert ticket.area == area and all("area" not in row.data for row in rows(life, ticket, "locate"))


@pytest.mark.parametrize(
    ("words", "named"), [("有人困在里面，很危险，要出人命了。", "人身危险"), ("我不想活了。", "轻生或自伤")]
)
def test_safety_heard_by_triage_is_told_once_in_words(life: Life, keywords: Classifier, words: str, named: str) -> None:
    ticket = life.ticket(words=words)
    propose(life.db, life.city, keywords, ticket, life.now)
    propose(life.db, life.city, keywords, ticket, life.now)
    (row,) = rows(life, ticket, "mark_safety")
    assert ticket.safety and named in timeline.tell([row], life.city)[0].title


def test_the_cards_the_list_and_the_supervision_stand_in_the_story(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    ticket = life.to("handling")
    touched = ticket.moved_at
    life.db.commit()
    for _day in range(12):
        clock.forward(days=1)
        ring(installation, clock.now())
    drain(installation)
    life.db.refresh(ticket)
    yellow, red = rows(life, ticket, "yellow_card", "red_card")
    assert (yellow.actor_kind, red.actor_kind, ticket.card, ticket.moved_at) == ("clock", "clock", "red", touched)
    assert red.data["supervised"] is True and red.data["for_discipline"] is True and ticket.for_discipline
    said = {words for _name, words in timeline.tell([red], life.city)[0].facts}
    assert said == {f"已自动督办（{red.data['order']}）", "已列入纪检监察清单"}
    told = life.db.scalars(select(Message.unit_code).where(Message.template_key == "supervision_opened")).all()
    assert told == [ticket.unit_code]


def test_a_red_card_on_a_supervised_ticket_opens_no_second_case_and_tells_nobody(
    installation: Installation, life: Life
) -> None:
    ticket = life.to("handling")
    for _twice in range(2):
        act(life.db, life.city, lock(life.db, ticket.id), "red_card", CLOCK, life.now)
    life.db.commit()
    drain(installation)
    assert len(life.db.scalars(select(Petition).where(Petition.ticket_id == ticket.id)).all()) == 1
    assert len(life.db.scalars(select(Message).where(Message.template_key == "supervision_opened")).all()) == 1


def test_a_send_back_says_in_the_story_that_it_opened_a_case(life: Life) -> None:
    ticket = life.to("to_review")
    for _round in (2, 3):
        life.do(ticket, "ren", "redo")
        life.do(ticket, "he", "sign")
        life.do(ticket, "he", "reply")
    second, third = rows(life, ticket, "redo")
    assert "supervised" not in second.data and third.data["supervised"] is True and third.data["for_discipline"] is True


def asked(life: Life) -> tuple[Ticket, Ticket, Survey]:
    """A ticket to follow up, a ticket merged into it, and that citizen's open question."""
    master, other = life.ticket(), life.ticket(phone="13800002222", words="同一处路灯不亮。")
    life.do(other, "du", "merge", master=master.number)
    for who, action in (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass")):
        life.do(master, who, action)
    ask_citizens(life.db, life.city, master, life.now, "http://x")
    return master, other, life.db.scalars(select(Survey).where(Survey.own_id == other.id)).one()


def test_a_merged_citizens_no_is_a_row_under_their_own_number_and_a_person_is_told(
    installation: Installation, life: Life
) -> None:
    master, other, survey = asked(life)
    answer(life.db, life.city, survey, NO, life.now)
    (row,) = rows(life, master, "merged_dissatisfied")
    assert master.dissatisfied and (row.actor_kind, row.data["survey_id"]) == ("citizen", survey.id)
    entry = timeline.tell([row], life.city)[0]
    assert other.number in entry.title and other.number in entry.who and entry.text == "还是不亮"
    life.db.commit()
    drain(installation)
    assert life.db.scalars(select(Message.role).where(Message.template_key == "judge_dissatisfied")).all() == [
        "follow_up"
    ]


def test_a_merged_citizens_yes_is_a_row_too_and_judges_nothing(life: Life) -> None:
    master, _other, survey = asked(life)
    answer(life.db, life.city, survey, {"solved": "yes", "result": "5"}, life.now)
    assert [row.action for row in rows(life, master, "merged_satisfied", "merged_dissatisfied")] == ["merged_satisfied"]
    assert not master.dissatisfied and master.state == "to_follow_up"


def test_a_merged_citizens_half_solved_is_a_row_that_waits_for_a_person(installation: Installation, life: Life) -> None:
    master, other, survey = asked(life)
    answer(life.db, life.city, survey, {"solved": "partly"}, life.now)
    (row,) = rows(life, master, "merged_partly")
    assert (row.data["survey_id"], survey.outcome, survey.answered_by) == (survey.id, "partly", "page")
    assert other.number in timeline.tell([row], life.city)[0].title
    assert not master.dissatisfied and master.state == "to_follow_up"
    assert any(one.clock == "judge" for one in deadlines.running(life.db, master.id))
    life.db.commit()
    drain(installation)
    assert life.db.scalars(select(Message.role).where(Message.template_key == "judge_answer")).all() == ["follow_up"]


def test_who_keyed_a_merged_citizens_answer_stands_in_the_story(life: Life) -> None:
    master, other, survey = asked(life)
    take_phoned(life.db, life.city, master, NO, life.people["hui"], life.now, of=other)
    (row,) = rows(life, master, "merged_dissatisfied")
    assert (row.actor_id, survey.keyed_by_id, survey.answered_by) == (
        life.people["hui"].id,
        life.people["hui"].id,
        "phone",
    )


def test_nobody_answers_for_a_ticket_that_was_not_merged_into_this_one(life: Life) -> None:
    master, stranger = life.to("to_follow_up"), life.ticket(phone="13800007777")
    for number in (stranger.number, master.number, "1", ""):
        with pytest.raises(Refusal):
            life.do(master, "hui", "merged_dissatisfied", number=number, solved="no")
    assert not master.dissatisfied


def test_an_outer_date_that_a_merge_brings_stands_in_the_masters_story(installation: Installation, life: Life) -> None:
    master, soon = life.ticket(phone="13800001111"), life.now + timedelta(hours=6)
    other = life.ticket(outer_source="nation", outer_number="N-2", outer_due_at=soon)
    life.do(other, "du", "merge", master=master.number)
    life.db.commit()
    drain(installation)
    life.db.refresh(master)
    (row,) = rows(life, master, "take_outer_date")
    assert (row.data["number"], master.due_at) == (other.number, soon)
    assert other.number in timeline.tell([row], life.city)[0].title


def test_only_the_clock_and_the_machine_write_beside_the_work() -> None:
    people = {may.__name__ for move in MOVES if move.action in BESIDE for may in move.roles}
    assert BESIDE and people <= {"clock", "system"}
    assert all(ACTIONS[name].mood == "quiet" for name in BESIDE)
