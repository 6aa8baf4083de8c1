"""What a newcomer took in waits for a colleague's look before it is dispatched; danger goes at once and is looked at afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.errors import NotAllowed, OutOfTurn, Refusal
from hotline.practice import exams, newcomers
from hotline.tickets.mentoring.rules import waits
from hotline.triage.auto_dispatch import may_go_out
from models import Audit, Job, PracticeExam, Proposal, Ticket, TicketEvent
from tests.support.life import Life
from tests.support.make import HOTLINE, make_staff
from tests.support.refusals import refused


@pytest.fixture
def newcomer(life: Life) -> Life:
    """安 learns: a supervisor said so for thirty days."""
    newcomers.begin(life.db, life.people["du2"], life.staff["an"].id, 30, life.now)
    life.db.flush()
    return life


def test_a_newcomers_ticket_is_dispatched_only_after_a_colleague_has_looked(newcomer: Life) -> None:
    life, ticket = newcomer, newcomer.ticket()
    assert ticket.second_look == "waits"
    with refused("colleague_has_not_looked"):
        life.do(ticket, "du", "dispatch")
    event = life.do(ticket, "班", "second_look")
    assert (ticket.second_look, ticket.state, event.from_state, event.to_state) == ("passed", *("to_dispatch",) * 3)
    assert life.db.scalars(select(Job.key).where(Job.key == f"tell:{event.id}:looked_at")).one()
    life.do(ticket, "du", "dispatch")
    assert ticket.state == "to_sign"


def test_the_clock_does_not_dispatch_it_either(newcomer: Life) -> None:
    life, ticket = newcomer, newcomer.ticket()
    proposal = Proposal(sure=True, unit_code="chengguan", urgency="normal")
    city = replace(life.city, policy=replace(life.city.policy, auto_dispatch_on=True))
    assert not may_go_out(life.db, city, ticket, proposal)
    life.do(ticket, "班", "second_look")
    assert may_go_out(life.db, city, ticket, proposal)


@pytest.mark.parametrize(
    ("words", "more"),
    [("楼道里有煤气味，老人头晕，快来人。", {}), ("路口的路灯不亮。", {"urgency": "urgent"})],
)
def test_danger_never_waits_and_is_looked_at_afterwards(newcomer: Life, words: str, more: dict[str, str]) -> None:
    life, ticket = newcomer, newcomer.ticket(words=words, **more)
    assert ticket.second_look == "waits" and not waits(ticket)
    life.do(ticket, "du", "dispatch")
    assert ticket.state == "to_sign"
    after = life.db.scalars(newcomers.looks(life.people["班"], "after")).all()
    assert [one.id for one in after] == [ticket.id]
    life.do(ticket, "班", "second_look", result="corrected", note="先转 119，再记")
    assert ticket.second_look == "corrected"


def test_a_correction_changes_the_facts_and_needs_a_note(newcomer: Life) -> None:
    life, ticket = newcomer, newcomer.ticket()
    with refused("corrects_without_note"):
        life.do(ticket, "班", "second_look", result="corrected")
    with refused("corrects_without_note"):
        life.do(ticket, "班", "second_look", area="wenfeng")
    event = life.do(ticket, "班", "second_look", result="corrected", area="beiguan", note="河北边是北关区")
    assert (ticket.area, ticket.second_look) == ("beiguan", "corrected")
    assert event.data["note"] == "河北边是北关区"


def test_nobody_looks_at_their_own_nor_does_a_newcomer_look_at_anothers(newcomer: Life) -> None:
    life, ticket = newcomer, newcomer.ticket()
    with refused("looks_at_own"):
        life.do(ticket, "an", "second_look")
    second = make_staff(life.db, "xin", "新", "agent", unit=HOTLINE)
    newcomers.begin(life.db, life.people["tou"], second.id, 10, life.now)
    ticket.agent_id = second.id
    with refused("learns_oneself"):
        life.do(ticket, "an", "second_look")
    with pytest.raises(NotAllowed):
        life.do(ticket, "he", "second_look")
    life.do(ticket, "du", "second_look")
    with refused("needs_no_look"):
        life.do(ticket, "du", "second_look")


def test_tickets_of_others_and_of_citizens_need_no_look(life: Life) -> None:
    assert life.ticket().second_look is None


def test_a_supervisor_releases_with_an_examination_or_a_reason(newcomer: Life) -> None:
    life, an = newcomer, newcomer.staff["an"]
    with pytest.raises(NotAllowed):
        newcomers.release(life.db, life.people["班"], an.id, "够好了", life.now)
    with pytest.raises(Refusal, match="理由"):
        newcomers.release(life.db, life.people["du2"], an.id, " ", life.now)
    newcomers.release(life.db, life.people["du2"], an.id, "在别的热线做过三年", life.now)
    assert (an.released_by_name, an.released_why) == ("du2", "在别的热线做过三年")
    assert life.ticket().second_look is None
    with pytest.raises(OutOfTurn):
        newcomers.release(life.db, life.people["du2"], an.id, "再来一次", life.now)
    newcomers.begin(life.db, life.people["du2"], an.id, 5, life.now)
    exam = exams.begin(life.db, life.city, life.people["an"], "safety", life.now)
    for run in exams.calls(life.db, exam):
        run.taken_at = run.ended_at = life.now
        run.points, run.passed = 95.0, True
    exams.hand_in(life.db, exam, life.now)
    newcomers.release(life.db, life.people["du2"], an.id, "", life.now)
    number = life.db.scalars(select(PracticeExam.number)).one()
    assert number and number in (an.released_why or "")
    deeds = life.db.scalars(select(Audit.action).order_by(Audit.id)).all()
    assert [one for one in deeds if "mentor" in one or "newcomer" in one] == [
        "begin_mentoring",
        "release_newcomer",
        "begin_mentoring",
        "release_newcomer",
    ]


def test_what_was_said_of_a_newcomer_is_counted(newcomer: Life) -> None:
    life = newcomer
    tickets = [life.ticket(phone=f"1380000100{n}") for n in range(3)]
    life.do(tickets[0], "班", "second_look")
    life.do(tickets[1], "班", "second_look", result="corrected", note="标题写清是什么事")
    life.clock.at += timedelta(days=40)
    (row,) = newcomers.learning(life.db, life.now)
    assert (row.waits, row.passed, row.corrected, row.late, row.exam) == (1, 1, 1, True, None)
    assert newcomers.count(life.db, newcomers.looks(life.people["班"], "before")) == 1


def test_the_story_says_that_it_waited(newcomer: Life) -> None:
    ticket = newcomer.ticket()
    submitted = select(TicketEvent.data).where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == "submit")
    assert newcomer.db.scalars(submitted).one()["second_look"] == "waits"
    assert newcomer.db.scalars(select(Ticket.second_look)).one() == "waits"
