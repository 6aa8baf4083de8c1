"""Direct answers are asked about too: a sample, later, at a civil hour, counted apart; the ticket stays closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hotline.followup import direct
from hotline.followup.answers import answer
from hotline.followup.by_text import take_text
from hotline.installation import Installation
from hotline.metrics.counting import rates
from hotline.metrics.question import Question
from hotline.outbox.runner import drain
from models import Citizen, Message, Survey, Ticket, TicketEvent
from tests.support.life import Life


def answered(life: Life, installation: Installation, phone: str = "13800001234") -> Ticket:
    """A ticket that is in the sample and was answered on the spot, with its question asked."""
    while True:
        ticket = life.ticket(phone=phone)
        life.do(ticket, "an", "answer_directly")
        life.db.commit()
        if direct.is_drawn(ticket, life.city.policy):
            break
    drain(installation)
    life.clock.forward(hours=life.city.policy.direct_after_hours)
    drain(installation)
    life.db.expire_all()
    return ticket


def question(life: Life, ticket: Ticket) -> Survey:
    return life.db.scalars(select(Survey).where(Survey.ticket_id == ticket.id)).one()


def test_one_in_ten_direct_answers_is_asked_about_two_hours_later(life: Life, installation: Installation) -> None:
    """A consultation answered at once closed without a question; the satisfaction figure spoke of the rest only. Found at the desks: F11."""
    ticket = answered(life, installation)
    asked = question(life, ticket)
    assert asked.unit_code is None and asked.asked_at == ticket.closed_at + timedelta(hours=2)
    text = life.db.scalars(select(Message.text).where(Message.template_key == "direct_survey")).one()
    assert ticket.number in text and "/s/" in text
    everybody = life.db.scalars(select(Ticket).where(Ticket.close_kind == "direct")).all()
    drawn = [one for one in everybody if direct.is_drawn(one, life.city.policy)]
    assert [one.ticket_id for one in life.db.scalars(select(Survey))] == [one.id for one in drawn]


def test_how_many_are_asked_is_the_citys_own_number(life: Life) -> None:
    tickets = [Ticket(id=n, state="closed", close_kind="direct") for n in range(1, 1001)]
    for share in (0.0, 0.1, 0.5, 1.0):
        policy = replace(life.city.policy, direct_sample=share)
        assert sum(direct.is_drawn(one, policy) for one in tickets) == 1000 * share
    assert not direct.is_drawn(Ticket(id=3, state="closed", close_kind="rated"), policy)


def test_a_question_that_falls_into_the_night_waits_for_the_morning(life: Life) -> None:
    ticket = life.ticket()
    life.do(ticket, "an", "answer_directly")
    evening = life.now.replace(hour=13, minute=0)  # 21:00 in the city
    ticket.closed_at = evening
    start, _end = life.city.policy.civil_hours
    asked = direct.asked_at(life.city, ticket, evening)
    assert asked > evening + timedelta(hours=8) and asked.astimezone(ZoneInfo(life.city.timezone)).time() == start


def test_the_answer_is_kept_the_ticket_stays_closed_and_the_units_figures_do_not_move(
    life: Life, installation: Installation
) -> None:
    ticket = answered(life, installation)
    assert answer(life.db, life.city, question(life, ticket), {"solved": "yes", "result": "5"}, life.now) == "satisfied"
    life.db.commit()
    assert (ticket.state, ticket.close_kind, question(life, ticket).outcome) == ("closed", "direct", "satisfied")
    assert life.db.scalars(select(TicketEvent.action).order_by(TicketEvent.id.desc()).limit(1)).one() == "rate_direct"
    period = Question(life.now - timedelta(days=1), life.now + timedelta(hours=1), life.now + timedelta(hours=1))
    found = rates(life.db, period, ("direct_solved", "satisfied", "solve", "participation"))
    assert (found["direct_solved"].n, found["direct_solved"].of) == (1, 1)
    assert [found[key].of for key in ("satisfied", "solve", "participation")] == [0, 0, 0], "counted apart"


def test_who_says_it_settled_nothing_is_brought_to_whoever_may_reopen(life: Life, installation: Installation) -> None:
    ticket = answered(life, installation)
    citizen = life.db.get_one(Citizen, ticket.citizen_id)
    assert take_text(life.db, life.city, citizen, "3", life.now) == ""
    life.db.commit()
    drain(installation)
    assert question(life, ticket).outcome == "dissatisfied" and ticket.state == "closed"
    told = life.db.scalars(select(Message.role).where(Message.template_key == "direct_unsettled")).all()
    assert told == ["supervisor"]
    life.do(ticket, "du2", "reopen")
    assert ticket.state == "to_dispatch"


def test_words_that_are_no_plain_answer_are_not_taken_for_one(life: Life, installation: Installation) -> None:
    ticket = answered(life, installation)
    citizen = life.db.get_one(Citizen, ticket.citizen_id)
    take_text(life.db, life.city, citizen, "我家楼下的垃圾桶三天没有人清运了，请派人来看看", life.now)
    assert question(life, ticket).outcome == "asked"
