"""What a channel or another system told of a matter besides the facts we have columns for: shown starred, revealed with a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from classifier.text.masking.mask import mask

OURS = frozenset({"happened_at", "consent_at", "told", "erased_at", "media", "category_hint"})
"""Names in TicketText.extra that are our own bookkeeping."""

_PERSON = re.compile(
    r"名|人|电话|手机|号码|联系|住址|地址|证|邮箱|微信|户|账号|帐号|name|phone|mobile|tel|mail|address|contact|account|card|caller|wechat",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"编号|单号|工号|地址类|人数|人次")
LONGEST = 400


def told_besides(extra: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(heading, value) as told, in the order of the file."""
    told = [(str(term), value) for term, value in extra.items() if term not in OURS and value not in (None, "")]
    return [(term, value if isinstance(value, str) else _plain(value)) for term, value in told]


def starred_besides(extra: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The same for a screen: what stands under the heading of a person, a number or a home shows its first sign at most."""
    return [(mask(term), _starred(term, value)) for term, value in told_besides(extra)]


def is_personal(term: str) -> bool:
    """Whether what stands under this heading is a person, a number or a home."""
    return bool(_PERSON.search(term)) and not _PLAIN.search(term)


def _starred(term: str, value: str) -> str:
    if is_personal(term):
        return value[:1] + "***"
    return mask(value)[:LONGEST]


def _plain(value: Any) -> str:
    return ("1" if value else "0") if isinstance(value, bool) else str(value)
