"""What became of the last send-back: what is new in this reply, and which of its reasons are answered now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from classifier.text.masking.mask import mask
from hotline.city.schema import City
from hotline.review_advice.sent_back import WORDLESS, SentBack, compared

if TYPE_CHECKING:
    from classifier.replies.judge import ReplyJudgement

STILL = {"same": 0.98, "cosmetic": 0.95}
"""How likely a reply is sent back again that says nothing new: the reviewer asked for something."""

FIELDS = {"R03": "contacted", "R04": "answered_citizen", "R06": "legal_basis"}
"""Reasons that a field of the form answers."""

MOST_SENTENCES = 6


@dataclass(frozen=True)
class Item:
    """One reason of the last send-back. met: True or False; None when only a person can tell (evidence, truth …)."""

    code: str
    name: str
    met: bool | None


@dataclass(frozen=True)
class Memory:
    """round: which round was sent back. change: same, cosmetic or news. added: the sentences that are new (masked)."""

    round: int
    change: str
    added: tuple[str, ...]
    items: tuple[Item, ...]
    note: str

    @property
    def unchanged(self) -> bool:
        return self.change != "news"

    @property
    def open_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.met is False)


def remember(city: City, before: SentBack, fields: Mapping[str, Any], found: ReplyJudgement) -> Memory:
    """Compare with the reply sent back, reason by reason."""
    change = compared(before, fields)
    said = {why.code for why in found.reasons} if found.p_send_back >= 0.5 else set()
    items = tuple(
        Item(code, city.reason_name(code), _met(code, fields, said, change.unchanged)) for code in before.codes
    )
    added = tuple(mask(sentence) for sentence in change.added[:MOST_SENTENCES])
    return Memory(
        before.reply.round, change.change.value, added, items, mask(before.review.note or "") if before.review else ""
    )


def _met(code: str, fields: Mapping[str, Any], said: set[str], unchanged: bool) -> bool | None:
    """A field answers by itself; words that did not change answer nothing; else what the judge still misses is open."""
    if code in FIELDS and FIELDS[code] not in fields:
        return None
    if code in FIELDS:
        filled = str(fields.get(FIELDS[code]) or "").lower() not in ("", "0", "false", "no", "off", "none")
        return filled or (None if code == "R06" and not unchanged else False)
    if code in WORDLESS:
        return None
    if unchanged:
        return False
    return (
        False
        if code in said or ("R01" in said and code in ("R20", "R21"))
        else None
        if code in ("R11", "R13")
        else True
    )


def least(memory: Memory | None) -> float:
    """The probability below which a reply of this history cannot be called clear."""
    words = memory is not None and (not memory.items or any(item.code not in WORDLESS for item in memory.items))
    return STILL.get(memory.change, 0.0) if memory is not None and words else 0.0
