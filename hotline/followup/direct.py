"""Direct answers are asked about too: one in so many, some time after the answer, and counted apart from what units handled.

The ticket stays closed whatever is answered; who is not content is brought to the supervisors, who may reopen it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from hotline.city.policy import Policy
from hotline.city.schema import City
from hotline.followup.ask import survey_link
from hotline.messages.compose import text_citizen
from hotline.tickets.citizens.merged import new_survey, survey_of_own
from hotline.tickets.states import State
from models import Survey, Ticket


def is_drawn(ticket: Ticket, policy: Policy) -> bool:
    """The same tickets every time, spread evenly over all numbers; what came in by another system was never answered here."""
    return answered_directly(ticket) and (ticket.id * 37) % 100 < round(policy.direct_sample * 100)


def answered_directly(ticket: Ticket) -> bool:
    return ticket.state == State.CLOSED and ticket.close_kind == "direct"


def asked_at(city: City, ticket: Ticket, now: datetime) -> datetime:
    """So many hours after the answer, at a civil hour."""
    ready = (ticket.closed_at or now) + timedelta(hours=city.policy.direct_after_hours)
    return city.calendar.next_civil(max(ready, now), *city.policy.civil_hours)


def ask_about(db: Session, city: City, ticket: Ticket, now: datetime, public_url: str) -> Survey | None:
    """Write the question and text it; None when this citizen was asked already or cannot be texted."""
    if ticket.citizen is None or not ticket.citizen.phone or survey_of_own(db, ticket, ticket) is not None:
        return None
    survey = new_survey(db, ticket, ticket, now, "sms")
    text_citizen(
        db,
        city,
        ticket.citizen,
        "direct_survey",
        now,
        {"number": ticket.number, "link": survey_link(public_url, survey)},
        ticket=ticket,
        once=f"survey:{survey.id}",
    )
    return survey


def still_open() -> ColumnElement[bool]:
    """The condition on the ticket of a question about a direct answer that may still be answered."""
    return (Ticket.state == State.CLOSED) & (Ticket.close_kind == "direct")
