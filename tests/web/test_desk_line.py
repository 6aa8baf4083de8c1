"""What is pressed on the desk reaches the telephone line: answer, hang up, one key to 110."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient

from hotline.house import House
from hotline.jobs.run import drain
from models import Call, Staff
from tests.tickets.life import WORDS, Life
from webhooks.inbox import AskKey, DialAgent, DialOutside, VoiceReply


@dataclass
class MemoryCalls:
    """Writes down what each leg was told."""

    told: list[tuple[str, Any]] = field(default_factory=list)

    def tell(self, leg_id: str, reply: VoiceReply) -> None:
        self.told.append((leg_id, reply.then))

    def bring_in(self, number: str, reply: VoiceReply) -> str:
        return "CA-new"


@pytest.fixture
def line(house: House) -> MemoryCalls:
    house.calls = MemoryCalls()
    return house.calls


@pytest.fixture
def agent(life: Life, browse: Callable[[Staff], FlaskClient]) -> FlaskClient:
    life.staff["an"].on_duty = True
    life.db.add(Call(provider="twilio", provider_id="CA1", from_phone="13800001234", to_phone="12345", state="ringing", started_at=life.now))
    life.db.commit()
    return browse(life.staff["an"])


def test_answering_and_hanging_up_on_the_desk_put_the_citizen_through_and_ask_for_the_rating(agent: FlaskClient, house: House,
                                                                                          line: MemoryCalls) -> None:
    assert agent.post("/desk/calls/1/answer").status_code == 303
    drain(house)
    assert agent.post("/desk/calls/1/end").status_code == 303
    drain(house)
    assert line.told == [("CA1", DialAgent("an", "an")), ("CA1", AskKey("rating"))]


def test_the_emergency_key_moves_the_citizen_and_keeps_what_was_typed(agent: FlaskClient, house: House, line: MemoryCalls) -> None:
    agent.post("/desk/calls/1/answer")
    answer = agent.post("/desk/transfer", data={"to": "110", "call": "1", "body": WORDS, "phone": "13800001234", "channel": "hotline", "once": "k" * 32})
    assert answer.status_code == 303
    drain(house)
    assert line.told[-1] == ("CA1", DialOutside("110"))


def test_a_refused_key_leaves_the_line_alone(agent: FlaskClient, house: House, line: MemoryCalls) -> None:
    agent.post("/desk/calls/1/answer")
    drain(house)
    assert agent.post("/desk/transfer", data={"to": "911", "call": "1", "body": WORDS}).status_code == 400
    drain(house)
    assert [type(then) for _leg, then in line.told] == [DialAgent]
