"""Calls that we make: our own telephone first, the outcome written down by itself, and no clock stopped by a vain try."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from hotline.errors import NotAllowed, OutOfTurn, Refusal
from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.telephony import calls, hang_up, outbound, three_way
from hotline.webhook_handlers.handler import WebhookHandler
from models import Call, Deadline, Message, Staff, Ticket, TicketEvent
from tests.support.doubles.fakes import MemoryCalls
from tests.support.life import Life
from webhooks.events import DialCitizen, JoinRoom, LegMoved
from webhooks.twilio.calls import CallGone, NotHeard


@pytest.fixture
def missed(life: Life) -> Call:
    call = Call(
        provider="twilio",
        provider_id="CA1",
        from_phone="13800001234",
        to_phone="12345",
        state="missed",
        started_at=life.now,
    )
    life.db.add(call)
    life.db.commit()
    return call


def back(installation: Installation, life: Life, missed: Call, login: str = "an") -> Call:
    call = outbound.return_missed(life.db, missed.id, life.staff[login], life.now)
    life.db.commit()
    drain(installation)
    return call


def dial(installation: Installation, life: Life, ticket: Ticket, login: str) -> Call:
    call = outbound.ring_citizen(life.db, ticket, life.staff[login], life.people[login], life.now)
    life.db.commit()
    drain(installation)
    return call


def news(
    installation: Installation, life: Life, call: Call, *steps: str, who: str = "citizen", seconds: int = 0
) -> Any:
    for step in steps:
        told = WebhookHandler(installation).leg_moved(
            LegMoved(
                provider="twilio",
                event_id=f"{call.id}:{who}:{step}",
                at=life.now,
                seconds=seconds,
                ref=call.provider_id,
                who=who,
                state=step,
                leg_id=f"CA-{who}",
            )
        )
    return told


def talk(installation: Installation, life: Life, call: Call, seconds: int) -> None:
    news(installation, life, call, "ringing", "connected")
    life.clock.forward(seconds=seconds)
    news(installation, life, call, "left", seconds=seconds)


def now_of(installation: Installation, call: Call) -> Call:
    with installation.readings() as db:
        return db.get_one(Call, call.id)


def deeds(installation: Installation, action: str) -> list[TicketEvent]:
    with installation.readings() as db:
        return list(db.scalars(select(TicketEvent).where(TicketEvent.action == action).order_by(TicketEvent.id)))


def contact_runs(installation: Installation, ticket: Ticket) -> bool:
    with installation.readings() as db:
        return (
            db.scalars(select(Deadline).where(Deadline.ticket_id == ticket.id, Deadline.clock == "contact"))
            .one()
            .stopped_at
            is None
        )


def test_our_own_telephone_rings_first_and_nobody_holds_the_database(
    installation: Installation, life: Life, line: MemoryCalls, missed: Call
) -> None:
    call = back(installation, life, missed)
    assert line.rung == [("an", DialCitizen("+8613800001234", installation.city.hotline_number, call.provider_id))]
    assert line.held == [0]
    assert now_of(installation, call).agent_leg == "CA-own"


def test_pressing_twice_dials_once_and_a_colleague_is_told(
    installation: Installation, life: Life, line: MemoryCalls, missed: Call
) -> None:
    assert back(installation, life, missed).id == back(installation, life, missed).id
    with pytest.raises(OutOfTurn):
        back(installation, life, missed, "班")
    assert len(line.rung) == 1


def test_each_step_of_the_network_is_seen_at_the_desk(
    installation: Installation, life: Life, line: MemoryCalls, missed: Call
) -> None:
    call = back(installation, life, missed)
    seen = [now_of(installation, call).state]
    for step in ("ringing", "connected", "left"):
        news(installation, life, call, step)
        seen.append(now_of(installation, call).state)
    assert seen == ["dialing", "calling", "answered", "ended"]


def test_somebody_who_dials_cannot_take_another_call_meanwhile(
    installation: Installation, life: Life, line: MemoryCalls, missed: Call
) -> None:
    life.staff["an"].on_duty = True
    rings = Call(
        provider="twilio",
        provider_id="CA5",
        from_phone="13800005555",
        to_phone="12345",
        state="ringing",
        started_at=life.now,
    )
    life.db.add(rings)
    back(installation, life, missed)
    with pytest.raises(Refusal, match="正在通话"):
        calls.answer(life.db, rings.id, life.staff["an"], life.now)


def test_a_missed_caller_who_was_reached_is_called_back(
    installation: Installation, life: Life, line: MemoryCalls, missed: Call
) -> None:
    call = back(installation, life, missed)
    talk(installation, life, call, 60)
    assert now_of(installation, call).outcome == "reached"
    assert now_of(installation, missed).called_back_at is not None


@pytest.mark.parametrize("step", ["busy", "no_answer", "refused", "failed"])
def test_a_missed_caller_who_was_not_reached_waits_in_the_list_again(
    step: str, installation: Installation, life: Life, line: MemoryCalls, missed: Call
) -> None:
    call = back(installation, life, missed)
    news(installation, life, call, "ringing", step)
    assert now_of(installation, call).outcome == step
    with installation.readings() as db:
        assert [one.id for one in calls.missed(db, life.now)] == [missed.id]
        assert outbound.tries(db, [missed.id]) == {missed.id: 1}


def test_after_three_vain_tries_the_missed_call_is_done_with(
    installation: Installation, life: Life, line: MemoryCalls, missed: Call
) -> None:
    for _try in range(3):
        news(installation, life, back(installation, life, missed), "no_answer")
    with installation.readings() as db:
        assert calls.missed(db, life.now) == []


def test_our_own_telephone_that_nobody_picked_up_reaches_nobody(
    installation: Installation, life: Life, line: MemoryCalls, missed: Call
) -> None:
    call = back(installation, life, missed)
    news(installation, life, call, "no_answer", who="staff")
    assert now_of(installation, call).outcome == "not_taken"
    assert now_of(installation, missed).called_back_at is None


def test_a_unit_that_reaches_the_citizen_has_made_its_first_contact(
    installation: Installation, life: Life, line: MemoryCalls
) -> None:
    ticket = life.to("handling")
    talk(installation, life, dial(installation, life, ticket, "he"), 130)
    (event,) = deeds(installation, "contact")
    assert event.data["how"] == "phone" and "2 分 10 秒" in event.data["note"] and event.actor_id == life.staff["he"].id
    assert not contact_runs(installation, ticket)


@pytest.mark.parametrize("steps", [("ringing", "no_answer"), ("busy",), ("refused",), ("connected", "left")])
def test_a_vain_try_is_written_down_and_the_first_contacts_clock_runs_on(
    steps: tuple[str, ...], installation: Installation, life: Life, line: MemoryCalls
) -> None:
    ticket = life.to("handling")
    news(installation, life, dial(installation, life, ticket, "he"), *steps)
    (event,) = deeds(installation, "contact")
    assert event.data["reached"] is False
    assert contact_runs(installation, ticket)


def test_the_same_news_twice_is_written_once(installation: Installation, life: Life, line: MemoryCalls) -> None:
    call = dial(installation, life, life.to("handling"), "he")
    for _twice in range(2):
        news(installation, life, call, "busy")
    news(installation, life, call, "left", who="staff")
    assert len(deeds(installation, "contact")) == 1


def test_a_vain_call_of_the_follow_up_is_one_try(installation: Installation, life: Life, line: MemoryCalls) -> None:
    news(installation, life, dial(installation, life, life.to("to_follow_up"), "hui"), "no_answer")
    (event,) = deeds(installation, "call_attempt")
    assert "无人接听" in event.data["note"]


def test_a_reached_citizen_of_the_follow_up_leaves_the_answer_to_be_keyed(
    installation: Installation, life: Life, line: MemoryCalls
) -> None:
    ticket = life.to("to_follow_up")
    talk(installation, life, dial(installation, life, ticket, "hui"), 90)
    assert deeds(installation, "call_attempt") == [] and len(deeds(installation, "note")) == 1


def test_a_ticket_that_moved_on_while_they_talked_keeps_the_call_as_a_note(
    installation: Installation, life: Life, line: MemoryCalls
) -> None:
    ticket = life.to("handling")
    call = dial(installation, life, ticket, "he")
    life.do(ticket, "he", "reply")
    life.db.commit()
    talk(installation, life, call, 60)
    assert deeds(installation, "contact") == [] and "已接通" in deeds(installation, "note")[0].data["text"]


def test_a_unit_that_has_nothing_to_do_with_it_cannot_dial(
    installation: Installation, life: Life, line: MemoryCalls
) -> None:
    with pytest.raises(NotAllowed):
        dial(installation, life, life.to("handling"), "chang")


def test_an_informants_telephone_does_not_ring_for_a_unit(
    installation: Installation, life: Life, line: MemoryCalls
) -> None:
    ticket = life.to("handling")
    ticket.privacy = "sealed"
    life.db.commit()
    with pytest.raises(NotAllowed):
        dial(installation, life, ticket, "he")


def test_a_citizen_without_a_number_cannot_be_dialled(
    installation: Installation, life: Life, line: MemoryCalls
) -> None:
    ticket = life.to("handling")
    ticket.contact_phone = None
    life.db.commit()
    with pytest.raises(Refusal, match="没有留电话"):
        dial(installation, life, ticket, "he")


def test_somebody_elses_office_telephone_is_rung_when_no_extension_is_known(
    installation: Installation, life: Life, line: MemoryCalls
) -> None:
    life.staff["he"].phone = "0372-2525252"
    life.db.commit()
    dial(installation, life, life.to("handling"), "he")
    assert line.rung[0][0] == "+863722525252"


def test_hanging_up_before_the_citizen_answers_takes_the_call_back(
    installation: Installation, life: Life, line: MemoryCalls, missed: Call
) -> None:
    call = back(installation, life, missed)
    news(installation, life, call, "ringing")
    hang_up.hang_up(life.db, life.city, life.db.get_one(Call, call.id, populate_existing=True), life.now)
    life.db.commit()
    drain(installation)
    assert line.ended == ["CA-own"]
    assert (now_of(installation, call).outcome, now_of(installation, missed).called_back_at) == ("no_answer", None)


def test_a_provider_that_is_away_is_asked_again_and_then_the_caller_waits_in_the_list(
    installation: Installation, life: Life, line: MemoryCalls, missed: Call
) -> None:
    line.trouble = [NotHeard("no route"), None]
    call = back(installation, life, missed)
    life.clock.forward(seconds=5)
    drain(installation)
    assert len(line.rung) == 1 and now_of(installation, call).state == "dialing"


def test_a_provider_that_refuses_is_told_at_once_and_nothing_is_lost(
    installation: Installation, life: Life, line: MemoryCalls, missed: Call
) -> None:
    line.trouble = [CallGone("unknown address")]
    call = back(installation, life, missed)
    assert now_of(installation, call).outcome == "failed"
    with installation.readings() as db:
        assert "电话没有拨出" in db.scalars(select(Message.text).where(Message.staff_id == life.staff["an"].id)).one()
        assert [one.id for one in calls.missed(db, life.now)] == [missed.id]


def test_a_worker_killed_before_it_dialled_leaves_no_call_open_for_ever(
    installation: Installation, life: Life, line: MemoryCalls, missed: Call
) -> None:
    call = back(installation, life, missed)
    life.clock.forward(seconds=125)
    drain(installation)
    assert (now_of(installation, call).state, now_of(installation, call).outcome) == ("ended", "not_taken")


def test_110_can_be_rung_into_a_call_that_we_made(
    installation: Installation, life: Life, line: MemoryCalls, missed: Call
) -> None:
    call = back(installation, life, missed)
    news(installation, life, call, "connected")
    with installation.sessions() as db:
        three_way.bring_in(db, installation.city, db.get_one(Staff, life.staff["an"].id), "110", life.now)
        db.commit()
    drain(installation)
    assert [leg for leg, _then in line.told] == ["CA-citizen", "CA-own"], "the dialled leg moves first"
    own = news(installation, life, call, "left")
    assert isinstance(own.then, JoinRoom) and own.then.who == "agent", "our own leg follows into the room"
    assert now_of(installation, call).ended_at is None


def test_the_number_stays_out_of_the_story(installation: Installation, life: Life, line: MemoryCalls) -> None:
    talk(installation, life, dial(installation, life, life.to("handling"), "he"), 30)
    assert "13800001234" not in str([event.data for event in deeds(installation, "contact")])
