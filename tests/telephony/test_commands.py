"""What an agent presses reaches the telephone line itself, after the commit and never inside it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hotline.errors import Misconfigured
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.outbox.runner import drain
from hotline.outbox.transports import NoTransport
from hotline.settings import Settings, read_settings
from hotline.telephony import calls, hang_up
from hotline.telephony.commands import calls_for
from hotline.webhook_handlers.handler import WebhookHandler
from models import Call, Message
from tests.support.doubles.fakes import MemoryCalls
from tests.support.life import Life
from webhooks.events import AskKey, DialAgent, DialEnded, DialOutside, WaitInLine
from webhooks.twilio.calls import CallGone, ConsoleCalls, TwilioCalls


@pytest.fixture
def call(life: Life) -> Call:
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
    return rings


def answer(life: Life, call: Call) -> None:
    calls.answer(life.db, call.id, life.staff["an"], life.now)
    life.db.commit()


def state_of(installation: Installation) -> tuple[str, int | None]:
    with installation.readings() as db:
        call = db.scalars(select(Call)).one()
        return call.state, call.agent_id


def dial_ended(life: Life, result: str, leg: str = "CA2") -> DialEnded:
    return DialEnded(provider="twilio", event_id=f"CA1:{leg}:{result}", at=life.now, call_id="CA1", result=result)


@pytest.mark.parametrize(
    ("extension", "via", "address"),
    [
        (None, "client", "an"),
        ("8001", "client", "8001"),
        ("+863722525252", "number", "+863722525252"),
        ("sip:an@desk", "sip", "sip:an@desk"),
        ("03722525252", "number", "+863722525252"),
    ],
)
def test_the_agent_who_answers_is_rung_at_their_own_telephone(
    extension: str | None, via: str, address: str, installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    life.staff["an"].extension = extension
    answer(life, call)
    assert line.told == [], "nothing outside is called before the commit is through"
    drain(installation)
    assert line.told == [("CA1", DialAgent("an", address, via=via))]
    assert line.held == [0], "no transaction is held while we speak to the exchange"


def test_an_answer_that_was_rolled_back_rings_nobody(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    calls.answer(life.db, call.id, life.staff["an"], life.now)
    life.db.rollback()
    drain(installation)
    assert line.told == []


def test_pressing_twice_tells_the_line_once(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    answer(life, call)
    answer(life, call)
    drain(installation)
    for _ in range(2):
        hang_up.hang_up(life.db, life.city, call, life.now)
        life.db.commit()
    drain(installation)
    assert [type(then) for _, then in line.told] == [DialAgent, AskKey], (
        "after the agent the citizen is asked for the rating"
    )


def test_one_key_dials_the_number_this_network_has_for_110(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    installation.settings = Settings(**{**installation.settings.__dict__, "emergency_numbers": {"110": "0372110"}})
    answer(life, call)
    calls.transfer(life.db, call.id, life.staff["an"].id, "110", life.now)
    life.db.commit()
    drain(installation)
    assert line.told[-1] == ("CA1", DialOutside("0372110"))


def test_a_transfer_that_did_not_go_through_is_told_to_the_agent_at_once(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    answer(life, call)
    drain(installation)
    line.trouble = [CallGone("no such call")]
    calls.transfer(life.db, call.id, life.staff["an"].id, "120", life.now)
    life.db.commit()
    drain(installation)
    with installation.readings() as db:
        notice = db.scalars(select(Message).where(Message.staff_id == life.staff["an"].id)).one()
    assert "转接 120 没有成功" in notice.text and "13800001234" not in notice.text
    assert "120 failed" in notice.params["en"]


def test_a_caller_who_hung_up_before_the_agent_was_put_through_is_missed(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    line.trouble = [CallGone("no such call")]
    answer(life, call)
    drain(installation)
    assert state_of(installation) == ("missed", None)


@pytest.mark.parametrize("result", ["missed", "refused", "failed"])
def test_a_telephone_that_does_not_answer_puts_the_citizen_back_in_line(
    result: str, installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    answer(life, call)
    told = [WebhookHandler(installation).dial_ended(dial_ended(life, result)) for _ in range(2)]
    assert told[0] == told[1] and isinstance(told[0].then, WaitInLine)
    assert state_of(installation) == ("ringing", None)
    with installation.readings() as db:
        assert db.scalars(select(Call.agent_leg)).one() is None, "the next agent's leg is another one"


def test_taking_a_citizen_out_of_the_line_is_not_a_telephone_that_does_not_answer(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    answer(life, call)
    WebhookHandler(installation).dial_ended(dial_ended(life, "moved"))
    assert state_of(installation)[0] != "ringing"


def test_the_end_of_the_agents_part_never_takes_a_citizen_away_from_110(
    installation: Installation, life: Life, line: MemoryCalls, call: Call
) -> None:
    answer(life, call)
    calls.transfer(life.db, call.id, life.staff["an"].id, "110", life.now)
    life.db.commit()
    assert WebhookHandler(installation).dial_ended(dial_ended(life, "answered")).then == DialOutside("110")
    assert state_of(installation)[0] == "transferred"


def test_an_account_makes_the_telephone_real(installation: Installation) -> None:
    with_account = Settings(
        **{**installation.settings.__dict__, "twilio_account_sid": "AC1", "twilio_from": "+8637212345"}
    )
    assert isinstance(calls_for(with_account), TwilioCalls)
    assert isinstance(calls_for(installation.settings), ConsoleCalls)
    built = build_installation(
        with_account,
        city=installation.city,
        engine=installation.engine,
        classifier=installation.classifier,
        transport=NoTransport(),
    )
    assert isinstance(built.calls, TwilioCalls)


def test_emergency_numbers_are_read_from_the_environment() -> None:
    assert read_settings({"EMERGENCY_NUMBERS": "110=0372110; 120=+86372120"}).emergency_numbers == {
        "110": "0372110",
        "120": "+86372120",
    }


@pytest.mark.parametrize("wrong", ["911=1", "110=", "110=abc", "110"])
def test_a_wrong_emergency_number_keeps_the_hotline_from_starting(wrong: str) -> None:
    with pytest.raises(Misconfigured, match="EMERGENCY_NUMBERS"):
        read_settings({"EMERGENCY_NUMBERS": wrong})
