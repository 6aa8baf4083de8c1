"""Whom the clocks warn: the desk, the unit and the supervisor, each once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.schedule import ring
from hotline.outbox.runner import drain
from hotline.tickets import petitions
from models import Message
from tests.support.life import Life
from tests.tickets.clocks.reading import clock_of, local, told_of_the_end


def test_after_an_extension_the_warnings_ring_for_the_new_day(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    ticket = life.to("handling")
    due_at = clock_of(life, ticket, "reply").due_at
    asked = petitions.ask(life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "等配件"})
    life.db.commit()
    clock.at = due_at + timedelta(hours=1)
    ring(installation, clock.now())
    drain(installation)
    petitions.decide(life.db, life.city, asked.id, True, life.people["du"], life.now, None)
    life.db.commit()
    for _hour in range(24 * 9):
        clock.forward(hours=1)
        ring(installation, clock.now())
    drain(installation)
    told = told_of_the_end(life, ticket)
    assert told.count("bell_due") == 2 and told.count("bell_red") == 1


def warnings(installation: Installation, life: Life, clock: StoppedClock, hours: int) -> list[tuple[str, str, str]]:
    """What is told while so many hours pass: (bell, clock, whom)."""
    life.db.commit()
    for _hour in range(hours):
        clock.forward(hours=1)
        ring(installation, clock.now())
        drain(installation)
    life.db.expire_all()
    told = life.db.scalars(select(Message).where(Message.template_key.like("bell_%")).order_by(Message.id))
    return [(str(m.template_key)[5:], m.params["clock"], m.unit_code or m.role or "") for m in told]


def test_a_matter_that_nobody_dispatches_warns_the_desk_at_half_most_due_and_red(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    clock.at = local(2026, 3, 3, 10)
    life.ticket()
    told = warnings(installation, life, clock, 48)
    assert [bell for bell, name, to in told if (name, to) == ("派单", "dispatcher")] == ["half", "most", "due", "red"]
    assert [bell for bell, _name, to in told if to == "supervisor"] == ["due", "red"]


def test_a_unit_that_never_signs_and_never_calls_is_told_of_each_once_and_the_supervisor_of_what_is_late(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    clock.at = local(2026, 3, 3, 10)
    ticket = life.to("to_sign")
    told = warnings(installation, life, clock, 48)
    assert [bell for bell in told if bell[2] == "chengguan"] == [
        ("half", "签收", "chengguan"),
        ("most", "签收", "chengguan"),
        ("due", "先行联系", "chengguan"),
        ("red", "先行联系", "chengguan"),
    ]
    assert [bell for bell in told if bell[2] == "supervisor"] == [
        ("due", "先行联系", "supervisor"),
        ("red", "先行联系", "supervisor"),
    ]
    assert (ticket.state, ticket.auto_signed, ticket.card) == ("handling", True, None)


def test_a_signed_ticket_without_a_first_contact_warns_for_that(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    clock.at = local(2026, 3, 3, 10)
    life.to("handling")
    told = [
        bell for bell, name, to in warnings(installation, life, clock, 48) if (name, to) == ("先行联系", "chengguan")
    ]
    assert told == ["half", "most", "due", "red"]


def test_an_urgent_matter_without_feedback_warns_the_unit_within_its_two_hours(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    ticket = life.ticket(urgency="urgent")
    for login, action in (("du", "dispatch"), ("he", "contact"), ("he", "sign")):
        life.do(ticket, login, action)
    told = [
        bell for bell, name, to in warnings(installation, life, clock, 3) if (name, to) == ("首次反馈", "chengguan")
    ]
    assert told == ["half", "most", "due"]


def test_a_desk_is_warned_early_once_an_hour_but_of_each_urgent_matter(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    clock.at = local(2026, 3, 3, 10)
    for n in range(5):
        life.ticket(phone=f"1380000000{n}")
    told = warnings(installation, life, clock, 25)
    assert [bell for bell, _name, to in told if to == "dispatcher"] == ["half", "most", *["due"] * 5]
    for n in range(3):
        life.ticket(phone=f"1380000010{n}", urgency="urgent")
    assert [bell for bell, _n, to in warnings(installation, life, clock, 1)[len(told) :] if to == "dispatcher"] == [
        "half"
    ] * 3


def test_while_an_objection_waits_the_dispatcher_hears_the_citizens_clock(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    clock.at = local(2026, 3, 3, 10)
    life.to("in_objection")
    told = warnings(installation, life, clock, 25)
    assert ("due", "先行联系", "dispatcher") in told and not [to for _bell, _name, to in told if to == "chengguan"]


def test_what_is_nearly_late_is_told_to_the_lead_unit_and_to_the_one_it_passed_the_matter_to(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    clock.at = local(2026, 3, 3, 10)
    ticket = life.to("handling")
    below = life.below()
    life.do(ticket, "he", "contact")
    life.do(ticket, "he", "delegate", unit=below)
    told = warnings(installation, life, clock, 24 * 8)
    assert {(bell, to) for bell, name, to in told if name == "办结" and to != "supervisor"} == {
        ("half", below),
        ("most", below),
        *((bell, unit) for bell in ("yellow", "due", "red") for unit in ("chengguan", below)),
    }


def test_a_warning_in_english_names_the_clock_in_english(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    clock.at = local(2026, 3, 3, 10)
    life.ticket()
    warnings(installation, life, clock, 13)
    said = life.db.scalars(select(Message.params["en"].as_string()).where(Message.template_key == "bell_half")).one()
    assert said.isascii()
