"""What is pressed on the desk reaches the telephone line: answer, hang up, one key to 110."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.telephony import three_way
from models import Call, CallLeg, Staff, TicketEvent
from tests.support.doubles.fakes import MemoryCalls
from tests.support.life import WORDS, Life
from webhooks.events import AskKey, DialAgent, DialCitizen, DialOutside


@pytest.fixture
def line(installation: Installation) -> MemoryCalls:
    installation.calls = MemoryCalls()
    return installation.calls


@pytest.fixture
def agent(life: Life, browse: Callable[[Staff], FlaskClient]) -> FlaskClient:
    life.staff["an"].on_duty = True
    life.db.add(
        Call(
            provider="twilio",
            provider_id="CA1",
            from_phone="13800001234",
            to_phone="12345",
            state="ringing",
            started_at=life.now,
        )
    )
    life.db.commit()
    return browse(life.staff["an"])


def test_answering_and_hanging_up_on_the_desk_put_the_citizen_through_and_ask_for_the_rating(
    agent: FlaskClient, installation: Installation, line: MemoryCalls
) -> None:
    assert agent.post("/desk/calls/1/answer").status_code == 303
    drain(installation)
    assert agent.post("/desk/calls/1/end").status_code == 303
    drain(installation)
    assert line.told == [("CA1", DialAgent("an", "an")), ("CA1", AskKey("rating"))]


def test_the_emergency_key_moves_the_citizen_and_keeps_what_was_typed(
    agent: FlaskClient, installation: Installation, line: MemoryCalls
) -> None:
    agent.post("/desk/calls/1/answer")
    answer = agent.post(
        "/desk/transfer",
        data={"to": "110", "call": "1", "body": WORDS, "phone": "13800001234", "channel": "hotline", "once": "k" * 32},
    )
    assert answer.status_code == 303
    drain(installation)
    assert line.told[-1] == ("CA1", DialOutside("110"))


def test_a_refused_key_leaves_the_line_alone(agent: FlaskClient, installation: Installation, line: MemoryCalls) -> None:
    agent.post("/desk/calls/1/answer")
    drain(installation)
    assert agent.post("/desk/transfer", data={"to": "911", "call": "1", "body": WORDS}).status_code == 400
    drain(installation)
    assert [type(then) for _leg, then in line.told] == [DialAgent]


HTMX = {"HX-Request": "true"}
TYPED = {"call": "1", "body": WORDS, "phone": "138****1234", "channel": "hotline", "once": "k" * 32}


def story(installation: Installation) -> list[str]:
    with installation.readings() as db:
        return [
            event.data["text"]
            for event in db.scalars(select(TicketEvent).where(TicketEvent.action == "note").order_by(TicketEvent.id))
        ]


def test_one_key_rings_110_into_the_call_and_nothing_typed_is_sent(
    agent: FlaskClient, installation: Installation, line: MemoryCalls
) -> None:
    agent.post("/desk/calls/1/answer")
    strip = agent.post("/desk/calls/bring", data={"to": "110"}, headers=HTMX)
    assert "正在拨号" in strip.text and "<html" not in strip.text
    drain(installation)
    assert [number for number, _room in line.rung] == ["110"]
    assert "振铃中" in agent.get("/desk/calls").text


def test_without_a_call_the_key_says_so_and_rings_nobody(
    agent: FlaskClient, installation: Installation, line: MemoryCalls
) -> None:
    assert "没有正在进行的通话" in agent.post("/desk/calls/bring", data={"to": "110"}, headers=HTMX).text
    drain(installation)
    assert line.rung == []


def test_a_partner_whose_line_is_on_file_can_join_and_nobody_else(
    agent: FlaskClient, installation: Installation, line: MemoryCalls
) -> None:
    agent.post("/desk/calls/1/answer")
    agent.post("/desk/calls/bring", data={"to": "power-company"}, headers=HTMX)
    assert "没有登记" in agent.post("/desk/calls/bring", data={"to": "13900000000"}, headers=HTMX).text
    drain(installation)
    assert [number for number, _room in line.rung] == ["95598"]


def test_leaving_is_not_possible_while_110_still_rings(
    agent: FlaskClient, installation: Installation, line: MemoryCalls
) -> None:
    agent.post("/desk/calls/1/answer")
    agent.post("/desk/calls/bring", data={"to": "110"})
    drain(installation)
    assert "来电人会独自等待" in agent.post("/desk/calls/1/end", headers=HTMX).text
    with installation.readings() as db:
        assert db.get_one(Call, 1).state == "answered"


def test_what_became_of_110_stands_in_the_story_of_the_ticket_that_is_written_afterwards(
    agent: FlaskClient, installation: Installation, life: Life, line: MemoryCalls
) -> None:
    agent.post("/desk/calls/1/answer")
    agent.post("/desk/calls/bring", data={"to": "110"})
    drain(installation)
    with installation.sessions() as db:
        leg = db.scalars(select(CallLeg)).one()
        three_way.moved(db, installation.city, leg, "connected", life.now)
        three_way.moved(db, installation.city, leg, "left", life.clock.forward(seconds=75))
        db.commit()
    agent.post("/desk", data={**TYPED, "then": "submit"})
    (told,) = story(installation)
    assert "110报警服务台" in told and "1 分 15 秒" in told


def test_a_stranger_cannot_take_110_out_of_my_call(
    agent: FlaskClient,
    installation: Installation,
    life: Life,
    browse: Callable[[Staff], FlaskClient],
    line: MemoryCalls,
) -> None:
    agent.post("/desk/calls/1/answer")
    agent.post("/desk/calls/bring", data={"to": "110"})
    drain(installation)
    assert browse(life.staff["班"]).post("/desk/calls/legs/1/drop").status_code == 404
    assert agent.post("/desk/calls/legs/1/drop", headers=HTMX).status_code == 200
    drain(installation)
    assert line.ended == ["CA-110"]


def missed(life: Life) -> int:
    call = Call(
        provider="twilio",
        provider_id="CA2",
        from_phone="13900005678",
        to_phone="12345",
        state="missed",
        started_at=life.now,
    )
    life.db.add(call)
    life.db.commit()
    return call.id


def test_calling_back_rings_my_telephone_and_then_the_citizens(
    agent: FlaskClient, installation: Installation, life: Life, line: MemoryCalls
) -> None:
    page = agent.get(agent.post(f"/desk/calls/{missed(life)}/back").headers["Location"]).text
    drain(installation)
    ((own, then),) = line.rung
    assert (own, type(then), then.number) == ("an", DialCitizen, "+8613900005678")
    assert "正在接通您的电话" in page and "139****5678" in page and "13900005678" not in page


def test_where_nobody_dials_for_us_the_agent_dials_and_says_when_nobody_answered(
    agent: FlaskClient, installation: Installation, life: Life, line: MemoryCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_id = missed(life)
    monkeypatch.setattr(installation, "settings", replace(installation.settings, demo=False))
    page = agent.get(agent.post(f"/desk/calls/{call_id}/back").headers["Location"]).text
    assert "请手动回拨" in page
    agent.post(f"/desk/calls/{call_id}/unreached")
    drain(installation)
    assert line.rung == [] and "139****5678" in agent.get("/desk/calls").text
