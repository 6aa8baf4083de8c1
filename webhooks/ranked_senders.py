"""Two senders are better than one: what the first will not carry the next one is asked for, and no text goes out twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from webhooks.send_errors import UNWANTED
from webhooks.sender import Sender, SendFailed, Sent

VAIN = 3
REST_SECONDS = 60.0


@dataclass(frozen=True)
class Carried:
    """Who carried a text, under which id, and who would not: (name, why) of each that was asked before."""

    provider: str
    provider_id: str
    price: float = 0.0
    refused: tuple[tuple[str, SendFailed], ...] = ()


class NotCarried(Exception):
    """Nobody carried it. failure: what that means for the message. refused: (name, why) of each that was asked."""

    def __init__(self, failure: SendFailed, refused: tuple[tuple[str, SendFailed], ...]):
        super().__init__(failure.reason)
        self.failure = failure
        self.refused = refused


class RankedSenders:
    """A `Sender` of several, the best first.

    Another one is asked only when it is certain that the text has not gone out, and never for a citizen who does
    not want texts. A sender that failed `VAIN` times in a row for reasons of its own rests for a minute: it is then
    asked last.
    """

    def __init__(self, senders: Sequence[Sender], monotonic: Callable[[], float] = time.monotonic):
        self.senders = tuple(senders)
        self.name = self.senders[0].name
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._vain = dict.fromkeys((one.name for one in self.senders), 0)
        self._rests_until = dict.fromkeys((one.name for one in self.senders), 0.0)

    def send(self, to: str, template_key: str, params: Mapping[str, str], text: str, out_id: str) -> str:
        try:
            return self.carry(to, template_key, params, text, out_id).provider_id
        except NotCarried as error:
            raise error.failure from error

    def carry(self, to: str, template_key: str, params: Mapping[str, str], text: str, out_id: str) -> Carried:
        """Raises NotCarried: ambiguous as soon as one cannot tell, permanent when nobody will ever carry it."""
        refused: list[tuple[str, SendFailed]] = []
        for sender in self._in_turn():
            try:
                made = sender.send(to, template_key, params, text, out_id)
            except SendFailed as failure:
                refused.append((sender.name, failure))
                self._note(sender, failure)
                if failure.ambiguous or failure.reason in UNWANTED:
                    raise NotCarried(failure, tuple(refused)) from failure
                continue
            self._note(sender, None)
            return Carried(sender.name, made, float(getattr(sender, "price", 0.0)), tuple(refused))
        raise NotCarried(_hope(refused), tuple(refused))

    def find(self, to: str, since: datetime) -> list[Sent]:
        """What any of them has; raises SendFailed when one of them cannot tell."""
        found = [replace(sent, provider=one.name) for one in self.senders for sent in one.find(to, since)]
        return sorted(found, key=lambda sent: sent.at, reverse=True)

    def resting(self) -> tuple[str, ...]:
        """The names of those that are asked last for now."""
        now = self._monotonic()
        return tuple(name for name, until in self._rests_until.items() if until > now)

    def _in_turn(self) -> list[Sender]:
        tired = self.resting()
        return sorted(self.senders, key=lambda sender: sender.name in tired)

    def _note(self, sender: Sender, failure: SendFailed | None) -> None:
        """Only trouble of its own tires a sender: a wrong number says nothing about the next one."""
        with self._lock:
            if failure is None or failure.permanent:
                self._vain[sender.name] = 0
                return
            self._vain[sender.name] += 1
            if self._vain[sender.name] >= VAIN:
                self._rests_until[sender.name] = self._monotonic() + REST_SECONDS


def carry(sender: Sender, to: str, template_key: str, params: Mapping[str, str], text: str, out_id: str) -> Carried:
    """As `RankedSenders.carry`, for any sender."""
    ranked = sender if isinstance(sender, RankedSenders) else RankedSenders((sender,))
    return ranked.carry(to, template_key, params, text, out_id)


def each_of(sender: Sender) -> tuple[Sender, ...]:
    """The senders by rank; one alone is its own rank."""
    return sender.senders if isinstance(sender, RankedSenders) else (sender,)


def _hope(refused: Sequence[tuple[str, SendFailed]]) -> SendFailed:
    """While one of them may carry it later there is hope; else the first reason stands."""
    return next((failure for _name, failure in refused if not failure.permanent), refused[0][1])
