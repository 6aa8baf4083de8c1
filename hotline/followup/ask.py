"""The question: solved? satisfied? One survey per citizen behind the ticket, texted at a civil hour."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.keys.codes import place_of_link
from hotline.messages.compose import text_citizen
from hotline.tickets import deadlines
from hotline.tickets.act import act
from hotline.tickets.citizens.merged import everybody_behind, new_survey, survey_of_own, unanswered
from hotline.tickets.names import ActionName, ClockName
from hotline.tickets.roles import SYSTEM
from models import Survey, Ticket


def ask_citizens(db: Session, city: City, ticket: Ticket, now: datetime, public_url: str) -> int:
    """Ask everybody who has not been asked in this round; returns how many texts were queued.

    A citizen without a phone, or who asked not to be texted, waits for the follow-up agent's call.
    """
    if ticket.state != "to_follow_up":
        return 0
    queued = 0
    for own, citizen in everybody_behind(db, ticket):
        survey = _survey(db, ticket, own, now)
        if survey is None:
            continue
        sent = text_citizen(
            db,
            city,
            citizen,
            "survey",
            now,
            {"number": own.number, "link": survey_link(public_url, survey)},
            ticket=own,
            once=f"survey:{survey.id}",
        )
        queued += sent is not None
    if not any(clock.clock == ClockName.ANSWER for clock in deadlines.running(db, ticket.id)):
        act(db, city, ticket, ActionName.ASK, SYSTEM, now)
    return queued


def remind(db: Session, city: City, ticket: Ticket, now: datetime, public_url: str) -> int:
    """One reminder to everybody who has not answered."""
    waiting = db.scalars(select(Survey).where(unanswered(ticket), Survey.reminded_at.is_(None)))
    sent = 0
    for survey in waiting.all():
        survey.reminded_at = now
        own = db.get_one(Ticket, survey.own_id)
        params = {"number": own.number, "link": survey_link(public_url, survey)}
        sent += (
            text_citizen(db, city, own.citizen, "survey_reminder", now, params, ticket=own, once=f"remind:{survey.id}")
            is not None
        )
    return sent


def survey_link(public_url: str, survey: Survey) -> str:
    """As it stands in a stored text."""
    return f"{public_url}/s/{place_of_link(survey.id)}"


def _survey(db: Session, ticket: Ticket, own: Ticket, now: datetime) -> Survey | None:
    """A new survey for this citizen and round; None when there is one already."""
    return None if survey_of_own(db, ticket, own) is not None else new_survey(db, ticket, own, now, "sms")
