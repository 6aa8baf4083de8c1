"""Ready words of a city as frozen values."""

from __future__ import annotations

from dataclasses import dataclass

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
class ReadyFile:
    """What ready.yaml says."""

    words: tuple[Word, ...] = ()
