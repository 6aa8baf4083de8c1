"""What other pages show of a mark: a calm notice where the number rings, at the intake, and on its tickets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hotline.city.nuisance.schema import reason_name
from hotline.nuisance import rights
from hotline.nuisance.standing import standing, tells_of_danger
from hotline.ready.filling import fill
from hotline.web.core.request_context import here
from models import NuisanceMark, ReadyWord


@dataclass(frozen=True)
class Notice:
    """words: what the agent may say, filled for nobody in particular; "" when the city suggests nothing, and while somebody may be
    in danger. appeal: "none", "waits" or "decided".
    """

    id: int
    reason: str
    until: datetime
    words: str
    appeal: str


def notice_for(phone: str | None) -> Notice | None:
    """For whoever may know that the number is marked; None where it is not."""
    if not here.me.is_(*rights.TOLD):
        return None
    mark = standing(here.db, phone, here.now)
    if mark is None or mark.until_at is None:
        return None
    words = "" if tells_of_danger(here.db, phone, here.now) else suggested()
    return Notice(mark.id, reason_words(mark), mark.until_at, words, _appeal_of(mark))


def _appeal_of(mark: NuisanceMark) -> str:
    if mark.appeal_at is None:
        return "none"
    return "waits" if mark.appeal_decided_at is None else "decided"


def reason_words(mark: NuisanceMark) -> str:
    """As the city names it; its code when the city has given it up."""
    reason = here.city.nuisance.reasons.get(mark.reason)
    return reason_name(reason) if reason is not None else mark.reason


def suggested() -> str:
    """The sentence of the city's ready word, as people have changed it since."""
    code = here.city.nuisance.ready_word
    word = (
        here.db.scalar(select(ReadyWord).where(ReadyWord.code == code, ReadyWord.retired_at.is_(None)))
        if code
        else None
    )
    return fill(word.body, here.city, here.me, None, here.now) if word is not None else ""
