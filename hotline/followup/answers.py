"""The citizen's answer, by text or by the survey page, and what it does to the ticket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import NotFound, OutOfTurn
from hotline.i18n import _
from hotline.messages.compose import text_citizen
from hotline.tickets.act import act, lock
from hotline.tickets.fields import clean
from hotline.tickets.forms import CITIZENS_FIELDS
from hotline.tickets.merged import unanswered
from hotline.tickets.names import ActionName
from hotline.tickets.roles import SYSTEM, Actor, a_citizen, voice
from models import Survey, Ticket

ONE_KEY: dict[str, dict[str, str]] = {
    "1": {"solved": "yes", "result": "5", "attitude": "5"},
    "2": {"solved": "partly", "result": "3"},
    "3": {"solved": "no", "result": "1"},
}
"""What a text of one digit means, as the question's own words say."""

_DIGIT = re.compile(r"([123])(?![\d号楼栋幢单层路月日天点年个块次户家期区组条米])")
"""A digit that counts or names something (3 号楼, 2 天) is no answer."""

_UNHAPPY = re.compile(
    r"没[^，。！？,.!?]{0,4}解决|未[^，。！？,.!?]{0,2}解决|不[^，。！？,.!?]{0,3}(满意|解决)|解决不了|没人管|"
    r"(\bnot|never|n't)\b[^,.!?]{0,12}(solved|satisfied)|unsolved|(dis|un)satisfied",
    re.I,
)
_WORDS = (
    ("2", re.compile(r"部分|基本|partly|partially", re.I)),
    ("1", re.compile(r"解决了|^(都|已经?)?解决|满意|^(非常|十分)?(谢谢|感谢)|solved|satisfied|^thank", re.I)),
)
_ASKS = re.compile(r"请|希望|麻烦|要求|一下|能不能|什么时候|何时|吗|[?？]|please", re.I)
LONGEST_ANSWER = 20


def is_plain(words: str) -> bool:
    """An answer even to a question that is over: it begins with the digit, or is short and asks for nothing."""
    return _DIGIT.match(_plain(words)) is not None or _is_brief(words)


def _is_brief(words: str) -> bool:
    """Short enough for an answer, and asking for nothing: "请帮我解决…，谢谢" praises nobody."""
    return len(words) <= (2 * LONGEST_ANSWER if words.isascii() else LONGEST_ANSWER) and _ASKS.search(words) is None


def read_text(words: str) -> dict[str, str] | None:
    """The meaning of a citizen's text to the question; None when it cannot be told.

    An unhappy word is heard in any text, since a person judges it; a happy one closes a ticket, and must be the whole text.
    """
    plain = _plain(words)
    found = _DIGIT.match(plain)
    key = found[1] if found else _key_of_words(plain)
    if key is None:
        return None
    rest = plain[1:].strip(" ,，.。;；:：") if found else plain
    return {**ONE_KEY[key], **({"comment": rest} if rest else {})}


def _key_of_words(plain: str) -> str | None:
    if _UNHAPPY.search(plain):
        return "3"
    return next((key for key, pattern in _WORDS if pattern.search(plain)), None) if _is_brief(plain) else None


def _plain(words: str) -> str:
    return words.strip().translate(str.maketrans("１２３", "123"))


def open_survey(db: Session, citizen_id: int) -> Survey | None:
    """The newest unanswered question to this citizen."""
    return db.scalar(
        select(Survey)
        .join(Ticket, Ticket.id == Survey.ticket_id)
        .where(
            Survey.citizen_id == citizen_id,
            Survey.answered_at.is_(None),
            Survey.outcome == "asked",
            Ticket.state == "to_follow_up",
            Survey.round == Ticket.round,
        )
        .order_by(Survey.id.desc())
        .limit(1)
    )


def answer(
    db: Session,
    city: City,
    survey: Survey,
    given: Mapping[str, Any],
    now: datetime,
    *,
    by: str = "sms",
    flagged: str | None = None,
) -> str:
    """Take a citizen's own answer. Returns "satisfied" or "dissatisfied". by: sms or link. flagged: see `Survey`.

    Every answer is its citizen's own. The ticket closes with the last satisfied one; a dissatisfied one puts it on the
    follow-up desk, whoever said it. Raises OutOfTurn when the question was answered or is over.
    """
    ticket = lock(db, survey.ticket_id)
    db.refresh(survey)
    if survey.answered_at is not None:
        raise OutOfTurn(_("您已经评价过了，谢谢。"), code="answered_already")
    if ticket.state != "to_follow_up" or ticket.round != survey.round or survey.outcome != "asked":
        raise OutOfTurn(_("这次回访已经结束。如有新情况，请拨打热线或在进度页补充。"), code="question_is_over")
    if survey.own_id == ticket.id:
        act(db, city, ticket, answering_action(db, ticket, given), a_citizen(ticket), now, given)
    else:
        keep_merged(db, city, ticket, survey, voice(db.get_one(Ticket, survey.own_id), ticket), given, now)
        _thank(db, city, survey, now)
    survey.answered_by, survey.flagged = by, flagged
    return "dissatisfied" if is_dissatisfied(given) else "satisfied"


def answering_action(db: Session, ticket: Ticket, given: Mapping[str, Any]) -> ActionName:
    """The action by which the ticket's own citizen answers: it closes nothing while others still have time or are unhappy."""
    if is_dissatisfied(given):
        return ActionName.NOTE_DISSATISFIED
    others = db.scalar(select(Survey.id).where(unanswered(ticket), Survey.own_id != ticket.id).limit(1))
    return ActionName.NOTE_SATISFIED if others or ticket.dissatisfied else ActionName.RECORD


def is_dissatisfied(given: Mapping[str, Any]) -> bool:
    return given.get("solved") == "no" or int(given.get("result") or 5) <= 2


def by_token(db: Session, token: str) -> Survey:
    survey = db.scalar(select(Survey).where(Survey.token == token[:64]))
    if survey is None:
        raise NotFound(_("这个评价链接不对或已失效。"))
    return survey


def keep_merged(
    db: Session, city: City, ticket: Ticket, survey: Survey, by: Actor, given: Mapping[str, Any], now: datetime
) -> None:
    """Every citizen keeps their own survey: the answer is theirs, the ticket is everybody's. by: that citizen, or who keyed it."""
    unhappy = is_dissatisfied(clean(CITIZENS_FIELDS, given, city))
    own = db.get_one(Ticket, survey.own_id)
    action = ActionName.MERGED_DISSATISFIED if unhappy else ActionName.MERGED_SATISFIED
    act(db, city, ticket, action, by, now, {**given, "number": own.number})
    if (
        not unhappy
        and not ticket.dissatisfied
        and db.scalar(select(Survey.id).where(unanswered(ticket)).limit(1)) is None
    ):
        act(db, city, ticket, ActionName.ALL_ANSWERED, SYSTEM, now)


def _thank(db: Session, city: City, survey: Survey, now: datetime) -> None:
    own = db.get_one(Ticket, survey.own_id)
    key = "thanks_dissatisfied" if survey.outcome == "dissatisfied" else "thanks"
    text_citizen(db, city, own.citizen, key, now, {"number": own.number}, ticket=own, once=f"thanks:{survey.id}")
