"""What a clock is worth when the matter changes hands, waits, or is found to be urgent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.schedule import ring
from hotline.outbox.runner import drain
from hotline.tickets.deadlines import running
from models import Message
from routing.spans import Span
from tests.support.life import Life
from tests.tickets.clocks.reading import clock_of


@pytest.mark.parametrize(("who", "action"), [("he", "object"), ("du", "recall")])
def test_a_unit_that_rightly_never_signed_is_not_counted_as_having_signed(life: Life, who: str, action: str) -> None:
    ticket = life.to("to_sign")
    life.do(ticket, who, action)
    sign = clock_of(life, ticket, "sign")
    assert sign.stopped_at is not None and sign.met is None


def test_what_was_late_when_it_was_cancelled_stays_late(life: Life, clock: StoppedClock) -> None:
    ticket = life.to("to_sign")
    clock.forward(days=3)
    life.do(ticket, "citizen", "withdraw")
    assert clock_of(life, ticket, "contact").met is False
    assert clock_of(life, ticket, "reply").met is None


def test_time_spent_waiting_for_the_citizens_words_is_not_the_desks(life: Life, clock: StoppedClock) -> None:
    ticket = life.ticket()
    clock.forward(hours=2)
    life.do(ticket, "du", "ask_more")
    clock.forward(hours=60)
    life.do(ticket, "du", "dispatch")
    assert clock_of(life, ticket, "dispatch").met is True
    assert not ticket.asking_more and {d.clock for d in running(life.db, ticket.id)} == {
        "sign",
        "objection",
        "contact",
        "reply",
    }


def test_a_citizen_who_was_asked_and_keeps_silent_does_not_stop_the_matter(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    ticket = life.ticket()
    life.do(ticket, "du", "ask_more")
    life.db.commit()
    assert ticket.due_at == ticket.wait_until == life.now + timedelta(days=life.city.policy.ask_more_days)
    clock.forward(days=life.city.policy.ask_more_days, minutes=1)
    ring(installation, clock.now())
    drain(installation)
    life.db.expire_all()
    assert not ticket.asking_more and clock_of(life, ticket, "dispatch").ring_at is not None
    assert life.db.scalars(select(Message.role).where(Message.template_key == "no_words")).all() == ["dispatcher"]


def test_a_late_unit_does_not_become_punctual_by_waiting(life: Life, clock: StoppedClock) -> None:
    ticket = life.to("handling")
    due_at = clock_of(life, ticket, "reply").due_at
    clock.forward(days=10)
    life.do(ticket, "he", "wait")
    clock.forward(days=5)
    life.do(ticket, "he", "resume")
    assert clock_of(life, ticket, "reply").due_at == due_at


def test_a_recalled_urgent_ticket_owes_no_feedback_of_the_old_unit(life: Life) -> None:
    ticket = life.ticket(urgency="urgent")
    for who, action in (("du", "dispatch"), ("he", "sign"), ("du", "recall"), ("du", "dispatch"), ("he", "sign")):
        life.do(ticket, who, action)
    assert [d.clock for d in running(life.db, ticket.id)].count("feedback") == 1


def test_the_unit_that_takes_over_answers_for_the_citizens_clocks(life: Life) -> None:
    ticket = life.to("in_objection")
    life.do(ticket, "du", "uphold")
    life.do(ticket, "du", "dispatch", unit="education")
    assert {clock_of(life, ticket, name).unit_code for name in ("contact", "reply", "sign")} == {"education"}


def test_a_first_contact_that_was_made_is_not_asked_for_twice(life: Life) -> None:
    ticket = life.to("to_sign")
    life.do(ticket, "he", "contact")
    life.clock.forward(minutes=5)
    for who, action in (("he", "object"), ("du", "uphold"), ("du", "dispatch")):
        life.do(ticket, who, action)
    assert "contact" not in {d.clock for d in running(life.db, ticket.id)}


def test_a_matter_found_to_be_urgent_has_the_urgent_limit_from_now_on(life: Life, clock: StoppedClock) -> None:
    ticket = life.ticket()
    clock.forward(hours=5)
    life.do(ticket, "du", "correct", urgency="urgent")
    assert clock_of(life, ticket, "dispatch").due_at == clock.at + timedelta(hours=2) == ticket.due_at


def test_a_wider_limit_counts_from_the_start_and_an_extension_is_left_alone(life: Life, clock: StoppedClock) -> None:
    consult, extended = life.ticket(request_type="consult"), life.ticket(request_type="consult", phone="13800005678")
    for ticket in (consult, extended):
        life.do(ticket, "du", "dispatch")
    extended.extensions = 1
    before = clock_of(life, extended, "reply").due_at
    clock.forward(hours=1)
    for ticket in (consult, extended):
        life.do(ticket, "du", "correct", request_type="complaint")
    reply = clock_of(life, consult, "reply")
    assert (reply.limit, reply.due_at) == ("10wd", life.city.calendar.add(reply.started_at, Span.parse("10wd")))
    assert clock_of(life, extended, "reply").due_at == before
