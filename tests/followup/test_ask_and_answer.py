"""Asking citizens and taking their answers, on both engines: everybody their own question, silence never satisfied."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.errors import OutOfTurn, Refusal
from hotline.followup import desk
from hotline.followup.answers import answer, by_token, open_survey
from hotline.followup.ask import ask_citizens, remind
from hotline.followup.more import may_say_more, say_more
from hotline.followup.phoned import take_phoned
from hotline.tickets.lists.ticket_list import find
from models import Citizen, Message, Survey, Ticket
from tests.support.desks.citizens_codes import token_of
from tests.support.life import Life

YES, NO = {"solved": "yes", "result": "5"}, {"solved": "no", "result": "1", "comment": "还是不亮"}


@pytest.fixture
def life(db: Session, city: City, clock: StoppedClock) -> Life:
    return Life(db, city, clock)


def ask(life: Life, ticket: Ticket) -> int:
    return ask_citizens(life.db, life.city, ticket, life.now, "http://x")


def passed(life: Life, phone: str = "13800001234", merged: tuple[str, ...] = ()) -> Ticket:
    ticket = life.ticket(phone=phone)
    for number in merged:
        life.do(life.ticket(phone=number, words="同一处路灯不亮。"), "du", "merge", master=ticket.number)
    for who, action in (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass")):
        life.do(ticket, who, action)
    return ticket


def surveys(life: Life, ticket: Ticket) -> list[Survey]:
    life.db.flush()
    return list(life.db.scalars(select(Survey).where(Survey.ticket_id == ticket.id).order_by(Survey.id)))


def test_everybody_behind_a_ticket_is_asked_once_under_their_own_number(life: Life) -> None:
    ticket = passed(life, merged=("13800002222", "13800003333"))
    assert ask(life, ticket) == 3
    assert ask(life, ticket) == 0
    texts = life.db.scalars(select(Message).where(Message.template_key == "survey")).all()
    assert (
        len({text.params["number"] for text in texts})
        == len({token_of(survey) for survey in surveys(life, ticket)})
        == 3
    )


def test_who_wants_no_texts_gets_none_but_can_still_be_asked(life: Life) -> None:
    ticket = passed(life)
    life.db.get_one(Citizen, ticket.citizen_id).no_texts = True
    assert ask(life, ticket) == 0
    assert len(surveys(life, ticket)) == 1


def test_one_reminder_and_never_a_second(life: Life) -> None:
    ticket = passed(life)
    ask(life, ticket)
    assert [remind(life.db, life.city, ticket, life.now, "http://x") for _ in range(2)] == [1, 0]


def test_a_satisfied_answer_closes_and_a_dissatisfied_one_waits(life: Life) -> None:
    for given, state in ((YES, "closed"), (NO, "to_follow_up")):
        ticket = passed(life)
        ask(life, ticket)
        answer(life.db, life.city, surveys(life, ticket)[0], given, life.now)
        assert ticket.state == state


def test_an_answer_is_taken_once(life: Life) -> None:
    ticket = passed(life)
    ask(life, ticket)
    survey = surveys(life, ticket)[0]
    answer(life.db, life.city, survey, NO, life.now)
    with pytest.raises(OutOfTurn):
        answer(life.db, life.city, survey, YES, life.now)
    assert survey.outcome == "dissatisfied"


def test_an_answer_to_an_earlier_round_is_too_late(life: Life) -> None:
    ticket = passed(life)
    ask(life, ticket)
    old = surveys(life, ticket)[0]
    life.do(ticket, "hui", "redo")
    for who, action in (("he", "sign"), ("he", "reply"), ("ren", "pass")):
        life.do(ticket, who, action)
    ask(life, ticket)
    with pytest.raises(OutOfTurn):
        answer(life.db, life.city, old, YES, life.now)
    newest = open_survey(life.db, ticket.citizen_id or 0)
    assert newest is not None and newest.round == 2


def test_a_merged_citizens_answer_is_theirs_and_moves_nothing_but_the_desk(life: Life) -> None:
    ticket = passed(life, merged=("13800002222",))
    ask(life, ticket)
    own, other = surveys(life, ticket)
    answer(life.db, life.city, other, NO, life.now)
    life.db.expire_all()
    assert (ticket.state, ticket.dissatisfied) == ("to_follow_up", True)
    assert other.outcome == "dissatisfied" and own.answered_at is None


def test_silence_is_never_satisfaction(life: Life) -> None:
    ticket = passed(life)
    ask(life, ticket)
    life.do(ticket, "clock", "no_answer")
    assert ticket.close_kind == "not_rated" and surveys(life, ticket)[0].outcome == "no_answer"


def test_a_phoned_answer_names_who_keyed_it(life: Life) -> None:
    ticket = passed(life)
    ask(life, ticket)
    assert take_phoned(life.db, life.city, ticket, YES, life.people["hui"], life.now) == "satisfied"
    survey = surveys(life, ticket)[0]
    assert (survey.answered_by, survey.keyed_by_id) == ("phone", life.people["hui"].id)
    with pytest.raises(Refusal):
        take_phoned(life.db, life.city, ticket, NO, life.people["hui"], life.now)


def test_keying_cannot_close_over_a_dissatisfied_citizen(life: Life) -> None:
    ticket = passed(life)
    ask(life, ticket)
    assert take_phoned(life.db, life.city, ticket, NO, life.people["hui"], life.now) == "dissatisfied"
    assert ticket.state == "to_follow_up" and ticket.dissatisfied


def test_a_merged_citizen_may_be_phoned(life: Life) -> None:
    ticket = passed(life, merged=("13800002222",))
    ask(life, ticket)
    other = life.db.scalars(select(Ticket).where(Ticket.merged_into_id == ticket.id)).one()
    take_phoned(life.db, life.city, ticket, YES, life.people["hui"], life.now, of=other)
    own, theirs = surveys(life, ticket)
    assert theirs.keyed_by_id == life.people["hui"].id and own.answered_at is None and ticket.state == "to_follow_up"


def test_words_may_follow_an_own_answer_for_three_days_only(life: Life) -> None:
    ticket = passed(life)
    ask(life, ticket)
    survey = surveys(life, ticket)[0]
    answer(life.db, life.city, survey, {"solved": "no", "result": "1"}, life.now)
    say_more(life.city, survey, {"contacted": "no", "result": "5"}, life.now)
    assert (survey.contacted, survey.result) == (False, 1)
    assert may_say_more(survey, life.now) and not may_say_more(survey, life.now + timedelta(days=4))


def test_every_ticket_to_follow_up_stands_in_exactly_one_tab(life: Life) -> None:
    for phone in ("13800001234", "03722525252", "", *(f"138000050{n:02d}" for n in range(12))):
        ask(life, passed(life, phone))
    unhappy = passed(life, "13800009999")
    ask(life, unhappy)
    answer(life.db, life.city, surveys(life, unhappy)[0], NO, life.now)
    life.db.flush()
    tabs = {
        tab: {t.id for t in find(life.db, life.people["hui"], desk.wanted(tab, life.city.policy)).rows}
        for tab in desk.TABS
    }
    whole = set(life.db.scalars(select(Ticket.id).where(Ticket.state == "to_follow_up")))
    assert sum(map(len, tabs.values())) == len(whole) and set.union(*tabs.values()) == whole
    assert tabs["judge"] == {unhappy.id}
    assert desk.counts(life.db, life.people["hui"], life.city.policy) == {tab: len(ids) for tab, ids in tabs.items()}


def test_the_reason_to_phone_is_the_one_that_fills_the_tab(life: Life) -> None:
    landline, anonymous = passed(life, "03722525252"), passed(life, "")
    for ticket in (landline, anonymous):
        ask(life, ticket)
    facts = desk.facts(life.db, [landline, anonymous], life.city.policy)
    assert facts[landline.id].why == "landline"
    assert anonymous.id not in {
        t.id for t in find(life.db, life.people["hui"], desk.wanted("phone", life.city.policy)).rows
    }


def test_contact_that_the_unit_claims_and_the_citizen_denies_is_seen(life: Life) -> None:
    ticket = passed(life)
    ask(life, ticket)
    answer(life.db, life.city, surveys(life, ticket)[0], {**NO, "contacted": "no"}, life.now)
    life.db.flush()
    assert desk.facts(life.db, [ticket], life.city.policy)[ticket.id].false_contact


def test_a_token_opens_one_survey_and_nothing_else(life: Life) -> None:
    ticket = passed(life)
    ask(life, ticket)
    survey = surveys(life, ticket)[0]
    assert by_token(life.db, token_of(survey)).id == survey.id
    with pytest.raises(Refusal):
        by_token(life.db, token_of(survey)[:-1])


def test_what_a_phone_glues_to_a_link_is_no_part_of_its_token(life: Life) -> None:
    """Found outside: T8."""
    ticket = passed(life)
    ask(life, ticket)
    survey = surveys(life, ticket)[0]
    for tail in ("评价。", "，谢谢", "）", ".", "？"):
        assert by_token(life.db, token_of(survey) + tail).id == survey.id
