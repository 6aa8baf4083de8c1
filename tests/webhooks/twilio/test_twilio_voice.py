"""A call from the first ring to the rating, through signed webhooks."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import pytest
from twilio.request_validator import RequestValidator

from webhooks.events import CallAnswered, CallEnded, CallReceived, DialEnded, KeyPressed, TransferAsked
from webhooks.simulator import TwilioPhone, sid


def twiml(response):
    assert response.status_code == 200, response.text
    assert response.mimetype == "text/xml"
    return ElementTree.fromstring(response.data)


def test_a_call_is_greeted_and_asked_for_a_key(installation):
    answer = twiml(installation.knock(installation.phone.call("CA1")))
    gather = answer.find("Gather")
    assert gather.find("Say").text == "第1位，您好。"
    assert gather.find("Say").get("language") == "zh-CN"
    assert gather.get("action") == "https://hotline.example.gov.cn/webhooks/twilio/voice/key?purpose=menu&attempt=1"
    assert gather.get("actionOnEmptyResult") == "true"
    (event,) = installation.inbox.acted
    assert isinstance(event, CallReceived)
    assert (event.call_id, event.from_phone, event.at) == (sid("CA1"), "13800001234", installation.clock.at)
    assert f"CallSid={sid('CA1')}" in event.raw


def test_a_menu_key_rings_an_agent_and_the_ringing_reports_back(installation):
    answer = twiml(installation.knock(installation.phone.press("CA1", "1", purpose="menu")))
    dial = answer.find("Dial")
    assert dial.get("action").endswith("/webhooks/twilio/voice/after")
    client = dial.find("Client")
    assert client.text == "an"
    assert client.get("statusCallback").endswith("/webhooks/twilio/voice/status?agent=an")
    assert client.get("statusCallbackEvent") == "answered"


def test_silence_is_told_as_no_digits(installation):
    installation.knock(installation.phone.press("CA1", "", purpose="menu", attempt=2))
    (event,) = installation.inbox.acted
    assert isinstance(event, KeyPressed)
    assert (event.purpose, event.digits, event.attempt) == ("menu", "", 2)


def test_the_same_wrong_key_pressed_twice_is_two_events(installation):
    installation.knock(installation.phone.press("CA1", "9", purpose="menu", attempt=1))
    installation.knock(installation.phone.press("CA1", "9", purpose="menu", attempt=2))
    assert len(installation.inbox.acted) == 2


def test_an_agent_who_picks_up_is_known_with_the_leg_of_the_call(installation):
    assert installation.knock(installation.phone.answered("CA1", "CA9", "an")).status_code == 204
    (event,) = installation.inbox.acted
    assert isinstance(event, CallAnswered)
    assert (event.call_id, event.leg_id, event.agent) == (sid("CA1"), sid("CA9"), "an")


def test_after_the_agent_hangs_up_the_citizen_is_asked_for_a_rating(installation):
    gather = twiml(installation.knock(installation.phone.agent_left("CA1", "CA9", seconds=95))).find("Gather")
    assert "purpose=rating" in gather.get("action")
    (event,) = installation.inbox.acted
    assert isinstance(event, DialEnded)
    assert (event.result, event.seconds) == ("answered", 95)


@pytest.mark.parametrize(
    ("status", "result"), [("no-answer", "missed"), ("busy", "refused"), ("failed", "failed"), ("canceled", "missed")]
)
def test_an_agent_who_does_not_pick_up_is_told_as_such(installation, status, result):
    installation.knock(installation.phone.agent_left("CA1", "CA9", status=status))
    assert installation.inbox.acted[0].result == result


def test_a_rating_is_a_key_with_the_purpose_rating(installation):
    answer = twiml(installation.knock(installation.phone.press("CA1", "5")))
    assert answer.find("Say").text == "谢谢。"
    assert answer.find("Hangup") is not None
    assert (installation.inbox.acted[0].purpose, installation.inbox.acted[0].digits) == ("rating", "5")


def test_a_call_that_is_over_is_told_once_with_its_length(installation):
    knock = installation.phone.ended("CA1", seconds=120)
    assert [installation.knock(knock).status_code, installation.knock(knock).status_code] == [204, 204]
    (event,) = installation.inbox.acted
    assert isinstance(event, CallEnded)
    assert (event.result, event.seconds) == ("completed", 120)


@pytest.mark.parametrize("status", ["queued", "initiated", "ringing", "in-progress"])
def test_steps_of_a_call_that_are_no_news_are_acknowledged_and_forgotten(installation, status):
    assert installation.knock(installation.phone.ended("CA1", status=status)).status_code == 204
    assert installation.inbox.told == 0


def test_a_retry_of_twilio_gets_the_same_greeting_and_is_acted_on_once(installation):
    knock = installation.phone.call("CA1")
    first, second = installation.knock(knock), installation.knock(knock)
    assert first.data == second.data
    assert len(installation.inbox.acted) == 1
    assert installation.inbox.told == 2


def test_a_retry_is_known_by_its_sid_even_when_its_token_is_missing(installation):
    knock = installation.phone.call("CA1")
    first = installation.knock(knock)
    del knock.headers["I-Twilio-Idempotency-Token"]
    assert installation.knock(knock).data == first.data
    assert len(installation.inbox.acted) == 1


def test_a_hidden_number_still_rings(installation):
    installation.knock(replace(installation.phone, from_number="anonymous").call("CA1"))
    assert installation.inbox.acted[0].from_phone == ""


def test_one_key_sends_the_citizen_to_110(installation):
    answer = twiml(installation.knock(installation.phone.transferred("CA1", "110")))
    assert answer.find("Dial/Number").text == "0372110"
    (event,) = installation.inbox.acted
    assert isinstance(event, TransferAsked)
    assert (event.call_id, event.to, event.leg, event.three_way) == (sid("CA1"), "110", "caller", False)


def test_a_three_way_call_puts_both_legs_into_one_room_that_lasts_as_long_as_the_citizen(installation):
    citizen = twiml(installation.knock(installation.phone.transferred("CA1", "120", three_way=True))).find(
        "Dial/Conference"
    )
    agent = twiml(
        installation.knock(installation.phone.transferred("CA9", "120", three_way=True, leg="agent", call="CA1"))
    ).find("Dial/Conference")  # fmt: skip
    assert citizen.text == agent.text == f"emergency-{sid('CA1')}"
    assert (citizen.get("endConferenceOnExit"), agent.get("endConferenceOnExit")) == ("true", "false")
    assert citizen.get("startConferenceOnEnter") == "true"


@pytest.mark.parametrize("number", ["111", "13800001234", "", "+1900555000"])
def test_a_transfer_goes_to_the_four_emergency_numbers_only(installation, number):
    response = installation.knock(installation.phone.transferred("CA1", number))
    assert response.status_code == 400
    assert "to" in response.get_json()["detail"]
    assert installation.inbox.told == 0


@pytest.mark.parametrize("query", ["purpose=steal&attempt=1", "purpose=menu&attempt=-1", "purpose=menu&attempt=x"])
def test_a_key_for_nothing_we_asked_is_refused(installation, query):
    class Crooked(TwilioPhone):
        def press(self, call_sid):
            return self._post(f"/webhooks/twilio/voice/key?{query}", self._call_form(call_sid, Digits="1"))

    phone = Crooked(installation.phone.token, installation.phone.public_url, "+8613800001234", "+8637212345")
    assert installation.knock(phone.press("CA1")).status_code == 400


@pytest.mark.parametrize("path", ["", "/key", "/after", "/status", "/transfer?to=110"])
def test_a_signed_call_without_its_sid_is_refused_by_name(installation, path):
    knock = installation.phone._post(f"/webhooks/twilio/voice{path}", {"From": "+8613800001234"})
    response = installation.knock(knock)
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    assert "CallSid" in response.get_json()["detail"]


def test_a_queue_says_how_the_waiting_ended(installation):
    form = installation.phone._call_form("CA1", QueueSid="QU1", QueueResult="hangup")
    installation.knock(installation.phone._post("/webhooks/twilio/voice/after", form))
    assert installation.inbox.acted[0].result == "missed"


@pytest.mark.parametrize("status", ["ringing", "no-answer", "busy", "completed"])
def test_an_agents_leg_that_is_not_picked_up_answers_nothing_and_ends_nothing(installation, status):
    form = installation.phone._call_form("CA9", ParentCallSid="CA1", CallStatus=status)
    assert (
        installation.knock(installation.phone._post("/webhooks/twilio/voice/status?agent=an", form)).status_code == 204
    )
    assert installation.inbox.told == 0


def test_the_phone_on_the_screen_signs_as_twilio_does(installation):
    knock = installation.phone.press("CA1", "", purpose="menu", attempt=2)
    form = dict(parse_qsl(knock.body.decode(), keep_blank_values=True))
    assert form["Digits"] == ""
    assert RequestValidator(installation.phone.token).validate(knock.url, form, knock.headers["X-Twilio-Signature"])
    assert installation.phone.press("CA1", "", purpose="menu", attempt=2) == knock
    assert (
        installation.phone.call("CA2").headers["I-Twilio-Idempotency-Token"]
        != knock.headers["I-Twilio-Idempotency-Token"]
    )
