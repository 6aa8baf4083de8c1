"""A citizen's text comes in once; news of ours comes in any order."""

from __future__ import annotations

import logging
from xml.etree import ElementTree

import pytest

from webhooks.events import SMS_RANK, SmsReceived, SmsStatus
from webhooks.simulator import sid


def test_a_text_is_received_and_answered(installation):
    response = installation.knock(installation.phone.text("SM1", "  路灯坏了  "))
    assert ElementTree.fromstring(response.data).find("Message").text == "已收到第1条。"
    (event,) = installation.inbox.acted
    assert isinstance(event, SmsReceived)
    assert (event.message_id, event.from_phone, event.text) == (sid("SM1"), "13800001234", "路灯坏了")


def test_the_same_text_told_again_gets_the_same_answer_and_is_acted_on_once(installation):
    knock = installation.phone.text("SM1", "路灯坏了")
    assert installation.knock(knock).data == installation.knock(knock).data
    assert len(installation.inbox.acted) == 1


def test_an_empty_text_is_still_a_text(installation):
    assert installation.knock(installation.phone.text("SM1", "")).status_code == 200
    assert installation.inbox.acted[0].text == ""


def test_a_text_loses_the_characters_no_database_takes(installation):
    installation.knock(installation.phone.text("SM1", "路灯\x00坏了"))
    assert installation.inbox.acted[0].text == "路灯坏了"


def test_a_text_without_a_sender_is_refused_by_name(installation):
    response = installation.knock(
        installation.phone._post(
            "/webhooks/twilio/sms", {"AccountSid": installation.phone.account_sid, "MessageSid": "SM1", "Body": "x"}
        )
    )
    assert response.status_code == 400
    assert "From" in response.get_json()["detail"]


@pytest.mark.parametrize(
    ("status", "state"),
    [("accepted", "queued"), ("queued", "queued"), ("sending", "sending"), ("sent", "sent"), ("delivered", "delivered"),
     ("undelivered", "undelivered"), ("failed", "failed"), ("canceled", "failed"), ("read", "read")],
)  # fmt: skip
def test_each_status_of_twilio_is_one_of_our_states(installation, status, state):
    assert (
        installation.knock(installation.phone.text_status("SM1", status, out_id="17", error_code="30003")).status_code
        == 204
    )
    (event,) = installation.inbox.acted
    assert isinstance(event, SmsStatus)
    assert (event.message_id, event.state, event.out_id, event.error_code) == (sid("SM1"), state, "17", "30003")
    assert event.state in SMS_RANK


def test_the_same_news_twice_is_one_event_and_other_news_is_another(installation):
    for status in ("sent", "sent", "delivered"):
        installation.knock(installation.phone.text_status("SM1", status))
    assert [event.state for event in installation.inbox.acted] == ["sent", "delivered"]


def test_a_status_invented_later_is_acknowledged_and_logged(installation, caplog):
    with caplog.at_level(logging.WARNING, logger="webhooks"):
        assert installation.knock(installation.phone.text_status("SM1", "teleported")).status_code == 204
    assert installation.inbox.told == 0
    assert "teleported" in caplog.text


def test_the_reference_cannot_be_changed_without_breaking_the_signature(installation):
    knock = installation.phone.text_status("SM1", "delivered", out_id="17")
    forged = knock._replace(url=knock.url.replace("17", "18"))
    assert installation.knock(forged).status_code == 403


def test_an_event_shows_no_personal_data_when_it_is_printed(installation):
    installation.knock(installation.phone.text("SM1", "我家住在文明大道"))
    assert "13800001234" not in repr(installation.inbox.acted[0])
    assert "文明大道" not in repr(installation.inbox.acted[0])
