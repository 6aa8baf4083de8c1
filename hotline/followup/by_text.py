"""A citizen's text that belongs to something we know: an answer to our question, words or an urge for a matter under way.

A citizen whose ticket was merged writes about their own number: the words go to the master, where the story names it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.followup.answers import answer, is_plain, open_survey, read_text
from hotline.i18n import _, speaking
from hotline.tickets.act import act, lock
from hotline.tickets.display import citizen_view
from hotline.tickets.merged import still_handled_for
from hotline.tickets.roles import voice
from hotline.tickets.states import SUBMITTED, State
from models import Citizen, Survey, Ticket

SHORTEST = 6
"""Fewer characters are no matter of their own."""

STILL_ABOUT_IT = timedelta(days=30)
LATE = timedelta(days=14)
"""How long after the question a short answer is still meant for it."""

STOP = ("TD", "T", "STOP", "退订")
_URGES = re.compile(
    r"催|怎么还|还没有?(人|来|处理|解决|修|办|动静|消息)|什么时候|多久|尽快|抓紧|快点|hurry|how long|when will", re.I
)
LONGEST_URGE = 30
_JUDGED_OR_UNDER_WAY = [State.CLOSED.value, *(state.value for state in SUBMITTED)]


def take_text(db: Session, city: City, citizen: Citizen, text: str, now: datetime) -> str | None:
    """What to text back ("" when a notice of the ticket does that); None when the words are a matter of their own."""
    if text.upper() in STOP:
        citizen.no_texts = True
        return ""
    survey, meaning = open_survey(db, citizen.id), read_text(text)
    if survey is not None and meaning is not None:
        answer(db, city, survey, meaning, now)
        return ""
    short = len(text) < SHORTEST
    if survey is None and meaning is not None and is_plain(text) and (last := _asked_lately(db, citizen.id, now)):
        return _too_late(db, city, citizen, last, text, meaning, now)
    own = None if survey is not None and short else still_handled_for(db, citizen.id, now - STILL_ABOUT_IT)
    if own is not None:
        return _to_the_matter(db, city, citizen, own, text, now)
    return not_understood(city, citizen) if short else None


def not_understood(city: City, citizen: Citizen) -> str:
    return _words(city, citizen, "sms_not_understood", hotline=city.hotline_number)


def _to_the_matter(db: Session, city: City, citizen: Citizen, own: Ticket, text: str, now: datetime) -> str:
    """An urge counts once per gap; whatever does not count as one is kept as words."""
    master = lock(db, citizen_view.master_of(db, own).id)
    me = voice(own, master)
    if _is_urge(text) and not own.asking_more:
        try:
            act(db, city, master, "urge", me, now, {"text": text})
        except Refusal:
            pass
        else:
            with speaking(citizen.language):
                unit = city.unit_name(master.unit_code) if master.unit_code else _("热线中心")
            return _words(city, citizen, "urged", number=own.number, unit=unit)
    act(db, city, master, "add", me, now, {"text": text})
    return _words(city, citizen, "sms_added", number=own.number)


def _too_late(
    db: Session, city: City, citizen: Citizen, survey: Survey, text: str, meaning: dict[str, str], now: datetime
) -> str:
    """The time to answer is over: no figure changes, the words are kept, and somebody judges an unhappy one."""
    own, master = db.get_one(Ticket, survey.own_id), lock(db, survey.ticket_id)
    if State(master.state) in SUBMITTED:
        return _to_the_matter(db, city, citizen, own, text, now)
    act(db, city, master, "late_words", voice(own, master), now, {"text": text, "solved": meaning["solved"]})
    return _words(city, citizen, "survey_closed", number=own.number)


def _asked_lately(db: Session, citizen_id: int, now: datetime) -> Survey | None:
    """The newest question to this citizen that is over, unless they have withdrawn meanwhile."""
    own = aliased(Ticket)
    return db.scalar(
        select(Survey)
        .join(Ticket, Ticket.id == Survey.ticket_id)
        .join(own, own.id == Survey.own_id)
        .where(
            Survey.citizen_id == citizen_id,
            Survey.asked_at > now - LATE,
            Ticket.state.in_(_JUDGED_OR_UNDER_WAY),
            own.left_at.is_(None),
            or_(own.close_kind.is_(None), own.close_kind != "withdrawn"),
        )
        .order_by(Survey.id.desc())
        .limit(1)
    )


def _is_urge(text: str) -> bool:
    return len(text) <= LONGEST_URGE and _URGES.search(text) is not None


def _words(city: City, citizen: Citizen, key: str, **values: Any) -> str:
    return city.texts[key].fill(citizen.language, **values)
