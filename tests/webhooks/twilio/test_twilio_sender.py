"""Texts through Twilio: who is told what, and what a failure means."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
import requests

from tests.support.doubles.host_swap import HostSwap
from webhooks.send_errors import no_answer
from webhooks.sender import SendFailed
from webhooks.twilio.sender import TwilioSender

CALLBACK = "https://hotline.example.gov.cn/webhooks/twilio/sms/status"
SINCE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def sender(server):
    return TwilioSender("AC1", "a-token", "+8637212345", CALLBACK, HostSwap(server.url, timeout=2))


def send(sender):
    return sender.send("13800001234", "survey", {"number": "AY0001"}, "您反映的事项已办结。", "17")


def test_a_text_goes_to_twilio_with_our_reference_in_the_callback(server, sender):
    server.will_answer(201, {"sid": "SM1"})
    assert send(sender) == "SM1"
    (heard,) = server.heard
    assert (heard.method, heard.path) == ("POST", "/2010-04-01/Accounts/AC1/Messages.json")
    assert parse_qs(heard.body.decode()) == {
        "To": ["+8613800001234"],
        "From": ["+8637212345"],
        "Body": ["您反映的事项已办结。"],
        "StatusCallback": [CALLBACK + "?out_id=17"],
    }


def test_without_an_address_for_news_none_is_given(server):
    server.will_answer(201, {"sid": "SM1"})
    send(TwilioSender("AC1", "a-token", "+8637212345", http_client=HostSwap(server.url)))
    assert b"StatusCallback" not in server.heard[0].body


def test_swapping_the_host_changes_nothing_but_the_host(server):
    server.will_answer(200, {"ok": True})
    answer = HostSwap(server.url).request(
        "POST",
        "https://api.twilio.com/2010-04-01/A.json?x=%20y",
        data={"To": "1"},
        headers={"X-A": "b"},
        auth=("u", "p"),
    )
    assert (answer.status_code, answer.text) == (200, '{"ok": true}')
    (heard,) = server.heard
    assert (heard.path, heard.body, heard.headers["X-A"]) == ("/2010-04-01/A.json?x=%20y", b"To=1", "b")
    assert heard.headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize("code", [21211, 21610, 21614, 21217, 21612, 21408])
def test_a_number_that_cannot_get_texts_is_a_permanent_failure(server, sender, code):
    server.will_answer(400, {"code": code, "message": "no +8613800001234", "status": 400})
    with pytest.raises(SendFailed) as failure:
        send(sender)
    assert (failure.value.permanent, failure.value.ambiguous, failure.value.code) == (True, False, str(code))
    assert "13800001234" not in str(failure.value)


@pytest.mark.parametrize(
    ("status", "code"), [(429, 20429), (503, 20503), (401, 20003), (400, 21606), (400, 21660), (404, 20404)]
)
def test_what_is_ours_to_mend_or_only_busy_may_be_tried_again(server, sender, status, code):
    server.will_answer(status, {"code": code, "message": "no", "status": status})
    with pytest.raises(SendFailed) as failure:
        send(sender)
    assert (failure.value.permanent, failure.value.ambiguous, failure.value.code) == (False, False, str(code))


@pytest.mark.parametrize("status", [500, 502, 504])
def test_after_a_fault_inside_twilio_the_text_may_have_gone_out(server, sender, status):
    server.will_answer(status, "<html>bad gateway</html>")
    with pytest.raises(SendFailed) as failure:
        send(sender)
    assert (failure.value.permanent, failure.value.ambiguous, failure.value.code) == (False, True, str(status))


@pytest.mark.parametrize("content", ["<html>log in first</html>", {"status": "queued"}])
def test_an_answer_that_is_not_twilios_leaves_us_unsure(server, sender, content):
    server.will_answer(200, content)
    with pytest.raises(SendFailed) as failure:
        send(sender)
    assert (failure.value.permanent, failure.value.ambiguous) == (False, True)


def test_a_time_out_after_the_text_was_handed_over_leaves_us_unsure(server):
    server.delay = 0.6
    server.will_answer(201, {"sid": "SM1"})
    with pytest.raises(SendFailed) as failure:
        send(TwilioSender("AC1", "a-token", "+8637212345", CALLBACK, HostSwap(server.url, timeout=0.2)))
    assert (failure.value.permanent, failure.value.ambiguous) == (False, True)
    assert len(server.heard) == 1


def test_a_connection_cut_before_the_answer_leaves_us_unsure(server, sender):
    server.hang_up = True
    with pytest.raises(SendFailed) as failure:
        send(sender)
    assert (failure.value.permanent, failure.value.ambiguous) == (False, True)


def test_a_connection_that_was_never_made_is_surely_not_sent():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(SendFailed) as failure:
        send(TwilioSender("AC1", "a-token", "+8637212345", CALLBACK, HostSwap(url)))
    assert (failure.value.permanent, failure.value.ambiguous) == (False, False)


def listed(sid, created, body="您反映的事项已办结。"):
    return {"sid": sid, "body": body, "status": "queued", "date_created": created, "date_sent": None}


def test_what_twilio_has_for_a_number_is_found_even_while_it_is_still_queued(server, sender):
    server.will_answer(200, {"messages": [
        listed("SM1", "Mon, 23 Nov 2026 01:00:00 +0000"),
        listed("SM2", "Mon, 23 Nov 2026 01:05:00 +0000"),
        listed("SM0", "Mon, 23 Nov 2026 00:59:59 +0000"),
    ], "next_page_uri": None})  # fmt: skip
    found = sender.find("13800001234", SINCE.replace(microsecond=900_000))
    assert [one.provider_id for one in found] == ["SM2", "SM1"]
    assert (found[0].text, found[0].state, found[0].at) == ("您反映的事项已办结。", "queued", SINCE.replace(minute=5))
    asked = parse_qs(server.heard[0].path.partition("?")[2])
    assert (asked["To"], asked["From"], "DateSent" in asked) == (["+8613800001234"], ["+8637212345"], False)


@pytest.mark.parametrize("status", [401, 429, 500])
def test_not_being_able_to_look_is_not_the_same_as_finding_nothing(server, sender, status):
    server.will_answer(status, {"code": 20000, "message": "no"})
    with pytest.raises(SendFailed) as failure:
        sender.find("13800001234", SINCE)
    assert (failure.value.permanent, failure.value.code) == (False, str(status))


def nobody_listens() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize("answers", [False, True])
def test_a_proxy_that_leads_nowhere_lets_the_next_sender_try(answers: bool, serve) -> None:
    """Behind a proxy the first sender is down when the proxy is, or when it makes no tunnel: nothing was heard."""

    def refuses(environ, start_response):
        start_response("503 Service Unavailable", [])
        return [b""]

    proxy = str(serve(refuses)) if answers else f"http://{nobody_listens()}"
    with pytest.raises(requests.RequestException) as trouble:
        requests.post("https://api.example.com/texts", proxies={"https": proxy}, timeout=5)
    failure = no_answer(trouble.value)
    assert (failure.permanent, failure.ambiguous) == (False, False)
