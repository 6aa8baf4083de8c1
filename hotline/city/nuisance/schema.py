"""Reasons for a mark as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.i18n import language


@dataclass(frozen=True)
class Reason:
    """days: how long a mark for it stands, then it ends by itself."""

    code: str
    name: str
    name_en: str
    days: int


@dataclass(frozen=True)
class NuisanceRules:
    """wait_minutes: how long a marked call waits behind others at most. ready_word: the code of the sentence that is suggested.

    A city without reasons marks nobody.
    """

    reasons: Mapping[str, Reason] = field(default_factory=dict)
    wait_minutes: int = 3
    ready_word: str = ""


def reason_name(reason: Reason) -> str:
    """In the reader's language."""
    return reason.name_en if language() == "en" else reason.name
