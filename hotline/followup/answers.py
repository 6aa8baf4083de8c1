"""The citizen's answer, by text, by the survey page or by telephone, and what it does to the ticket.

Nothing is recorded that was not said: one key tells that the matter is settled, never what the citizen thinks of anybody;
"not solved" gives no degree, and half solved closes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from classifier.answers.read import Reading
from hotline.city.schema import City
from hotline.errors import NotFound, OutOfTurn
from hotline.followup import own_people
from hotline.followup.direct import answered_directly, still_open
from hotline.i18n import _
from hotline.keys import codes
from hotline.messages.compose import text_citizen
from hotline.tickets.act import act, lock
from hotline.tickets.citizens.merged import awaits_judgement, unanswered
from hotline.tickets.effects.answers import verdict_of
from hotline.tickets.names import ActionName
from hotline.tickets.roles import SYSTEM, Actor, a_citizen, voice
from models import Survey, Ticket

TAPS: dict[str, dict[str, str]] = {
    "1": {"solved": "yes", "result": "4"},
    "2": {"solved": "partly"},
    "3": {"solved": "no"},
}
"""What one tap on the survey page says, as the words on the button say it (“解决了，满意”)."""

DEEDS = {"dissatisfied": ActionName.NOTE_DISSATISFIED, "partly": ActionName.NOTE_PARTLY}
MERGED_DEEDS = {
    "satisfied": ActionName.MERGED_SATISFIED,
    "partly": ActionName.MERGED_PARTLY,
    "dissatisfied": ActionName.MERGED_DISSATISFIED,
}
_FIRST_KEY = re.compile(r"1(?!\d)(.*?)2(?!\d)", re.S)
_SATISFIED = re.compile(r"满意|satisfied")


def meant(city: City, language: str, reading: Reading, words: str) -> dict[str, str]:
    """A plain reading as the answers of the form; the words go along as a comment when they are more than a key.

    The key 1 says "satisfied" only where the city's own question offers it under that key.
    """
    told = {name: reading.details[name] for name in ("solved", "result") if name in reading.details}
    if reading.details.get("key") == "1" and "result" not in told and key_says_satisfied(city, language):
        told["result"] = "4"
    bare = len(re.sub(r"\W", "", words)) <= 1
    return told if bare and told else {**told, "comment": words}


def key_says_satisfied(city: City, language: str) -> bool:
    offered = _FIRST_KEY.search(city.texts["survey"].fill(language, number="", link=""))
    return offered is not None and _SATISFIED.search(offered[1]) is not None


def open_survey(db: Session, citizen_id: int, own_id: int | None = None) -> Survey | None:
    """The newest question to this citizen that still takes an answer; own_id: of that ticket of theirs only."""
    which = [Survey.own_id == own_id] if own_id is not None else []
    return db.scalar(
        select(Survey)
        .join(Ticket, Ticket.id == Survey.ticket_id)
        .where(
            Survey.citizen_id == citizen_id,
            Survey.answered_at.is_(None),
            Survey.outcome.in_(("asked", "in_doubt")),
            or_(Ticket.state == "to_follow_up", still_open()),
            Survey.round == Ticket.round,
            *which,
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
    by: str = "page",
    verdict: str | None = None,
    *,
    flagged: str | None = None,
) -> str:
    """Take a citizen's own answer. by: page or sms. flagged: see `Survey`. Returns "satisfied", "partly" or "dissatisfied".

    verdict: what the answer is when its words say more than the form can hold ("没人管" names neither solved nor a degree).

    Every answer is its citizen's own. The ticket closes with the last satisfied one; any other puts it on the
    follow-up desk, whoever said it. Raises OutOfTurn when the question was answered or is over.
    """
    ticket = lock(db, survey.ticket_id)
    db.refresh(survey)
    if survey.answered_at is not None:
        raise OutOfTurn(_("您已经评价过了，谢谢。"), code="answered_already")
    if flagged is None and own_people.asked_by_telephone(db, survey):
        flagged = own_people.TELEPHONE
    if answered_directly(ticket) and ticket.round == survey.round:
        act(db, city, ticket, ActionName.RATE_DIRECT, a_citizen(ticket), now, given)
        survey.answered_by = by
        _flag(db, survey, flagged, now)
        return verdict_of(given)
    if ticket.state != "to_follow_up" or ticket.round != survey.round or survey.outcome not in ("asked", "in_doubt"):
        raise OutOfTurn(_("这次回访已经结束。如有新情况，请拨打热线或在进度页补充。"), code="question_is_over")
    verdict = verdict or verdict_of(given)
    if survey.own_id == ticket.id:
        act(db, city, ticket, answering_action(db, ticket, verdict), a_citizen(ticket), now, given)
        survey.answered_by = by
    else:
        me = voice(db.get_one(Ticket, survey.own_id), ticket)
        keep_merged(db, city, ticket, survey, me, given, now, by, verdict)
        _thank(db, city, survey, now)
    _flag(db, survey, flagged, now)
    return verdict


def _flag(db: Session, survey: Survey, flagged: str | None, now: datetime) -> None:
    """What the page has seen it tells itself, with who and where; what stands in our own rows is told here."""
    survey.flagged = flagged
    if flagged == own_people.TELEPHONE:
        own_people.tell_of(db, survey, flagged, now)


def answering_action(db: Session, ticket: Ticket, verdict: str) -> ActionName:
    """The action by which the ticket's own citizen answers: it closes nothing while others have time, are unhappy or unread."""
    if verdict in DEEDS:
        return DEEDS[verdict]
    waiting = unanswered(ticket) | awaits_judgement(ticket)
    others = db.scalar(select(Survey.id).where(waiting, Survey.own_id != ticket.id).limit(1))
    return ActionName.NOTE_SATISFIED if others or ticket.dissatisfied else ActionName.RECORD


def by_token(db: Session, token: str) -> Survey:
    """The question behind a link. Raises NotFound."""
    survey = codes.survey_of(db, token)
    if survey is None:
        raise NotFound(_("这个评价链接不对或已失效。"))
    return survey


def keep_merged(
    db: Session,
    city: City,
    ticket: Ticket,
    survey: Survey,
    by: Actor,
    given: Mapping[str, Any],
    now: datetime,
    way: str,
    verdict: str,
) -> None:
    """Every citizen keeps their own survey: the answer is theirs, the ticket is everybody's.

    by: that citizen, or who keyed it or read it. way: page, sms or phone.
    """
    own = db.get_one(Ticket, survey.own_id)
    act(db, city, ticket, MERGED_DEEDS[verdict], by, now, {**given, "number": own.number})
    survey.answered_by = way
    if verdict == "satisfied":
        close_when_all_answered(db, city, ticket, now)


def close_when_all_answered(db: Session, city: City, ticket: Ticket, now: datetime) -> None:
    """The last satisfied answer closes the ticket, unless somebody is unhappy or waits to be read."""
    db.flush()
    waiting = unanswered(ticket) | awaits_judgement(ticket)
    if (
        ticket.state == "to_follow_up"
        and not ticket.dissatisfied
        and db.scalar(select(Survey.id).where(waiting).limit(1)) is None
    ):
        act(db, city, ticket, ActionName.ALL_ANSWERED, SYSTEM, now)


def _thank(db: Session, city: City, survey: Survey, now: datetime) -> None:
    own = db.get_one(Ticket, survey.own_id)
    key = {"dissatisfied": "thanks_dissatisfied", "partly": "thanks_partly"}.get(survey.outcome, "thanks")
    text_citizen(db, city, own.citizen, key, now, {"number": own.number}, ticket=own, once=f"thanks:{survey.id}")
