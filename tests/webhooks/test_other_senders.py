"""The sender of development and the tests' sender keep their word too."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.doubles.fakes import MemorySender
from webhooks.sender import CannotBeAsked, ConsoleSender, Sender, SendFailed

SINCE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def test_the_console_writes_one_line_without_the_whole_number_or_the_text(caplog):
    sender: Sender = ConsoleSender()
    with caplog.at_level(logging.INFO, logger="webhooks.sender"):
        assert sender.send("13800001234", "survey", {"name": "张三"}, "张三您好", "17") == "console-17"
    (record,) = caplog.records
    line = json.loads(record.getMessage())
    assert line == {"event": "sms", "to": "*********34", "template": "survey", "length": 4, "out_id": "17"}
    with pytest.raises(CannotBeAsked):  # "I have none" would send the text again
        sender.find("13800001234", SINCE)


def test_a_memory_sender_finds_what_it_carried_by_number_and_moment():
    sender = MemorySender()
    first = sender.send("13800001234", "survey", {"number": "AY1"}, "一", "1")
    sender.send("13900001234", "survey", {}, "二", "2")
    assert [(one.provider_id, one.out_id) for one in sender.find("13800001234", SINCE)] == [(first, "1")]
    assert sender.find("13800001234", SINCE + timedelta(seconds=1)) == []
    assert sender.texts_to("13900001234") == ["二"]


def test_a_memory_sender_can_lose_an_answer_like_a_real_one():
    sender = MemorySender(trouble=[SendFailed("?", permanent=False, ambiguous=True), SendFailed("no", permanent=True)])
    for _ in range(2):
        with pytest.raises(SendFailed):
            sender.send("13800001234", "survey", {}, "一", "1")
    assert sender.texts_to("13800001234") == ["一"]
    assert sender.send("13800001234", "survey", {}, "二", "2") == "M2"
