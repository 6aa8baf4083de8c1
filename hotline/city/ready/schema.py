"""Ready words of a city as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotline.i18n import N_

DESKS = {
    "intake": N_("受理"),
    "dispatch": N_("派单"),
    "unit": N_("单位答复"),
    "review": N_("审核退回意见"),
    "follow_up": N_("回访"),
    "": N_("各处"),
}
LONGEST_TITLE, LONGEST_BODY = 60, 2000


@dataclass(frozen=True)
class Word:
    """Everybody's words as the city begins with them."""

    code: str
    desk: str
    title: str
    body: str


@dataclass(frozen=True)
class MacroRow:
    """Everybody's macro as the city begins with it. steps: (action, its kept answers); which there are is known above the city."""

    code: str
    desk: str
    title: str
    steps: tuple[tuple[str, Mapping[str, Any]], ...]


@dataclass(frozen=True)
class ReadyFile:
    """What ready.yaml says."""

    words: tuple[Word, ...] = ()
    macros: tuple[MacroRow, ...] = ()
