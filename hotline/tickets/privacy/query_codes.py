"""What proves a citizen (query codes, links of surveys) and a new password never stand where staff read.

Whoever holds them could look, withdraw and rate as that citizen. Everything that shows or keeps words for staff goes through here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

HIDDEN = "******"
SECRET_PARAMS = ("query_code", "password")
"""The values of a text that are its reader's alone."""

_OPENS = re.compile(r"(/s/|%2[fF]s%2[fF]|\\/s\\/)(?:\{survey:\d+\}|[A-Za-z0-9_-]{12,64})")
_CODE = re.compile(
    r"((?:查询码|查詢碼|取件码|query[ _]?code)(?:[\W_]|是|为){0,6})([2-9A-HJ-NP-Z]{6})(?![A-Za-z0-9])", re.IGNORECASE
)


def hide_codes(text: str, known: Iterable[str] = ()) -> str:
    """The text without the links and codes in it. known: secrets to be taken out in any writing, with or without a word before."""
    for secret in known:
        if secret and len(secret) >= 4:
            text = re.sub(re.escape(secret), HIDDEN, text, flags=re.IGNORECASE)
    return _CODE.sub(rf"\1{HIDDEN}", _OPENS.sub(rf"\1{HIDDEN}", text))


def for_staff(text: str, params: dict[str, Any]) -> str:
    """A text that went out, as staff read it. params: what its template was filled with."""
    own = [str(params[name]) for name in SECRET_PARAMS if name in params]
    return hide_codes(text, own)
