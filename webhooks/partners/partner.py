"""One outside platform: who it is, the keys it signs with, and how it writes."""

from __future__ import annotations

from dataclasses import dataclass, field

from webhooks.partners.wording import Wording
from webhooks.signature import check_key


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
