"""Texts go out through a `Sender`; which one is a setting, and that of development prints instead of sending.

A message is sent at most once. When a sender cannot tell whether a message went out it says so
(`ambiguous`), and the caller asks `find` before it tries again. A sender that keeps nothing cannot be asked, and says that
as well (`CannotBeAsked`): its text is not sent again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from webhooks.numbers import masked

log = logging.getLogger("webhooks.sender")
TO_BE_REACHED, TO_ANSWER = 3.0, 7.0
"""Seconds that a provider gets. Who answers later is asked what became of the text, so nothing is lost by being brief."""


class SendFailed(Exception):
    """The message was not sent, or we cannot know.

    permanent: trying again is useless (no such number, the citizen unsubscribed). ambiguous: it may have gone
    out; ask `find` first. `code` is the provider's own, for the operators' page; it holds no personal data.
    """

    def __init__(self, reason: str, *, permanent: bool, ambiguous: bool = False, code: str = ""):
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.ambiguous = ambiguous
        self.code = code


class CannotBeAsked(SendFailed):
    """This sender will never know what became of a message."""

    def __init__(self) -> None:
        super().__init__("发送时中断，无法核实是否已发出，不再重发", permanent=True, ambiguous=True, code="interrupted")


@dataclass(frozen=True)
class Sent:
    """A message that the provider knows. `out_id` is "" where a provider keeps no reference; compare `text` then.

    `provider` is filled in where several senders are asked.
    """

    provider_id: str
    at: datetime
    out_id: str = ""
    text: str = field(default="", repr=False)
    state: str = ""
    provider: str = ""


class Sender(Protocol):
    """Who carries a text to a citizen. `name` is written beside each message (at most 16 characters)."""

    name: str

    def send(self, to: str, template_key: str, params: Mapping[str, str], text: str, out_id: str) -> str:
        """The provider's id; raises SendFailed. `text` is the filled template, for providers that take free text."""
        ...

    def find(self, to: str, since: datetime) -> list[Sent]:
        """What the provider has of ours for this number since then, newest first; raises SendFailed, or CannotBeAsked."""
        ...


class ConsoleSender:
    """The sender of development: one JSON line in the log, with neither the whole number nor the text; keeps nothing."""

    name = "console"

    def send(self, to: str, template_key: str, params: Mapping[str, str], text: str, out_id: str) -> str:
        line = {"event": "sms", "to": masked(to), "template": template_key, "length": len(text), "out_id": out_id}
        log.info(json.dumps(line, ensure_ascii=False))
        return f"console-{out_id}"

    def find(self, to: str, since: datetime) -> list[Sent]:
        raise CannotBeAsked
