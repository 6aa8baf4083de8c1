"""Clocks: what they start with, how they pause, and that each bell rings once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.schedule import check_deadlines, ring
from hotline.outbox.runner import drain
from hotline.tickets.deadlines import running
from hotline.tickets.lists import ticket_list
from hotline.tickets.lists.ticket_list import Wanted
from models import Message, Pause
from tests.support.life import Life
from tests.tickets.clocks.reading import clock_of, local, told_of_the_end


@pytest.mark.parametrize(
    ("request_type", "days"), [("consult", 3), ("help", 5), ("suggestion", 5), ("complaint", 10), ("report", 10)]
)
def test_the_reply_limit_depends_on_what_is_asked(life: Life, request_type: str, days: int) -> None:
    ticket = life.ticket(request_type=request_type)
    life.do(ticket, "du", "dispatch")
    assert clock_of(life, ticket, "reply").limit == f"{days}wd"


def test_a_ticket_dispatched_before_the_spring_festival_is_due_after_it(life: Life, clock: StoppedClock) -> None:
    """Saturday 14 February 2026 is a make-up working day; 15 to 23 February are the holiday; 28 February is made up too."""
    clock.at = local(2026, 2, 13, 10)
    ticket = life.ticket(request_type="consult")
    life.do(ticket, "du", "dispatch")
    assert clock_of(life, ticket, "reply").due_at == local(2026, 2, 25, 10)


def test_an_urgent_ticket_has_half_an_hour_to_be_signed_even_at_night(life: Life, clock: StoppedClock) -> None:
    clock.at = local(2026, 3, 4, 23, 30)
    ticket = life.ticket(urgency="urgent")
    life.do(ticket, "du", "dispatch")
    assert clock_of(life, ticket, "sign").due_at == local(2026, 3, 5, 0, 0)
    life.do(ticket, "he", "sign")
    assert clock_of(life, ticket, "feedback").due_at == clock.at + timedelta(hours=2)


def test_the_citizens_clock_goes_on_while_a_unit_objects_and_another_takes_over(
    life: Life, clock: StoppedClock
) -> None:
    ticket = life.to("in_objection")
    due_at = clock_of(life, ticket, "reply").due_at
    clock.forward(hours=2)
    life.do(ticket, "du", "uphold")
    life.do(ticket, "du", "dispatch", unit="education")
    clocks = [d for d in running(life.db, ticket.id) if d.clock == "reply"]
    assert [d.due_at for d in clocks] == [due_at]


def test_redo_gets_half_the_first_limit_but_never_more_than_three_working_days(life: Life) -> None:
    consult, complaint = life.ticket(request_type="consult"), life.ticket(request_type="complaint", phone="13800005678")
    for ticket in (consult, complaint):
        for login, action in (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "redo")):
            life.do(ticket, login, action)
    assert clock_of(life, consult, "redo").limit == "1.5wd"
    assert clock_of(life, complaint, "redo").limit == "3wd"


def test_waiting_pauses_the_reply_clock_with_a_reason_a_start_and_an_end(life: Life, clock: StoppedClock) -> None:
    ticket = life.to("handling")
    before = clock_of(life, ticket, "reply").due_at
    life.do(ticket, "he", "wait")
    assert clock_of(life, ticket, "reply").ring_at is None
    clock.forward(days=7)
    life.do(ticket, "he", "resume")
    pause = life.db.scalars(select(Pause)).one()
    assert (pause.reason, pause.ended_at) == ("wait", clock.at)
    after = clock_of(life, ticket, "reply")
    assert after.due_at - before == timedelta(days=7)
    assert after.ring_at is not None


def test_asking_for_more_stops_the_dispatch_clock_until_the_citizen_answers(life: Life, clock: StoppedClock) -> None:
    ticket = life.ticket()
    before = clock_of(life, ticket, "dispatch").due_at
    life.do(ticket, "du", "ask_more")
    clock.forward(hours=5)
    life.do(ticket, "citizen", "add")
    assert clock_of(life, ticket, "dispatch").due_at == before + timedelta(hours=5)
    assert not ticket.asking_more


def test_a_merged_ticket_stops_its_clocks(life: Life) -> None:
    ticket = life.to("merged")
    assert running(life.db, ticket.id) == []


def test_stopping_in_time_is_met_and_late_is_not(life: Life, clock: StoppedClock) -> None:
    prompt, late = life.ticket(), life.ticket(phone="13800005678")
    life.do(prompt, "du", "dispatch")
    clock.forward(hours=25)
    life.do(late, "du", "dispatch")
    assert clock_of(life, prompt, "dispatch").met is True
    assert clock_of(life, late, "dispatch").met is False


def test_each_bell_rings_once_and_the_unit_is_told(installation: Installation, life: Life, clock: StoppedClock) -> None:
    ticket = life.to("handling")
    due_at = clock_of(life, ticket, "reply").due_at
    life.db.commit()
    for _hour in range(24 * 12):
        clock.forward(hours=1)
        ring(installation, clock.now())
        ring(installation, clock.now())
    drain(installation)
    told = told_of_the_end(life, ticket)
    assert sorted(one for one in told if one.startswith("bell_")) == [
        "bell_due",
        "bell_half",
        "bell_most",
        "bell_red",
        "bell_yellow",
    ]
    life.db.refresh(ticket)
    assert ticket.card == "red" and clock.now() > due_at


def test_a_bell_missed_while_the_clock_process_was_dead_rings_when_it_is_back(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    ticket = life.to("to_sign")
    life.db.commit()
    clock.forward(days=3)
    ring(installation, clock.now())
    drain(installation)
    life.db.refresh(ticket)
    assert (ticket.state, ticket.auto_signed) == ("handling", True)


def test_the_clock_does_nothing_to_a_ticket_that_was_signed_in_time(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    ticket = life.to("handling")
    life.db.commit()
    clock.forward(days=2)
    ring(installation, clock.now())
    drain(installation)
    life.db.refresh(ticket)
    assert not ticket.auto_signed


def test_silence_closes_the_ticket_as_not_rated_after_one_reminder(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    ticket = life.to("to_follow_up")
    life.db.commit()
    drain(installation)
    for _hour in range(80):
        clock.forward(hours=1)
        ring(installation, clock.now())
        drain(installation)
    life.db.refresh(ticket)
    assert (ticket.state, ticket.close_kind) == ("closed", "not_rated")
    keys = life.db.scalars(
        select(Message.template_key).where(Message.ticket_id == ticket.id, Message.channel == "sms")
    ).all()
    assert keys.count("survey") == 1 and keys.count("survey_reminder") == 1


def test_a_waiting_ticket_comes_back_on_its_day(installation: Installation, life: Life, clock: StoppedClock) -> None:
    ticket = life.to("waiting")
    life.db.commit()
    clock.forward(days=21)
    ring(installation, clock.now())
    drain(installation)
    life.db.refresh(ticket)
    assert ticket.state == "handling"


def test_a_closed_ticket_is_archived_when_its_time_has_come(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    ticket = life.to("closed")
    life.db.commit()
    clock.forward(days=installation.city.policy.archive_after_days + 1)
    ring(installation, clock.now())
    drain(installation)
    life.db.refresh(ticket)
    assert ticket.state == "archived"


def test_when_the_calendar_changes_open_deadlines_move_with_it(installation: Installation, life: Life) -> None:
    ticket = life.to("handling")
    deadline = clock_of(life, ticket, "reply")
    right, deadline.release = deadline.due_at, "older"
    deadline.due_at = deadline.first_due_at = right + timedelta(days=1)
    life.db.commit()
    assert check_deadlines(installation, life.now) == 1
    life.db.refresh(deadline)
    assert deadline.due_at == right
    life.db.commit()
    assert check_deadlines(installation, life.now) == 0


def test_an_outer_deadline_runs_beside_ours_and_the_earlier_one_sorts_the_list(life: Life, clock: StoppedClock) -> None:
    soon = clock.at + timedelta(hours=6)
    ticket = life.ticket(outer_source="nation", outer_number="N-1", outer_due_at=soon)
    assert {d.clock for d in running(life.db, ticket.id)} == {"dispatch", "outer"}
    assert ticket.due_at == soon


def test_a_call_that_reaches_nobody_does_not_stop_the_clock_of_first_contact(life: Life) -> None:
    ticket = life.to("to_sign")
    life.do(ticket, "he", "contact", reached="no")
    assert clock_of(life, ticket, "contact").stopped_at is None and ticket.contacted_at is None
    life.do(ticket, "he", "contact", reached="yes")
    assert clock_of(life, ticket, "contact").met is True and ticket.contacted_at == life.now


def test_a_ticket_remembers_when_it_was_handed_in(life: Life) -> None:
    assert life.ticket().submitted_at == life.now


def test_an_overdue_ticket_is_supervised_and_on_the_discipline_list(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    ticket = life.to("handling")
    life.db.commit()
    clock.forward(days=12)
    ring(installation, clock.now())
    drain(installation)
    ring(installation, clock.now())
    drain(installation)
    life.db.refresh(ticket)
    assert (ticket.card, ticket.supervised, ticket.for_discipline) == ("red", True, True)
    told = life.db.scalars(select(Message.unit_code).where(Message.template_key == "supervision_opened")).all()
    assert told == ["chengguan"]


def test_a_paused_clock_is_recomputed_by_the_same_rule_and_stays_silent(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    """Waiting over a week-end: a limit in working days moves by working time, not by the hours on the wall."""
    clock.at = local(2026, 3, 6, 16)
    ticket = life.to("handling")
    life.do(ticket, "he", "wait")
    clock.at = local(2026, 3, 9, 10)
    life.do(ticket, "he", "resume")
    deadline = clock_of(life, ticket, "reply")
    right, deadline.release = deadline.due_at, "older"
    life.do(ticket, "he", "wait")
    life.db.commit()
    assert check_deadlines(installation, life.now) == 0
    life.db.refresh(deadline)
    assert (deadline.due_at, deadline.ring_at) == (right, None)


def test_an_outer_date_goes_with_the_merged_ticket_to_its_master(installation: Installation, life: Life) -> None:
    master = life.ticket(phone="13800001111")
    soon = life.now + timedelta(hours=6)
    other = life.ticket(outer_source="nation", outer_number="N-2", outer_due_at=soon)
    life.do(other, "du", "merge", master=master.number)
    life.db.commit()
    drain(installation)
    life.db.refresh(master)
    assert clock_of(life, master, "outer").due_at == master.due_at == soon
    life.do(other, "du", "unmerge")
    assert clock_of(life, other, "outer").stopped_at is None


def test_an_outer_date_is_met_by_the_end_and_missed_when_it_passed(life: Life, clock: StoppedClock) -> None:
    soon = life.now + timedelta(hours=6)
    prompt, late = (life.ticket(outer_source="nation", outer_number=f"N-{n}", outer_due_at=soon) for n in (1, 2))
    life.do(prompt, "du", "answer_directly")
    clock.forward(hours=7)
    life.do(late, "du", "answer_directly")
    assert (clock_of(life, prompt, "outer").met, clock_of(life, late, "outer").met) == (True, False)


def test_what_was_left_of_an_ended_clock_is_shown_as_nobodys_time(life: Life) -> None:
    ticket = life.to("to_follow_up")
    assert running(life.db, ticket.id) == []
    assert (ticket.due_clock, ticket.due_from) == (None, None)
    life.do(ticket, "hui", "ask")
    assert ticket.due_clock == "answer"


@pytest.mark.parametrize("action", ["wait", "ask_more"])
def test_a_pause_hides_no_clock_that_goes_on(life: Life, action: str) -> None:
    ticket = life.to("handling")
    due_at = clock_of(life, ticket, "contact").due_at
    life.do(ticket, "he", action)
    assert (ticket.due_clock, ticket.due_at) == ("contact", due_at)
    life.do(ticket, "he", "contact")
    assert (ticket.due_clock, ticket.due_at) == ("wait", ticket.wait_until)


def test_a_late_reply_stays_late_while_its_unit_waits(life: Life, clock: StoppedClock) -> None:
    ticket = life.to("handling")
    life.do(ticket, "he", "contact")
    clock.forward(days=30)
    life.do(ticket, "he", "wait")
    assert ticket.due_clock == "reply"
    late = ticket_list.find(life.db, life.people["du2"], Wanted(open=True, overdue_at=life.now))
    assert [one.id for one in late.rows] == [ticket.id]
