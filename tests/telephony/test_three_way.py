"""110 in the call: rung after the commit, followed by the network's news, and never lost by the citizen."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.telephony import calls, three_way
from hotline.telephony import hang_up as calls_end
from hotline.webhook_handlers.handler import WebhookHandler
from models import Call, CallLeg, Message, Staff, TicketEvent
from tests.support.doubles.fakes import MemoryCalls
from tests.support.life import Life
from webhooks.events import CallAnswered, CallEnded, DialEnded, JoinRoom, LegMoved
from webhooks.twilio.calls import CallGone, NotHeard, room_of


@pytest.fixture
def call(installation: Installation, life: Life, line: MemoryCalls) -> Call:
    """An agent talks with a citizen; the agent's leg is known."""
    life.staff["an"].on_duty = True
    rings = Call(
        provider="twilio",
        provider_id="CA1",
        from_phone="13800001234",
        to_phone="12345",
        state="ringing",
        started_at=life.now,
    )
    life.db.add(rings)
    life.db.commit()
    calls.answer(life.db, rings.id, life.staff["an"], life.now)
    life.db.commit()
    drain(installation)
    WebhookHandler(installation).call_answered(
        CallAnswered(provider="twilio", event_id="a", at=life.now, call_id="CA1", leg_id="CA9", agent="an")
    )
    line.told.clear()
    return rings


def press(installation: Installation, life: Life, to: str = "110") -> int:
    """One key at the desk, committed; the workers have not heard of it yet."""
    with installation.sessions() as db:
        leg_id = three_way.bring_in(db, installation.city, db.get_one(Staff, life.staff["an"].id), to, life.now).id
        db.commit()
    return leg_id


def bring(installation: Installation, life: Life, to: str = "110") -> CallLeg:
    leg_id = press(installation, life, to)
    drain(installation)
    with installation.readings() as db:
        return db.get_one(CallLeg, leg_id)


def hang_up(installation: Installation, life: Life, call: Call) -> None:
    with installation.sessions() as db:
        calls_end.hang_up(db, installation.city, db.get_one(Call, call.id), life.now)
        db.commit()
    drain(installation)


def news(installation: Installation, life: Life, ref: str, state: str, who: str = "outside") -> Any:
    return WebhookHandler(installation).leg_moved(
        LegMoved(
            provider="twilio",
            event_id=f"{ref}:{who}:{state}",
            at=life.now,
            ref=ref,
            who=who,
            state=state,
            leg_id="CA-leg",
        )
    )


def state_of(installation: Installation, leg: CallLeg) -> str:
    with installation.readings() as db:
        return db.get_one(CallLeg, leg.id).state


def call_now(installation: Installation, call: Call) -> Call:
    with installation.readings() as db:
        return db.get_one(Call, call.id)


def test_the_agent_moves_first_then_the_citizen_then_110_rings(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    leg = bring(installation, life)
    assert [leg_id for leg_id, _then in line.told] == ["CA9", "CA1"]
    assert {then.room for _leg, then in line.told} == {room_of("CA1")}
    assert [number for number, _then in line.rung] == ["110"]
    assert set(line.held) == {0}, "no transaction is held while we speak to the exchange"
    assert leg.state == "ringing"


def test_nothing_rings_when_the_press_was_rolled_back(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    with installation.sessions() as db:
        three_way.bring_in(db, installation.city, db.get_one(Staff, life.staff["an"].id), "110", life.now)
        db.rollback()
    drain(installation)
    assert line.rung == []


def test_pressing_twice_rings_once(installation: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    assert bring(installation, life).id == bring(installation, life).id
    assert len(line.rung) == 1


def test_a_second_service_joins_the_same_room_and_nobody_moves_again(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    news(installation, life, bring(installation, life).ref, "busy")
    bring(installation, life, "120")
    assert len(line.told) == 2 and [number for number, _then in line.rung] == ["110", "120"]


def test_a_third_party_at_once_is_refused(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    bring(installation, life, "110")
    bring(installation, life, "120")
    with pytest.raises(Refusal, match="已经接入了 2 方"):
        bring(installation, life, "119")


def test_the_citizens_dial_that_ends_by_the_move_leads_into_the_room_and_asks_for_no_rating(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    press(installation, life)
    ended = DialEnded(provider="twilio", event_id="CA1:CA9:completed", at=life.now, call_id="CA1", result="answered")
    assert WebhookHandler(installation).dial_ended(ended).then == JoinRoom(
        room_of("CA1"), closes=True, who="caller", ref="CA1"
    )
    assert call_now(installation, call).state == "answered"


def test_news_that_comes_late_never_steps_back(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    leg = bring(installation, life)
    for state in ("connected", "left", "connected", "ringing"):
        news(installation, life, leg.ref, state)
    assert state_of(installation, leg) == "left"


def test_when_the_agent_leaves_the_citizen_stays_with_110(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    news(installation, life, bring(installation, life).ref, "connected")
    told = len(line.told)
    hang_up(installation, life, call)
    assert line.ended == ["CA9"] and len(line.told) == told, "only the agent's leg is touched"
    assert (call_now(installation, call).state, call_now(installation, call).transferred_to) == ("transferred", "110")


def test_an_agent_whose_telephone_fell_off_leaves_the_citizen_with_110(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    news(installation, life, bring(installation, life).ref, "connected")
    news(installation, life, "CA1", "left", "agent")
    assert (call_now(installation, call).state, call_now(installation, call).transferred_to) == ("transferred", "110")


def test_when_the_citizen_hangs_up_everybody_has_left(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    leg = bring(installation, life)
    news(installation, life, leg.ref, "connected")
    WebhookHandler(installation).call_ended(
        CallEnded(provider="twilio", event_id="e", at=life.now, call_id="CA1", result="completed")
    )
    assert state_of(installation, leg) == "left"
    assert call_now(installation, call).state == "ended"


def test_a_try_that_reached_nobody_stands_in_the_story_too(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    call.ticket_id = life.ticket().id
    life.db.commit()
    leg = bring(installation, life)
    for _twice in range(2):
        news(installation, life, leg.ref, "no_answer")
    with installation.readings() as db:
        (told,) = db.scalars(select(TicketEvent).where(TicketEvent.action == "note")).all()
    assert "呼叫110报警服务台，无人接听" in told.data["text"] and told.actor_id == life.staff["an"].id


def test_a_provider_that_is_away_is_asked_again_and_110_rings_all_the_same(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    line.trouble = [NotHeard("no route")]
    leg = bring(installation, life)
    assert (line.rung, state_of(installation, leg)) == ([], "calling")
    life.clock.forward(seconds=5)
    drain(installation)
    assert [number for number, _then in line.rung] == ["110"] and state_of(installation, leg) == "ringing"


def test_trouble_after_the_move_does_not_move_anybody_twice(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    line.trouble = [None, None, NotHeard("no route")]
    bring(installation, life)
    life.clock.forward(seconds=5)
    drain(installation)
    assert len(line.told) == 2 and len(line.rung) == 1


def test_a_provider_that_stays_away_is_told_to_the_agent_and_the_try_is_closed(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    line.trouble = [NotHeard("no route")] * 9
    leg = bring(installation, life)
    for _try in range(6):
        life.clock.forward(seconds=5)
        drain(installation)
    with installation.readings() as db:
        (notice,) = db.scalars(select(Message).where(Message.staff_id == life.staff["an"].id)).all()
    assert "三方呼叫 110报警服务台 没有成功" in notice.text or "三方呼叫 110 没有成功" in notice.text
    assert state_of(installation, leg) == "failed" and len(line.trouble) == 5, "four tries and no more"


def test_a_refusal_of_the_provider_is_final_and_another_try_opens_the_room(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    line.trouble = [CallGone("no such call")]
    assert bring(installation, life).state == "failed"
    bring(installation, life)
    assert [leg_id for leg_id, _then in line.told] == ["CA9", "CA1"]


def test_a_telephone_of_which_nothing_more_is_heard_is_given_up(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    leg = bring(installation, life)
    life.clock.forward(seconds=95)
    drain(installation)
    assert state_of(installation, leg) == "no_answer"
