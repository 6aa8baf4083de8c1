"""What a citizen holds in the hand: the code of a ticket, the end of a question's link."""

from __future__ import annotations

from sqlalchemy.orm import Session, object_session

from hotline.installation import Installation
from hotline.keys import codes
from models import Survey, Ticket


def code_of(ticket: Ticket, installation: Installation | None = None) -> str:
    """installation: for a ticket that was read in a session of its own, as journeys read it."""
    if installation is None:
        return codes.query_code(_session(ticket), ticket)
    with installation.readings() as db:
        return codes.query_code(db, ticket)


def token_of(survey: Survey) -> str:
    return codes.survey_token(_session(survey), survey)


def _session(row: Ticket | Survey) -> Session:
    db = object_session(row)
    assert db is not None, "the row is in no session"
    return db
