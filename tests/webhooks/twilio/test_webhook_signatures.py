"""Only Twilio and partners with a key are believed, behind a proxy too, and strangers learn nothing."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from twilio.request_validator import RequestValidator

from webhooks.signature import (
    BadSignature,
    check_key,
    partner_headers,
    public_address,
    sign_partner,
    sign_twilio,
    verify_partner,
    verify_twilio,
)
from webhooks.simulator import SignedRequest, sid
from webhooks.twilio.request import TwilioLine

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TOKEN = "a-twilio-token-of-32-characters!"
KEY, OTHER = "a-key-long-enough-to-keep", "another-key-long-enough"
URL = "https://hotline.example.gov.cn/webhooks/twilio/sms"


def test_our_check_agrees_with_twilios_documented_example():
    url = "https://example.com/myapp.php?foo=1&bar=2"
    form = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675310", "Digits": "1234",
        "From": "+14158675310", "To": "+18005551212",
    }  # fmt: skip
    assert sign_twilio("12345", url, form) == "L/OH5YylLD5NRKLltdqwSvS0BnU="
    verify_twilio(("12345",), url, form, b"", "L/OH5YylLD5NRKLltdqwSvS0BnU=")


def test_one_changed_letter_breaks_the_signature():
    signature = sign_twilio(TOKEN, URL, {"Body": "停水"})
    verify_twilio((TOKEN,), URL, {"Body": "停水"}, b"", signature)
    for token, url, body in ((TOKEN[:-1] + "x", URL, "停水"), (TOKEN, URL + "?a=1", "停水"), (TOKEN, URL, "停电")):
        with pytest.raises(BadSignature):
            verify_twilio((token,), url, {"Body": body}, b"", signature)


@pytest.mark.parametrize("tokens", [(), ("",)])
def test_without_a_token_nobody_is_believed_not_even_who_signs_with_nothing(tokens):
    forged = RequestValidator("").compute_signature(URL, {"Body": "停水"})
    with pytest.raises(BadSignature, match="no token"):
        verify_twilio(tokens, URL, {"Body": "停水"}, b"", forged)


def test_two_tokens_are_valid_while_one_replaces_the_other():
    for token in (TOKEN, OTHER):
        verify_twilio((TOKEN, OTHER), URL, {"Body": "停水"}, b"", sign_twilio(token, URL, {"Body": "停水"}))


@pytest.mark.parametrize("signed", [URL, URL.replace(".cn/", ".cn:443/")])
def test_the_standard_port_may_be_written_or_not(signed):
    verify_twilio((TOKEN,), URL, {"Body": "停水"}, b"", sign_twilio(TOKEN, signed, {"Body": "停水"}))


def test_a_public_url_with_its_own_port_and_path_is_kept():
    url = public_address("https://city.example:8443/hotline/", "/webhooks/twilio/sms", "a=%20b")
    assert url == "https://city.example:8443/hotline/webhooks/twilio/sms?a=%20b"
    verify_twilio((TOKEN,), url, {}, b"", sign_twilio(TOKEN, url, {}))


def test_a_json_body_is_bound_by_its_hash_in_the_address():
    body = json.dumps({"CallSid": sid("CA1")}).encode()
    url = f"{URL}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    verify_twilio((TOKEN,), url, None, body, sign_twilio(TOKEN, url))
    with pytest.raises(BadSignature, match="bodySHA256"):
        verify_twilio((TOKEN,), url, None, body + b" ", sign_twilio(TOKEN, url))


def test_a_json_body_without_a_hash_is_refused_or_one_signature_would_fit_any_body():
    """VH10."""
    with pytest.raises(BadSignature, match="without bodySHA256"):
        verify_twilio((TOKEN,), URL, None, b"{}", sign_twilio(TOKEN, URL))


@pytest.mark.parametrize("host", ["http://10.0.0.7:8000", "http://localhost", "http://evil.example"])
def test_behind_a_proxy_the_configured_public_url_counts_and_not_the_host_we_see(installation, host):
    """VH10."""
    assert installation.knock(installation.phone.call("CA1"), host=host).status_code == 200


def test_a_signature_made_for_the_host_that_the_proxy_uses_is_refused(installation):
    inside = replace(installation.phone, public_url="http://10.0.0.7:8000")
    assert installation.knock(inside.call("CA1"), host="http://10.0.0.7:8000").status_code == 403
    headers = {"X-Forwarded-Host": "10.0.0.7:8000", "X-Forwarded-Proto": "http"}
    assert installation.knock(inside.call("CA1"), headers=headers).status_code == 403
    assert installation.inbox.told == 0


@pytest.mark.parametrize("signature", ["", "AAAA", "签名", "L/OH5YylLD5NRKLltdqwSvS0BnU="])
def test_a_wrong_signature_gets_403_and_the_reason_stays_in_the_log(installation, caplog, signature):
    knock = installation.phone.call("CA1")
    with caplog.at_level(logging.WARNING, logger="webhooks"):
        wrong = {"X-Twilio-Signature": signature.encode().decode("latin-1")}
        response = installation.knock(knock, headers=wrong)
    assert response.status_code == 403
    assert response.get_json()["detail"] == "请求未通过验证。"
    assert "signature" not in response.text
    assert "signature" in caplog.text
    assert "13800001234" not in caplog.text
    assert installation.inbox.told == 0


@pytest.mark.parametrize(
    "path", ["voice", "voice/key", "voice/after", "voice/status", "voice/transfer?to=110", "sms", "sms/status"]
)
def test_every_address_of_twilio_wants_a_signature(installation, path):
    """VH10."""
    assert (
        installation.client.post(
            f"/webhooks/twilio/{path}", data={"CallSid": sid("CA1"), "MessageSid": sid("SM1")}
        ).status_code
        == 403
    )
    assert installation.client.get(f"/webhooks/twilio/{path}").status_code == 405


def test_a_signed_form_sent_under_another_content_type_is_refused(installation):
    """VH10."""
    knock = installation.phone.call("CA1")
    assert installation.knock(knock, headers={"Content-Type": "text/plain"}).status_code == 415
    assert installation.knock(knock, headers={"Content-Type": "application/json"}).status_code == 403


def test_a_signed_but_empty_request_is_called_empty(installation):
    response = installation.knock(installation.phone._post("/webhooks/twilio/sms", {}))
    assert (response.status_code, response.get_json()["detail"]) == (400, "请求正文为空。")


def test_signed_json_from_twilio_is_read_like_a_form(installation):
    body = json.dumps(
        {"MessageSid": sid("SM1"), "From": "+8613800001234", "To": "+8637212345", "Body": "停水"}
    ).encode()
    url = f"{URL}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": sign_twilio(TOKEN, url)}
    assert installation.knock(SignedRequest(url, body, headers)).status_code == 200
    assert installation.inbox.acted[0].text == "停水"


@pytest.mark.parametrize("body", [b"[1]", b"{", b"null"])
def test_signed_json_that_is_no_object_is_malformed(installation, body):
    url = f"{URL}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": sign_twilio(TOKEN, url)}
    assert installation.knock(SignedRequest(url, body, headers)).status_code == 400


def test_what_is_too_large_is_refused_before_it_is_read(installation):
    assert installation.knock(installation.phone.text("SM1", "水" * 40_000)).status_code == 413
    assert installation.inbox.told == 0


def test_a_partners_signature_fits_its_key_path_nonce_moment_and_body_only():
    headers = partner_headers(KEY, "nonce-0001", "/p", b"{}", NOW)
    assert verify_partner((OTHER, KEY), headers, "/p", b"{}", NOW) == "nonce-0001"
    changed = [
        ((OTHER,), headers, "/p", b"{}"),
        ((), headers, "/p", b"{}"),
        ((KEY,), headers, "/q", b"{}"),
        ((KEY,), headers, "/p", b"{ }"),
        ((KEY,), headers | {"X-Hotline-Nonce": "nonce-0002"}, "/p", b"{}"),
        ((KEY,), headers | {"X-Hotline-Timestamp": str(int(NOW.timestamp()) + 1)}, "/p", b"{}"),
        ((KEY,), headers | {"X-Hotline-Timestamp": "1e9"}, "/p", b"{}"),
        ((KEY,), headers | {"X-Hotline-Timestamp": "²"}, "/p", b"{}"),
        ((KEY,), {}, "/p", b"{}"),
    ]
    for keys, sent, path, body in changed:
        with pytest.raises(BadSignature):
            verify_partner(keys, sent, path, body, NOW)


@pytest.mark.parametrize(("minutes", "good"), [(-5.1, False), (-4.9, True), (4.9, True), (5.1, False)])
def test_a_partners_signature_lives_five_minutes_either_way(minutes, good):
    headers = partner_headers(KEY, "nonce-0001", "/p", b"", NOW)
    now = NOW + timedelta(minutes=minutes)
    if good:
        verify_partner((KEY,), headers, "/p", b"", now)
    else:
        with pytest.raises(BadSignature, match="five minutes"):
            verify_partner((KEY,), headers, "/p", b"", now)


@pytest.mark.parametrize("nonce", ["short", "a" * 65, "line\nbreak", "有中文的随机数"])
def test_a_nonce_of_a_strange_shape_is_refused(nonce):
    headers = {
        "X-Hotline-Timestamp": str(int(NOW.timestamp())), "X-Hotline-Nonce": nonce,
        "X-Hotline-Signature": sign_partner(KEY, str(int(NOW.timestamp())), nonce, "/p", b""),
    }  # fmt: skip
    with pytest.raises(BadSignature, match="nonce"):
        verify_partner((KEY,), headers, "/p", b"", NOW)


def test_a_key_that_anybody_could_guess_stops_the_installation():
    with pytest.raises(ValueError, match="16"):
        check_key("secret")
    with pytest.raises(ValueError, match="16"):
        TwilioLine("https://x", ("",))


def test_keys_never_appear_in_a_printed_setting():
    assert TOKEN not in repr(TwilioLine("https://x", (TOKEN,)))


# --- one signature, one request ----------------------------------------------------------------------------------------


def _knocks(phone):
    return {
        "text": phone.text("SM1", "hi"),
        "status": phone.text_status("SM1", "delivered", out_id="17"),
        "failed": phone.text_status("SM1", "failed", error_code="30003"),
        "call": phone.call("CA1"),
        "key": phone.press("CA1", "5"),
        "after": phone.agent_left("CA1", "CA2", seconds=40),
        "ended": phone.ended("CA1", seconds=60),
        "answered": phone.answered("CA1", "CA2", "an"),
        "transfer": phone.transferred("CA1", "110"),
        "leg": phone.leg("leg-1", "CA110", "busy", sip="603"),
        "room": phone.room("CA1", "CA9", "leg-1", "participant-join"),
    }


def _cut_anew(knock):
    """Every other way to cut the signed letters where some signs or a whole field move over a border."""
    pairs = sorted(parse_qsl(knock.body.decode(), keep_blank_values=True))
    for n, (name, value) in enumerate(pairs):
        before, after = pairs[:n], pairs[n + 1 :]
        for many in range(1, len(value) + 1):
            yield [*before, (name + value[:many], value[many:]), *after]
        for many in range(1, len(name)):
            yield [*before, (name[:-many], name[-many:] + value), *after]
        if after:
            (next_name, next_value), rest = after[0], after[1:]
            yield [*before, (name, value + next_name[0]), (next_name[1:], next_value), *rest]
            yield [*before, (name, value + next_name + next_value), *rest]
            if value:
                yield [*before, (name, value[:-1]), (value[-1] + next_name, next_value), *rest]


@pytest.mark.parametrize(
    "which", ["text", "status", "failed", "call", "key", "after", "ended", "answered", "transfer", "leg", "room"]
)
def test_a_captured_request_can_only_be_the_event_that_it_was(installation, which):
    """V27."""
    knock = _knocks(installation.phone)[which]
    letters = "".join(name + value for name, value in sorted(parse_qsl(knock.body.decode(), keep_blank_values=True)))
    tried = 0
    for pairs in _cut_anew(knock):
        if "".join(name + value for name, value in sorted(pairs)) != letters:
            continue  # Twilio sorts by name: this cut has another signature
        tried += 1
        verify_twilio((installation.phone.token,), knock.url, dict(pairs), b"", knock.headers["X-Twilio-Signature"])
        answer = installation.knock(knock._replace(body=urlencode(pairs).encode()))
        assert answer.status_code in (400, 403), pairs
    assert tried > 10 and installation.inbox.told == 0
    assert installation.knock(knock).status_code in (200, 204)


def test_letters_of_the_address_and_of_the_first_field_do_not_change_places(installation):
    """V27."""
    knock = installation.phone.text_status("SM1", "delivered", out_id="17")
    pairs = sorted(parse_qsl(knock.body.decode(), keep_blank_values=True))
    first, rest = pairs[0], pairs[1:]
    for n in range(1, len(first[0])):
        moved = knock._replace(url=knock.url + first[0][:n], body=urlencode([(first[0][n:], first[1]), *rest]).encode())
        assert installation.knock(moved).status_code in (400, 403)
    whole = knock._replace(url=knock.url + "".join(first), body=urlencode(rest).encode())
    assert installation.knock(whole).status_code in (400, 403)
    assert installation.inbox.told == 0


@pytest.mark.parametrize(
    "wrong", ["SM1", "sm" + "0" * 32, "SM" + "A" * 32, "SM" + "0" * 31, "SM" + "0" * 33, "SM" + "0" * 32 + "To+8612345"]
)
def test_an_id_that_is_not_of_twilios_shape_is_refused(installation, wrong):
    """V27."""
    phone = installation.phone
    form = {
        "AccountSid": phone.account_sid,
        "Body": "hi",
        "From": phone.from_number,
        "MessageSid": wrong,
        "To": phone.to_number,
    }
    body, signature = urlencode(form).encode(), sign_twilio(phone.token, URL, form)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
    assert installation.knock(SignedRequest(URL, body, headers)).status_code == 400
    assert installation.inbox.told == 0


def test_a_field_that_twilio_adds_one_day_does_no_harm(installation):
    phone = installation.phone
    form = {"AccountSid": phone.account_sid, "Body": "hi", "From": phone.from_number, "MessageSid": sid("SM7"), "To": phone.to_number,
            "RcsSenderName": "a", "ChannelMetadata": "{}", "FromVerifiedName": "x", "MediaSid0": "y"}  # fmt: skip
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": sign_twilio(phone.token, URL, form),
    }
    assert installation.knock(SignedRequest(URL, urlencode(form).encode(), headers)).status_code == 200
