"""A template-only gateway: what we send, what its answers mean, and what it tells us."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta

import pytest

from webhooks.events import SmsReceived, SmsStatus
from webhooks.gateway.sender import TemplateGateway, parse_inbound, parse_receipt, verify
from webhooks.sender import SendFailed
from webhooks.signature import BadSignature, partner_headers
from webhooks.simulator import SignedRequest

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
KEY = "gateway-key-for-the-tests"


@pytest.fixture
def gateway(server):
    templates = {"survey": "SMS_1001"}
    return TemplateGateway(server.url + "/api", "anyang", KEY, lambda: NOW, templates, timeout=1)


def send(gateway, template="survey"):
    return gateway.send("13800001234", template, {"number": "AY0001"}, "您反映的事项已办结。", "17")


def test_only_the_template_and_its_values_go_out_never_the_text(server, gateway):
    server.will_answer(200, {"code": "OK", "id": "G1"})
    assert send(gateway) == "G1"
    (heard,) = server.heard
    assert (heard.method, heard.path) == ("POST", "/api/messages")
    assert json.loads(heard.body) == {
        "account": "anyang", "phone": "13800001234", "template": "SMS_1001", "params": {"number": "AY0001"},
        "out_id": "17",
    }  # fmt: skip


def test_a_gateway_can_verify_that_we_sent_it(server, gateway):
    server.will_answer(200, {"code": "OK", "id": "G1"})
    server.will_answer(200, {"code": "OK", "messages": []})
    send(gateway)
    gateway.find("13800001234", NOW)
    for heard in server.heard:
        verify((KEY,), heard.headers, heard.path, heard.body, NOW)
        with pytest.raises(BadSignature):
            verify((KEY,), heard.headers, heard.path, heard.body + b" ", NOW)


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    "code", ["BAD_NUMBER", "NO_SUCH_NUMBER", "UNSUBSCRIBED", "BLACKLISTED", "NO_TEMPLATE", "BAD_PARAMS"]
)
def test_a_code_about_the_number_or_template_is_permanent_whatever_the_status(server, gateway, status, code):
    server.will_answer(status, {"code": code})
    with pytest.raises(SendFailed) as failure:
        send(gateway)
    assert (failure.value.permanent, failure.value.ambiguous, failure.value.code) == (True, False, code)


@pytest.mark.parametrize(
    ("status", "content", "ambiguous"),
    [
        (200, {"code": "BUSY"}, False),
        (429, {"code": "TOO_FAST"}, False),
        (503, "later", False),
        (403, {"code": "BAD_SIGNATURE"}, False),
        (500, "fault", True),
        (502, {"code": "UPSTREAM"}, True),
        (200, "<html>log in</html>", True),
        (200, {"code": "OK"}, True),
        (200, [], True),
    ],
)
def test_other_trouble_may_pass_and_says_whether_the_text_may_be_out(server, gateway, status, content, ambiguous):
    server.will_answer(status, content)
    with pytest.raises(SendFailed) as failure:
        send(gateway)
    assert (failure.value.permanent, failure.value.ambiguous) == (False, ambiguous)


def test_a_time_out_leaves_us_unsure(server):
    server.delay = 0.6
    server.will_answer(200, {"code": "OK", "id": "G1"})
    with pytest.raises(SendFailed) as failure:
        send(TemplateGateway(server.url, "anyang", KEY, lambda: NOW, timeout=0.2))
    assert failure.value.ambiguous


def test_a_gateway_that_cannot_be_reached_has_surely_sent_nothing():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(SendFailed) as failure:
        send(TemplateGateway(url, "anyang", KEY, lambda: NOW))
    assert (failure.value.permanent, failure.value.ambiguous) == (False, False)


def test_what_the_gateway_has_is_found_by_our_reference(server, gateway):
    server.will_answer(200, {"code": "OK", "messages": [
        {"id": "G1", "out_id": "17", "at": "2026-11-23T09:01:00+08:00", "state": "sent"},
        {"id": "G2", "out_id": "18", "at": "2026-11-23T09:02:00+08:00"},
    ]})  # fmt: skip
    found = gateway.find("13800001234", NOW)
    assert [(one.provider_id, one.out_id) for one in found] == [("G2", "18"), ("G1", "17")]
    assert found[1].at == NOW + timedelta(minutes=1)
    assert "since=2026-11-23T01%3A00%3A00%2B00%3A00" in server.heard[0].path


@pytest.mark.parametrize(
    "content", [{"code": "OK"}, {"code": "OK", "messages": [{"id": "G1"}]}, {"code": "OK", "messages": None}]
)
def test_a_list_that_cannot_be_read_is_not_an_empty_list(server, gateway, content):
    server.will_answer(200, content)
    with pytest.raises(SendFailed):
        gateway.find("13800001234", NOW)


def test_receipts_come_one_or_many_at_a_time():
    one = {"id": "G1", "out_id": "17", "state": "delivered"}
    two = {"id": "G2", "state": "undelivered", "code": "MOBILE_OFF"}
    assert [event.state for event in parse_receipt(json.dumps(one).encode(), NOW)] == ["delivered"]
    first, second = parse_receipt(json.dumps([one, two]).encode(), NOW)
    assert isinstance(first, SmsStatus)
    assert (first.event_id, first.out_id, second.error_code) == ("G1:delivered", "17", "MOBILE_OFF")


@pytest.mark.parametrize(
    "body",
    [b"", b"7", b"{}", b'{"id": "G1"}', b'{"id": "G1", "state": "gone"}', b'{"id": 1, "state": "sent"}', b"\xff"],
)
def test_a_receipt_of_another_shape_is_refused(body):
    with pytest.raises(ValueError):
        parse_receipt(body, NOW)


def test_a_receipt_that_nobody_can_read_costs_no_other_of_its_list():
    good, odd = {"id": "G1", "state": "delivered"}, {"id": "G2", "state": "EXPIRED"}
    (event,) = parse_receipt(json.dumps([odd, good, 7, None]).encode(), NOW)
    assert event.message_id == "G1"
    with pytest.raises(ValueError):
        parse_receipt(json.dumps([odd]).encode(), NOW)


def test_a_half_emoji_and_a_bottomless_body_break_nothing():
    event = parse_inbound(
        b'{"id": "G1", "phone": "13800001234", "text": "\\ud83d \\u0000\xe8\xb7\xaf\xe7\x81\xaf"}', NOW
    )
    assert event.text.encode() and "路灯" in event.text
    with pytest.raises(ValueError):
        parse_inbound(b"[" * 200_000, NOW)


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"id": "G1", "phone": "13800001234", "text": null}'])
def test_an_inbound_text_of_another_shape_is_refused(body):
    with pytest.raises(ValueError):
        parse_inbound(body, NOW)


def knock(path, content, nonce="nonce-0001", key=KEY):
    body = json.dumps(content).encode()
    return SignedRequest(
        "https://x" + path, body, partner_headers(key, nonce, path, body, NOW) | {"Content-Type": "application/json"}
    )


def test_the_gateways_news_reach_the_inbox_once(installation):
    """VC4."""
    receipts = [{"id": "G1", "state": "delivered", "out_id": "17"}]
    assert installation.knock(knock("/webhooks/gateway/receipts", receipts)).status_code == 204
    assert installation.knock(knock("/webhooks/gateway/receipts", receipts, "nonce-0002")).status_code == 204
    text = {"id": "G7", "phone": "13800001234", "to": "10690000", "text": "满意"}
    assert installation.knock(knock("/webhooks/gateway/inbound", text, "nonce-0003")).status_code == 204
    first, second = installation.inbox.acted
    assert isinstance(first, SmsStatus)
    assert isinstance(second, SmsReceived)
    assert (second.text, second.from_phone, second.provider) == ("满意", "13800001234", "gateway")


@pytest.mark.parametrize("path", ["/webhooks/gateway/receipts", "/webhooks/gateway/inbound"])
def test_the_gateways_doors_refuse_strangers_replays_and_nonsense(installation, path):
    assert installation.knock(knock(path, {}, key="somebody-elses-long-key")).status_code == 403
    assert installation.knock(knock(path, {})).status_code == 400
    assert installation.knock(knock(path, {})).status_code == 403
    assert installation.inbox.told == 0
