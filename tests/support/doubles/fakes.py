"""Stand-ins for what is outside the hotline, and only for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from webhooks.events import DialAgent, DialCitizen, VoiceReply
from webhooks.sender import SendFailed, Sent


@dataclass(frozen=True)
class Carried:
    """A text that a MemorySender has carried."""

    to: str
    template_key: str
    params: Mapping[str, str]
    text: str
    out_id: str
    provider_id: str
    at: datetime


@dataclass
class MemorySender:
    """Keeps every text. `trouble` holds what the next sends raise, one each; None lets one through.

    An ambiguous trouble carries the text all the same, as a lost answer does, when `lost_but_sent` is true.
    """

    name: str = "memory"
    at: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    sent: list[Carried] = field(default_factory=list)
    trouble: list[SendFailed | None] = field(default_factory=list)
    lost_but_sent: bool = True

    def send(self, to: str, template_key: str, params: Mapping[str, str], text: str, out_id: str) -> str:
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble and not (trouble.ambiguous and self.lost_but_sent):
            raise trouble
        provider_id = f"M{len(self.sent) + 1}"
        self.sent.append(Carried(to, template_key, dict(params), text, out_id, provider_id, self.at))
        if trouble:
            raise trouble
        return provider_id

    def find(self, to: str, since: datetime) -> list[Sent]:
        found = [one for one in self.sent if one.to == to and one.at >= since]
        return [Sent(one.provider_id, one.at, one.out_id, one.text, "sent") for one in reversed(found)]

    def texts_to(self, to: str) -> list[str]:
        """What one number has received, oldest first."""
        return [one.text for one in self.sent if one.to == to]


@dataclass
class MemoryCalls:
    """A telephone exchange that writes down what each leg was told and whom it rang.

    `trouble` holds what the next orders raise, one each; None lets one through. `held` says how many connections of the
    database `pool` were held at each order.
    """

    pool: Any = None
    told: list[tuple[str, Any]] = field(default_factory=list)
    rung: list[tuple[str, Any]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    trouble: list[Exception | None] = field(default_factory=list)
    held: list[int] = field(default_factory=list)

    def tell(self, leg_id: str, reply: VoiceReply) -> None:
        self._order()
        self.told.append((leg_id, reply.then))

    def end(self, leg_id: str) -> None:
        self._order()
        self.ended.append(leg_id)

    def bring_in(self, number: str, reply: VoiceReply, ref: str = "") -> str:
        self._order()
        self.rung.append((number, reply.then))
        return f"CA-{number}"

    def call_back(self, own: DialAgent, then: DialCitizen, say: tuple[str, ...] = ()) -> str:
        self._order()
        self.rung.append((own.address, then))
        return "CA-own"

    def _order(self) -> None:
        self.held.append(self.pool.checkedout() if self.pool is not None else 0)
        if trouble := (self.trouble.pop(0) if self.trouble else None):
            raise trouble
