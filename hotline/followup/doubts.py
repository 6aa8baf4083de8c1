"""A citizen's words that the machine may not count: kept beside its reading until a person of the follow-up desk has read them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.followup.answers import answering_action, close_when_all_answered, keep_merged
from hotline.i18n import _
from hotline.tickets import deadlines
from hotline.tickets.act import act, lock
from hotline.tickets.citizens.merged import awaits_judgement
from hotline.tickets.effects.answers import keep_words
from hotline.tickets.roles import CLOCK, SYSTEM, Actor, Role, a_citizen, voice
from models import Survey, Ticket

ANSWERS: dict[str, dict[str, str]] = {"yes": {"solved": "yes", "result": "4"}, "partly": {"solved": "partly"}, "no": {}}
"""What a person who reads the words records by each of `MEANINGS`: what its own label says, and of two things neither."""

VERDICTS = {"yes": "satisfied", "partly": "partly", "no": "dissatisfied"}


def keep_doubt(db: Session, city: City, survey: Survey, words: str, reading: str, now: datetime) -> None:
    """Nothing is counted and nothing closes; the desk's clock runs until somebody has read the words."""
    ticket = lock(db, survey.ticket_id)
    if survey.own_id == ticket.id:
        act(db, city, ticket, "note_doubt", a_citizen(ticket), now, {"text": words, "reading": reading})
        return
    keep_words(survey, words, reading)
    survey.outcome = "in_doubt"
    act(db, city, ticket, "to_judge", SYSTEM, now)


def read_doubt(
    db: Session, city: City, survey: Survey, means: str, staff: Actor, now: datetime, *, seen: int | None = None
) -> str:
    """A person says what the words mean: one of `MEANINGS`. Returns the survey's new outcome.

    "none": the question stays open; when its time is over meanwhile, it ends as one that was not answered. The words then go
    their own way.
    """
    ticket = lock(db, survey.ticket_id)
    db.refresh(survey)
    if survey.outcome != "in_doubt":
        raise OutOfTurn(_("这条短信已经有人读过了，请刷新页面看看。"), code="read_already")
    act(db, city, ticket, "read_doubt", staff, now, {"means": means}, seen=seen)
    if means == "none":
        survey.outcome = "asked"
        _end_if_time_is_over(db, city, ticket, now)
    else:
        _record(db, city, ticket, survey, means, staff, now)
    _still_waiting(db, city, ticket, now)
    return survey.outcome


def in_doubt(db: Session, ticket: Ticket, survey_id: str) -> Survey:
    """The unread words of this ticket that a form names. Raises NotFound."""
    survey = db.get(Survey, int(survey_id)) if survey_id.isdecimal() and len(survey_id) < 16 else None
    if survey is None or survey.ticket_id != ticket.id:
        raise NotFound(_("没有要读的短信。"))
    return survey


def _record(db: Session, city: City, ticket: Ticket, survey: Survey, means: str, staff: Actor, now: datetime) -> None:
    """The answer is the citizen's, by the way it came; who read it stands beside it.

    A supervisor records no answers of their own: what they have read is told in the citizen's voice.
    """
    given, verdict = {**ANSWERS[means], "comment": survey.words or ""}, VERDICTS[means]
    survey.outcome = "asked"
    says = staff if staff.is_(Role.FOLLOW_UP) else voice(db.get_one(Ticket, survey.own_id), ticket)
    if survey.own_id == ticket.id:
        act(db, city, ticket, answering_action(db, ticket, verdict), says, now, given)
    else:
        keep_merged(db, city, ticket, survey, says, given, now, "sms", verdict)
    survey.answered_by, survey.keyed_by_id = "sms", staff.id


def _end_if_time_is_over(db: Session, city: City, ticket: Ticket, now: datetime) -> None:
    db.flush()
    running = next((one for one in deadlines.running(db, ticket.id) if one.clock == "answer"), None)
    if running is not None and running.due_at <= now:
        try:
            act(db, city, ticket, "no_answer", CLOCK, now)
        except Refusal:
            return  # somebody else behind the ticket waits for a judgement: a person ends it
    else:
        close_when_all_answered(db, city, ticket, now)


def _still_waiting(db: Session, city: City, ticket: Ticket, now: datetime) -> None:
    """Reading one citizen's words stops the desk's clock; it runs again for the next one's."""
    db.flush()
    if ticket.state == "to_follow_up" and db.scalar(select(Survey.id).where(awaits_judgement(ticket)).limit(1)):
        act(db, city, ticket, "to_judge", SYSTEM, now)
