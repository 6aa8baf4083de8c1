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
from tests.support.fakes import MemoryCalls
from tests.support.life import Life
from webhooks.events import CallAnswered, CallEnded, DialEnded, JoinRoom, LegMoved
from webhooks.twilio.calls import CallGone, NotHeard, room_of


@pytest.fixture
def call(house: Installation, life: Life, line: MemoryCalls) -> Call:
    """An agent talks with a citizen; the agent's leg is known."""
    life.staff["an"].on_duty = True
    rings = Call(provider="twilio", provider_id="CA1", from_phone="13800001234", to_phone="12345", state="ringing", started_at=life.now)
    life.db.add(rings)
    life.db.commit()
    calls.answer(life.db, rings.id, life.staff["an"], life.now)
    life.db.commit()
    drain(house)
    WebhookHandler(house).call_answered(CallAnswered(provider="twilio", event_id="a", at=life.now, call_id="CA1", leg_id="CA9", agent="an"))
    line.told.clear()
    return rings


def press(house: Installation, life: Life, to: str = "110") -> int:
    """One key at the desk, committed; the workers have not heard of it yet."""
    with house.sessions() as db:
        leg_id = three_way.bring_in(db, house.city, db.get_one(Staff, life.staff["an"].id), to, life.now).id
        db.commit()
    return leg_id


def bring(house: Installation, life: Life, to: str = "110") -> CallLeg:
    leg_id = press(house, life, to)
    drain(house)
    with house.readings() as db:
        return db.get_one(CallLeg, leg_id)


def hang_up(house: Installation, life: Life, call: Call) -> None:
    with house.sessions() as db:
        calls_end.hang_up(db, house.city, db.get_one(Call, call.id), life.now)
        db.commit()
    drain(house)


def news(house: Installation, life: Life, ref: str, state: str, who: str = "outside") -> Any:
    return WebhookHandler(house).leg_moved(LegMoved(provider="twilio", event_id=f"{ref}:{who}:{state}", at=life.now, ref=ref, who=who,
                                                 state=state, leg_id="CA-leg"))


def state_of(house: Installation, leg: CallLeg) -> str:
    with house.readings() as db:
        return db.get_one(CallLeg, leg.id).state


def call_now(house: Installation, call: Call) -> Call:
    with house.readings() as db:
        return db.get_one(Call, call.id)


def test_the_agent_moves_first_then_the_citizen_then_110_rings(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    leg = bring(house, life)
    assert [leg_id for leg_id, _then in line.told] == ["CA9", "CA1"]
    assert {then.room for _leg, then in line.told} == {room_of("CA1")}
    assert [number for number, _then in line.rung] == ["110"]
    assert set(line.held) == {0}, "no transaction is held while we speak to the exchange"
    assert leg.state == "ringing"


def test_nothing_rings_when_the_press_was_rolled_back(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    with house.sessions() as db:
        three_way.bring_in(db, house.city, db.get_one(Staff, life.staff["an"].id), "110", life.now)
        db.rollback()
    drain(house)
    assert line.rung == []


def test_pressing_twice_rings_once(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    assert bring(house, life).id == bring(house, life).id
    assert len(line.rung) == 1


def test_a_second_service_joins_the_same_room_and_nobody_moves_again(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    news(house, life, bring(house, life).ref, "busy")
    bring(house, life, "120")
    assert len(line.told) == 2 and [number for number, _then in line.rung] == ["110", "120"]


def test_a_third_party_at_once_is_refused(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    bring(house, life, "110")
    bring(house, life, "120")
    with pytest.raises(Refusal, match="已经接入了 2 方"):
        bring(house, life, "119")


def test_the_citizens_dial_that_ends_by_the_move_leads_into_the_room_and_asks_for_no_rating(
        house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    press(house, life)
    ended = DialEnded(provider="twilio", event_id="CA1:CA9:completed", at=life.now, call_id="CA1", result="answered")
    assert WebhookHandler(house).dial_ended(ended).then == JoinRoom(room_of("CA1"), closes=True, who="caller", ref="CA1")
    assert call_now(house, call).state == "answered"


def test_news_that_comes_late_never_steps_back(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    leg = bring(house, life)
    for state in ("connected", "left", "connected", "ringing"):
        news(house, life, leg.ref, state)
    assert state_of(house, leg) == "left"


def test_when_the_agent_leaves_the_citizen_stays_with_110(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    news(house, life, bring(house, life).ref, "connected")
    told = len(line.told)
    hang_up(house, life, call)
    assert line.ended == ["CA9"] and len(line.told) == told, "only the agent's leg is touched"
    assert (call_now(house, call).state, call_now(house, call).transferred_to) == ("transferred", "110")


def test_an_agent_whose_telephone_fell_off_leaves_the_citizen_with_110(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    news(house, life, bring(house, life).ref, "connected")
    news(house, life, "CA1", "left", "agent")
    assert (call_now(house, call).state, call_now(house, call).transferred_to) == ("transferred", "110")


def test_when_the_citizen_hangs_up_everybody_has_left(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    leg = bring(house, life)
    news(house, life, leg.ref, "connected")
    WebhookHandler(house).call_ended(CallEnded(provider="twilio", event_id="e", at=life.now, call_id="CA1", result="completed"))
    assert state_of(house, leg) == "left"
    assert call_now(house, call).state == "ended"


def test_a_try_that_reached_nobody_stands_in_the_story_too(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    call.ticket_id = life.ticket().id
    life.db.commit()
    leg = bring(house, life)
    for _twice in range(2):
        news(house, life, leg.ref, "no_answer")
    with house.readings() as db:
        (told,) = db.scalars(select(TicketEvent).where(TicketEvent.action == "note")).all()
    assert "呼叫110报警服务台，无人接听" in told.data["text"] and told.actor_id == life.staff["an"].id


def test_a_provider_that_is_away_is_asked_again_and_110_rings_all_the_same(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    line.trouble = [NotHeard("no route")]
    leg = bring(house, life)
    assert (line.rung, state_of(house, leg)) == ([], "calling")
    life.clock.forward(seconds=5)
    drain(house)
    assert [number for number, _then in line.rung] == ["110"] and state_of(house, leg) == "ringing"


def test_trouble_after_the_move_does_not_move_anybody_twice(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    line.trouble = [None, None, NotHeard("no route")]
    bring(house, life)
    life.clock.forward(seconds=5)
    drain(house)
    assert len(line.told) == 2 and len(line.rung) == 1


def test_a_provider_that_stays_away_is_told_to_the_agent_and_the_try_is_closed(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    line.trouble = [NotHeard("no route")] * 9
    leg = bring(house, life)
    for _try in range(6):
        life.clock.forward(seconds=5)
        drain(house)
    with house.readings() as db:
        (notice,) = db.scalars(select(Message).where(Message.staff_id == life.staff["an"].id)).all()
    assert "三方呼叫 110报警服务台 没有成功" in notice.text or "三方呼叫 110 没有成功" in notice.text
    assert state_of(house, leg) == "failed" and len(line.trouble) == 5, "four tries and no more"


def test_a_refusal_of_the_provider_is_final_and_another_try_opens_the_room(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    line.trouble = [CallGone("no such call")]
    assert bring(house, life).state == "failed"
    bring(house, life)
    assert [leg_id for leg_id, _then in line.told] == ["CA9", "CA1"]


def test_a_telephone_of_which_nothing_more_is_heard_is_given_up(house: Installation, life: Life, line: MemoryCalls, call: Call) -> None:
    leg = bring(house, life)
    life.clock.forward(seconds=95)
    drain(house)
    assert state_of(house, leg) == "no_answer"
