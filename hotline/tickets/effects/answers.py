"""What citizens answer to the question after a reply: theirs in words, counted as they gave it, and silence as silence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from hotline import outbox
from hotline.tickets import deadlines
from hotline.tickets.citizens.merged import (
    awaits_judgement,
    new_survey,
    same_citizen_behind,
    survey_of_own,
    unanswered,
    unread,
)
from hotline.tickets.context import ActionContext
from hotline.tickets.names import ActionName, ClockName, JobName
from hotline.tickets.vocabulary import SCALE
from models import Survey, Ticket

UNHAPPY = frozenset({ActionName.NOTE_DISSATISFIED, ActionName.MERGED_DISSATISFIED})
"""Deeds that say it themselves, also where the words name neither solved nor a degree."""


def count_attempt(context: ActionContext) -> None:
    _survey_of(context, context.ticket).attempts += 1


def write_survey(context: ActionContext) -> None:
    """The citizen's answer, with the scale it was given on, and who keyed it when it came by phone."""
    _fill(context, _survey_of(context, context.ticket))


def write_merged_survey(context: ActionContext) -> None:
    """The answer of a citizen whose ticket was merged into this one: theirs alone, on the ticket that is everybody's."""
    own = context.db.scalars(select(Ticket).where(Ticket.number == context.answers["number"])).one()
    _fill(context, _survey_of(context, own))


def mark_dissatisfied(context: ActionContext) -> None:
    context.ticket.dissatisfied = True


def _fill(context: ActionContext, survey: Survey) -> None:
    answer = context.answers
    by_staff = context.actor.kind == "staff"
    survey.answered_at = context.now
    survey.answered_by = "phone" if by_staff else survey.asked_by
    survey.keyed_by_id = context.actor.id if by_staff else None
    survey.solved, survey.comment, survey.contacted = (
        answer.get("solved"),
        answer.get("comment"),
        answer.get("contacted"),
    )
    survey.result = int(answer["result"]) if answer.get("result") else None
    survey.attitude = int(answer["attitude"]) if answer.get("attitude") else None
    survey.scale = dict(SCALE)
    survey.outcome = "dissatisfied" if context.action in UNHAPPY else verdict_of(answer)
    if survey.outcome == "satisfied" and not context.ticket.dissatisfied and not _somebody_waits(context):
        deadlines.stop(context, (ClockName.JUDGE,))
    context.notes["survey_id"] = survey.id
    if survey.contacted is False:
        key = f"{JobName.LOOK_AT_REPLY}:survey:{survey.id}:{int(context.now.timestamp())}"
        outbox.enqueue(context.db, JobName.LOOK_AT_REPLY, key=key, now=context.now, ticket_id=context.ticket.id)


def verdict_of(said: Mapping[str, Any]) -> str:
    """satisfied, partly or dissatisfied, by what was said alone: half solved is neither of the others."""
    if said.get("solved") == "no" or int(said.get("result") or 5) <= 2:
        return "dissatisfied"
    return "partly" if said.get("solved") == "partly" else "satisfied"


def keep_doubt(context: ActionContext) -> None:
    """Words that nobody may count before a person has read them; a second text is kept under the first."""
    survey = _survey_of(context, context.ticket)
    keep_words(survey, context.answers["text"], context.answers.get("reading", "person"))
    survey.outcome = "in_doubt"


def keep_words(survey: Survey, words: str, reading: str) -> None:
    """The citizen's words beside the machine's reading; the latest reading stands."""
    survey.words = f"{survey.words}\n{words}" if survey.words else words
    survey.reading = reading


def _somebody_waits(context: ActionContext) -> bool:
    context.db.flush()
    return context.db.scalar(select(Survey.id).where(awaits_judgement(context.ticket)).limit(1)) is not None


def note_silence(context: ActionContext) -> None:
    """Silence is never counted as satisfied; the ticket is rated when anybody behind it has answered."""
    ticket = context.ticket
    context.db.execute(update(Survey).where(unanswered(ticket)).values(outcome="no_answer"))
    answered = context.db.scalar(
        select(Survey.id)
        .where(Survey.ticket_id == ticket.id, Survey.round == ticket.round, Survey.answered_at.is_not(None))
        .limit(1)
    )
    ticket.close_kind = "rated" if answered else "not_rated"


def cut_off(context: ActionContext) -> None:
    """The matter is judged or done again while some still had time to answer: they were neither silent nor asked out.

    A merged citizen goes alone: the others behind the master keep their time.
    """
    if context.ticket.state == "to_follow_up":
        context.db.execute(
            update(Survey).where(unanswered(context.ticket) | unread(context.ticket)).values(outcome="cut_off")
        )
    elif context.ticket.state == "merged":
        ask_no_more(context)


def ask_no_more(context: ActionContext) -> None:
    """The ticket's own citizen leaves: their question is over, or goes on under another number they know."""
    own = context.ticket
    mine = (Survey.own_id == own.id, Survey.answered_at.is_(None), Survey.outcome.in_(("asked", "in_doubt")))
    stays = same_citizen_behind(context.db, own)
    context.db.execute(update(Survey).where(*mine).values(**({"own_id": stays} if stays else {"outcome": "cut_off"})))


def _survey_of(context: ActionContext, own: Ticket) -> Survey:
    """The survey of this round for the citizen who knows `own`; made when the phone comes before the text."""
    found = survey_of_own(context.db, context.ticket, own)
    return found or new_survey(context.db, context.ticket, own, context.now, "phone")
