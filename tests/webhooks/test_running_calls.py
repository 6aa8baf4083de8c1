"""One key hands a citizen to 110; with the agent, in the right order."""

from __future__ import annotations

import logging
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest

from webhooks.inbox import AskKey, DialAgent, DialOutside, JoinRoom, SmsReply, VoiceReply, WaitInLine
from webhooks.twilio_calls import CallGone, ConsoleCalls, TwilioCalls, hand_on, room_of, three_way
from webhooks.twilio_sender import HostSwap
from webhooks.twiml import sms_twiml, voice_twiml

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
    assert three_way(calls, "CA1", "CA9", "0372110") == "CA110"
    agent, citizen, service = server.heard
    assert (agent.path[-8:], citizen.path[-8:]) == ("CA9.json", "CA1.json")
    rooms = [told(heard).find("Dial/Conference") for heard in (agent, citizen, service)]
    assert {room.text for room in rooms} == {room_of("CA1")}
    assert [room.get("endConferenceOnExit") for room in rooms] == ["false", "true", "false"]
    assert parse_qs(service.body.decode())["To"] == ["0372110"]


def test_a_call_that_is_gone_is_told_as_gone(server, calls):
    server.will_answer(404, {"code": 20404, "message": "not found"})
    with pytest.raises(CallGone):
        hand_on(calls, "CA1", "0372110")


def test_the_laptop_never_rings_anybody(caplog):
    with caplog.at_level(logging.INFO, logger="webhooks.calls"):
        assert three_way(ConsoleCalls(), "CA1", "CA9", "110") == "console-110"
    assert [record.getMessage() for record in caplog.records][2] == '{"event": "call_made", "number": "110"}'


@pytest.mark.parametrize(
    ("then", "path"),
    [
        (AskKey("menu"), "Gather/Say"),
        (DialAgent("an", "an"), "Dial/Client"),
        (DialAgent("an", "+8637200000", via="number"), "Dial/Number"),
        (DialAgent("an", "sip:an@desk.example", via="sip"), "Dial/Sip"),
        (DialOutside("0372110"), "Dial/Number"),
        (JoinRoom("room"), "Dial/Conference"),
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
