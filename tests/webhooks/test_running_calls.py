"""One key hands a citizen to 110; with the agent, in the right order."""

from __future__ import annotations

import logging
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest

from tests.support.doubles.host_swap import HostSwap
from webhooks.events import AskKey, DialAgent, DialCitizen, DialOutside, JoinRoom, SmsReply, VoiceReply, WaitInLine
from webhooks.twilio.calls import CallGone, ConsoleCalls, NotHeard, TwilioCalls, hand_on, open_room, ring_in, room_of
from webhooks.twilio.twiml import sms_twiml, voice_twiml

PUBLIC = "https://hotline.example.gov.cn"


@pytest.fixture
def calls(server):
    return TwilioCalls("AC1", "a-token", "+8637212345", PUBLIC, HostSwap(server.url, timeout=2))


def told(heard):
    return ElementTree.fromstring(parse_qs(heard.body.decode())["Twiml"][0])


def test_one_key_gives_the_citizens_leg_the_emergency_number(server, calls):
    server.will_answer(200, {"sid": "CA1"})
    hand_on(calls, "CA1", "0372110")
    (heard,) = server.heard
    assert heard.path == "/2010-04-01/Accounts/AC1/Calls/CA1.json"
    assert told(heard).find("Dial/Number").text == "0372110"


def test_a_three_way_call_moves_the_agent_first_then_the_citizen_then_rings_the_service(server, calls):
    for sid in ("CA9", "CA1", "CA110"):
        server.will_answer(201, {"sid": sid})
    open_room(calls, "CA1", "CA9", "CA1")
    assert ring_in(calls, "CA1", "0372110", "leg-1") == "CA110"
    agent, citizen, service = server.heard
    assert (agent.path[-8:], citizen.path[-8:]) == ("CA9.json", "CA1.json")
    rooms = [told(heard).find("Dial/Conference") for heard in (agent, citizen, service)]
    assert {room.text for room in rooms} == {room_of("CA1")}
    assert [room.get("endConferenceOnExit") for room in rooms] == ["false", "true", "false"]
    assert [room.get("participantLabel") for room in rooms] == ["agent:CA1", "caller:CA1", "outside:leg-1"]
    form = parse_qs(service.body.decode())
    assert form["To"] == ["0372110"]
    assert form["StatusCallback"] == [f"{PUBLIC}/webhooks/twilio/voice/leg?ref=leg-1&who=outside"]


def test_of_a_call_that_we_made_the_citizen_moves_first(server, calls):
    for sid in ("CA2", "CA9"):
        server.will_answer(200, {"sid": sid})
    open_room(calls, "out-1", "CA9", "CA2", first="caller")
    assert [heard.path[-8:] for heard in server.heard] == ["CA2.json", "CA9.json"]


def test_our_own_telephone_rings_first_and_the_citizen_sees_the_hotlines_number(server, calls):
    server.will_answer(201, {"sid": "CA7"})
    own = DialAgent("an", "+863722525252", via="number")
    assert calls.call_back(own, DialCitizen("+8613800001234", "+8637212345", "out-1"), ("请稍候。",)) == "CA7"
    (heard,) = server.heard
    form, number = parse_qs(heard.body.decode()), told(heard).find("Dial/Number")
    assert form["To"] == ["+863722525252"] and form["From"] == ["+8637212345"]
    assert told(heard).find("Dial").get("callerId") == "+8637212345"
    assert (number.text, number.get("statusCallbackEvent")) == ("+8613800001234", "ringing answered")
    assert told(heard).find("Dial").get("action") == f"{PUBLIC}/webhooks/twilio/voice/back?ref=out-1&who=citizen"
    assert form["StatusCallback"] == [f"{PUBLIC}/webhooks/twilio/voice/leg?ref=out-1&who=staff"]


def test_a_softphone_is_rung_by_its_name(server, calls):
    server.will_answer(201, {"sid": "CA7"})
    calls.call_back(DialAgent("an", "an"), DialCitizen("+8613800001234", "+8637212345", "out-1"))
    assert parse_qs(server.heard[0].body.decode())["To"] == ["client:an"]


def test_a_leg_that_still_rings_can_be_hung_up(server, calls):
    server.will_answer(200, {"sid": "CA110"})
    calls.end("CA110")
    assert parse_qs(server.heard[0].body.decode())["Status"] == ["completed"]


def test_a_leg_that_nobody_named_is_gone(server, calls):
    with pytest.raises(CallGone):
        calls.tell("", VoiceReply())
    assert server.heard == []


def test_a_provider_that_was_never_reached_may_be_asked_again():
    calls = TwilioCalls("AC1", "a-token", "+8637212345", PUBLIC, HostSwap("http://127.0.0.1:9", timeout=1))
    with pytest.raises(NotHeard):
        calls.bring_in("110", VoiceReply(), "leg-1")


def test_a_provider_that_answered_is_not_asked_again(server, calls):
    server.will_answer(500, {"message": "no"})
    with pytest.raises(CallGone) as gone:
        calls.bring_in("110", VoiceReply(), "leg-1")
    assert not isinstance(gone.value, NotHeard)


def test_a_call_that_is_gone_is_told_as_gone(server, calls):
    server.will_answer(404, {"code": 20404, "message": "not found"})
    with pytest.raises(CallGone):
        hand_on(calls, "CA1", "0372110")


def test_development_never_rings_anybody(caplog):
    with caplog.at_level(logging.INFO, logger="webhooks.calls"):
        assert ring_in(ConsoleCalls(), "CA1", "110", "leg-1") == "console-leg-1"
        ConsoleCalls().call_back(DialAgent("an", "an"), DialCitizen("+8613800001234", "12345", "out-1"))
    assert next(record.getMessage() for record in caplog.records) == '{"event": "call_made", "number": "110"}'
    assert "13800001234" not in caplog.text


@pytest.mark.parametrize(
    ("then", "path"),
    [
        (AskKey("menu"), "Gather/Say"),
        (DialAgent("an", "an"), "Dial/Client"),
        (DialAgent("an", "+8637200000", via="number"), "Dial/Number"),
        (DialAgent("an", "sip:an@desk.example", via="sip"), "Dial/Sip"),
        (DialCitizen("+8613800001234", "+8637212345", "out-1"), "Dial/Number"),
        (DialOutside("0372110"), "Dial/Number"),
        (JoinRoom("room"), "Dial/Conference"),
        (JoinRoom("room", who="agent", ref="CA1"), "Dial/Conference"),
        (WaitInLine("desk"), "Enqueue"),
        (None, "Hangup"),
    ],
)
def test_every_answer_has_its_twiml(then, path):
    document = ElementTree.fromstring(voice_twiml(VoiceReply(("您好 <&>",), then), PUBLIC + "/"))
    assert document.find(path) is not None
    assert document.find(".//Say").text == "您好 <&>"
    for element in document.iter():
        for name in ("action", "statusCallback"):
            assert (element.get(name) or PUBLIC + "/webhooks/").startswith(PUBLIC + "/webhooks/")


def test_saying_nothing_to_a_text_is_an_empty_answer():
    assert ElementTree.fromstring(sms_twiml(SmsReply())).find("Message") is None
