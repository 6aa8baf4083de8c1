"""How urgent a matter is: by its words until a person says so, stored at once, and its clocks run by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from classifier.suggestion import Classifier
from hotline.errors import Refusal
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets import guards
from hotline.tickets.act import act, attempt
from hotline.tickets.display import timeline
from hotline.tickets.lists import dispatch_queue
from hotline.tickets.roles import SYSTEM
from hotline.triage.active_classifier import keyword_classifier
from hotline.triage.propose import propose
from models import Deadline, Ticket, TicketEvent
from tests.support.life import Life
from tests.support.refusals import refused

FIRE = "文峰区东关街道一户着火了，里面还有人被困，快救人。"
LAMP = "小区门口的路灯不亮，请修理。"


@pytest.fixture
def keywords(life: Life) -> Classifier:
    return keyword_classifier(life.city)


def told(life: Life, words: str, **more: Any) -> Ticket:
    """Handed in by a citizen on a channel that asks for no urgency."""
    made = open_ticket(life.db, life.city, Contact(body=words, channel="web", **more), SYSTEM, life.now)
    return life.db.get_one(Ticket, made.id)


def dispatch_clock(life: Life, ticket: Ticket) -> timedelta:
    clock = life.db.scalars(select(Deadline).where(Deadline.ticket_id == ticket.id, Deadline.clock == "dispatch")).one()
    return clock.due_at - clock.started_at


@pytest.mark.parametrize("channel", ["web", "sms", "hotline", "town", "wechat", "letter"])
def test_danger_is_critical_from_the_first_moment_on_every_channel(life: Life, channel: str) -> None:
    """Recognised danger was stored as ordinary with 24 hours. Found at the desks: D1."""
    made = open_ticket(life.db, life.city, Contact(body=FIRE, channel=channel), SYSTEM, life.now)
    ticket = life.db.get_one(Ticket, made.id)
    assert (ticket.urgency, ticket.urgency_by, ticket.alarm_at) == ("critical", "words", life.now)
    assert dispatch_clock(life, ticket) == timedelta(hours=2)


def test_what_nobody_said_is_not_what_a_person_chose(life: Life) -> None:
    left_open, chosen = told(life, LAMP), told(life, FIRE, urgency="normal")
    assert (left_open.urgency, left_open.urgency_by) == ("normal", None)
    assert (chosen.urgency, chosen.urgency_by) == ("normal", "person")
    assert dispatch_clock(life, chosen) == timedelta(hours=24)
    assert chosen.alarm_at is not None, "danger to life rings whatever was chosen"


def test_the_timeline_says_which_words_were_heard(life: Life) -> None:
    ticket = told(life, FIRE)
    (row,) = life.db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)).all()
    said = " ".join(words for _name, words in timeline.tell([row], life.city)[0].facts)
    assert "特急" in said and "着火" in said


def test_a_person_lowers_it_with_a_reason_and_not_without(life: Life, keywords: Classifier) -> None:
    ticket = told(life, FIRE)
    with refused(guards.lowered_without_reason):
        life.do(ticket, "du", "correct", urgency="normal")
    life.do(ticket, "du", "correct", urgency="normal", reason="已电话核实：只是烟味")
    assert (ticket.urgency, ticket.urgency_by) == ("normal", "person")
    propose(life.db, life.city, keywords, ticket, life.now)
    assert ticket.urgency == "normal", "the program does not raise what a person lowered"


def test_dispatching_as_less_urgent_asks_for_a_reason_too(life: Life) -> None:
    ticket = told(life, FIRE)
    with refused(guards.lowered_without_reason):
        life.do(ticket, "du", "dispatch", urgency="normal")
    life.do(ticket, "du", "dispatch", urgency="normal", note="已核实，明火已灭")
    assert ticket.urgency == "normal"


def test_the_queue_goes_by_urgency_and_then_by_time(life: Life) -> None:
    """A fire stood behind older, calmer tickets. Found at the desks: D2."""
    lamp = told(life, LAMP)
    life.clock.forward(minutes=5)
    secret = told(life, "举报工厂偷排，请为我保密，怕报复。")
    life.clock.forward(minutes=5)
    fire = told(life, FIRE)
    jumper = told(life, "有人站在中华路大桥栏杆外面要往下跳，快来人")
    praise = told(life, "表扬派出所民警热心帮助走失老人回家")
    order = [one.id for one in dispatch_queue.page(life.db, life.who("du", lamp), "todo").rows]
    assert order[:2] == [fire.id, jumper.id]
    assert set(order[2:]) == {lamp.id, secret.id, praise.id} and order[-1] == praise.id


def test_a_danger_nobody_has_taken_leads_the_queue_whatever_urgency_a_person_gave_it(life: Life) -> None:
    """While the red bar stands it orders the queue; once somebody has taken it, the person's word does."""
    fire = told(life, FIRE)
    life.do(fire, "du", "take_alarm")
    life.clock.forward(minutes=5)
    lowered = told(life, FIRE, urgency="normal")
    lamp = told(life, LAMP)

    def order() -> list[int]:
        first = dispatch_queue.page(life.db, life.who("du", lamp), "todo", size=2)
        rest = dispatch_queue.page(life.db, life.who("du", lamp), "todo", size=2, after=first.next)
        return [one.id for one in (*first.rows, *rest.rows)]

    assert order() == [lowered.id, fire.id, lamp.id]
    life.do(lowered, "du", "take_alarm")
    assert order()[0] == fire.id


def test_an_alarm_stands_until_somebody_takes_it_and_the_second_is_told(life: Life) -> None:
    """Found at the desks: D3."""
    ticket = told(life, FIRE)
    life.do(ticket, "du", "take_alarm")
    assert ticket.alarm_at is None
    with refused(guards.no_alarm_stands):
        act(life.db, life.city, ticket, "take_alarm", life.who("du", ticket), life.now)
    (row,) = life.db.scalars(select(TicketEvent).where(TicketEvent.action == "take_alarm")).all()
    assert row.actor_id == life.staff["du"].id and row.data["alarm_since"]


@pytest.mark.parametrize("end", ["dispatch", "answer_directly", "void"])
def test_an_alarm_ends_when_the_ticket_goes_on(life: Life, end: str) -> None:
    ticket = told(life, FIRE)
    life.do(ticket, "du", end)
    assert ticket.alarm_at is None


def test_danger_in_what_a_citizen_adds_rings_and_turns_the_clocks(life: Life) -> None:
    ticket = told(life, LAMP)
    life.do(ticket, "an", "add", text="刚才有老人在这里摔倒昏迷了，叫不醒")
    assert ticket.urgency == "critical" and ticket.alarm_at is not None and ticket.safety
    clock = life.db.scalars(select(Deadline).where(Deadline.ticket_id == ticket.id, Deadline.clock == "dispatch")).one()
    assert clock.due_at <= life.now + timedelta(hours=2)


def test_the_program_raises_and_never_lowers(life: Life) -> None:
    ticket = told(life, FIRE)
    refusal = attempt(
        life.db,
        lambda: act(
            life.db, life.city, ticket, "raise_urgency", SYSTEM, life.now, {"urgency": "urgent", "by": "hotspot"}
        ),
    )
    assert isinstance(refusal, Refusal) and refusal.code == "is_as_urgent" and ticket.urgency == "critical"
