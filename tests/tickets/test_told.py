"""Who is told what: nobody who must know is left out, and nobody learns of what they may not open."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.schedule import ring
from hotline.messages.values import local_minute
from hotline.outbox.runner import drain
from hotline.tickets import guards, petitions
from hotline.tickets.deadlines import running
from models import Job, Message, Petition, Precedent, Ticket
from tests.support.life import HELPER, Life
from tests.support.refusals import refused


def told(installation: Installation, life: Life, key: str) -> list[Message]:
    life.db.commit()
    drain(installation)
    life.db.expire_all()
    return list(life.db.scalars(select(Message).where(Message.template_key == key).order_by(Message.id)))


def texted_at(life: Life, key: str) -> datetime:
    """When the text of this key goes out at the earliest."""
    (message,) = life.db.scalars(select(Message).where(Message.template_key == key, Message.channel == "sms"))
    return life.db.scalars(
        select(Job.run_at).where(Job.name == "send", Job.args["message_id"].as_integer() == message.id)
    ).one()


@pytest.mark.parametrize(
    ("urgency", "after", "wakes"), [("normal", 0, True), ("normal", 4, False), ("urgent", 4, True)]
)
def test_nobody_is_woken_by_news_who_has_not_just_called(
    installation: Installation, life: Life, clock: StoppedClock, urgency: str, after: int, wakes: bool
) -> None:
    clock.at = datetime(2026, 3, 4, 22, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
    ticket = life.ticket(urgency=urgency)
    clock.forward(hours=after)
    now = life.now
    life.do(ticket, "du", "dispatch")
    life.db.commit()
    drain(installation)
    morning = datetime(2026, 3, 5, 9, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
    assert texted_at(life, "accepted") <= now
    assert texted_at(life, "dispatched") == (now if wakes else morning)


def test_a_yellow_card_is_put_away_when_the_unit_has_replied_in_time(life: Life) -> None:
    ticket, late = life.to("handling"), life.to("handling")
    ticket.card, late.card = "yellow", "red"
    for one in (ticket, late):
        life.do(one, "he", "reply")
    assert (ticket.card, late.card) == (None, "red")


def test_a_unit_is_told_by_when_to_finish_and_not_by_when_to_sign(installation: Installation, life: Life) -> None:
    ticket = life.to("to_sign")
    reply = next(d for d in running(life.db, ticket.id) if d.clock == "reply")
    first = told(installation, life, "dispatched_unit")[0]
    assert local_minute(life.city, reply.due_at) in first.text


def test_units_whose_ticket_is_taken_back_are_told_to_stop(installation: Installation, life: Life) -> None:
    ticket = life.to("handling")
    life.do(ticket, "du", "recall", reason="派错了单位")
    stopped = told(installation, life, "recalled_unit")
    assert {m.unit_code for m in stopped} == {"chengguan", HELPER} and "派错了单位" in stopped[0].text


def test_a_ruled_unit_learns_that_it_may_not_object(installation: Installation, life: Life) -> None:
    ticket = life.to("in_dispute")
    life.do(ticket, "du", "rule", reason="按三定方案")
    assert [m.unit_code for m in told(installation, life, "ruled_unit")] == ["chengguan"]


def test_the_sub_unit_on_whose_desk_it_lies_is_told_too(installation: Installation, life: Life) -> None:
    ticket = life.to("handling")
    life.do(ticket, "he", "delegate")
    life.do(ticket, "citizen", "urge")
    assert {m.unit_code for m in told(installation, life, "urged_unit")} == {"chengguan", life.below()}


def test_of_a_sealed_ticket_only_the_units_leader_learns(installation: Installation, life: Life) -> None:
    ticket = life.ticket(privacy="sealed")
    life.do(ticket, "du", "dispatch")
    assert {(m.unit_code, m.role) for m in told(installation, life, "dispatched_unit")} == {
        ("chengguan", "unit_leader"),
        (HELPER, "unit_leader"),
    }


def test_a_dissatisfied_informant_is_judged_by_those_who_may_open_the_ticket(
    installation: Installation, life: Life
) -> None:
    ticket = life.ticket(privacy="sealed")
    for who, action in (
        ("du", "dispatch"),
        ("hejt", "sign"),
        ("hejt", "reply"),
        ("ren", "pass"),
        ("citizen", "note_dissatisfied"),
    ):
        life.do(ticket, who, action)
    assert {m.role for m in told(installation, life, "judge_dissatisfied")} == {"supervisor"}


def test_a_unit_under_supervision_is_told_so(installation: Installation, life: Life) -> None:
    ticket = life.to("handling")
    asked = petitions.ask(life.db, life.city, ticket, "supervision", life.people["ren"], life.now, {"reason": "推诿"})
    petitions.decide(life.db, life.city, asked.id, True, life.people["du2"], life.now, None)
    assert [m.unit_code for m in told(installation, life, "supervision_opened")] == ["chengguan"]


def test_the_unit_is_told_when_the_agreed_day_has_come(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    ticket = life.to("waiting")
    life.db.commit()
    clock.forward(days=21)
    ring(installation, clock.now())
    assert [m.unit_code for m in told(installation, life, "wait_over")] == ["chengguan"]
    assert life.db.get_one(Ticket, ticket.id).state == "handling"


def test_a_reopened_ticket_tells_its_citizen_where_it_goes(installation: Installation, life: Life) -> None:
    ticket = life.to("closed")
    life.do(ticket, "du2", "reopen")
    life.do(ticket, "du", "dispatch", unit="education")
    assert life.city.unit_name("education") in told(installation, life, "dispatched")[-1].text


# --- what else follows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("road", [("du", "decline"), ("du", "answer_directly")])
def test_what_no_unit_ever_had_is_reopened_in_its_first_round(life: Life, road: tuple[str, str]) -> None:
    ticket = life.ticket()
    life.do(ticket, *road)
    life.do(ticket, "du2", "reopen")
    life.do(ticket, "du", "dispatch")
    reply = next(d for d in running(life.db, ticket.id) if d.clock == "reply")
    assert (ticket.round, reply.limit) == (1, "5wd")


def test_a_ticket_reopened_after_a_year_may_wait_again(life: Life, clock: StoppedClock) -> None:
    ticket = life.to("archived")
    clock.forward(days=400)
    for who, action in (("du2", "reopen"), ("du", "dispatch"), ("he", "sign"), ("he", "wait")):
        life.do(ticket, who, action)
    assert ticket.state == "waiting"


def test_petitions_about_work_lapse_when_the_work_is_done(life: Life) -> None:
    ticket = life.to("handling")
    for kind, who in (("extension", "he"), ("supervision", "ren"), ("exclusion", "he")):
        petitions.ask(life.db, life.city, ticket, kind, life.people[who], life.now, {"reason": "等配件"})
    states = select(Petition.kind, Petition.state).where(Petition.ticket_id == ticket.id)
    life.do(ticket, "he", "reply")
    assert dict(tuple(row) for row in life.db.execute(states))["extension"] == "withdrawn"
    for who, action in (("ren", "pass"), ("citizen", "record")):
        life.do(ticket, who, action)
    assert dict(tuple(row) for row in life.db.execute(states)) == {
        "extension": "withdrawn",
        "supervision": "withdrawn",
        "exclusion": "asked",
    }


def test_a_precedent_holds_no_phone_number(life: Life) -> None:
    ticket = life.to("in_dispute")
    life.do(ticket, "du", "rule", reason="已与张科长 13912345678 核实，按三定方案")
    assert "13912345678" not in life.db.scalars(select(Precedent.reason)).one()


def test_the_follow_up_does_not_ask_twice(life: Life) -> None:
    ticket = life.to("to_follow_up")
    life.do(ticket, "system", "ask")
    with refused(guards.asked_already):
        life.do(ticket, "hui", "ask")
    assert [d.clock for d in running(life.db, ticket.id)] == ["answer"]
