"""One outside platform: who it is, the keys it signs with, and how its own words are read as ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from webhooks.signature import check_key

MOMENTS = ("outer_due_at", "posted_at", "until")


@dataclass(frozen=True)
class Wording:
    """How a platform writes. fields: its field → ours. said: our field → (its word → what it means). zone: of moments without one."""

    fields: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    zone: str = ""

    def read(self, body: bytes) -> bytes:
        """The post in our words; what is no JSON object, or has no other words, is left as it came."""
        if not (self.fields or self.said or self.zone):
            return body
        try:
            told = json.loads(body)
        except ValueError:
            return body
        if not isinstance(told, dict):
            return body
        ours = {self.fields.get(name, name): value for name, value in told.items()}
        return json.dumps({name: self._value(name, value) for name, value in ours.items()}).encode()

    def _value(self, name: str, value: object) -> object:
        words = self.said.get(name, {})
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value) in words:
            return words[str(value)]
        if self.zone and name in MOMENTS and isinstance(value, str):
            return _with_zone(value, self.zone)
        return [value] if name == "media" and isinstance(value, str) and value else value


@dataclass(frozen=True)
class Partner:
    """One outside platform. `channel` is what its posts count as; two keys may be valid while one replaces another.

    `town_code` is fixed for a town's own page; a partner of many towns sends `town_code` with each post. `wording`: how it
    writes, where that differs from our own fields.
    """

    name: str
    channel: str
    keys: tuple[str, ...] = field(repr=False)
    town_code: str = ""
    wording: Wording = field(default_factory=Wording)

    def __post_init__(self) -> None:
        for key in self.keys:
            check_key(key)


def _with_zone(written: str, zone: str) -> str:
    """A moment as the platform's own clock shows it; what is none is left for the form to refuse."""
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        return written
    return written if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(zone)).isoformat()
