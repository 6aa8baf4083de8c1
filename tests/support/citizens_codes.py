"""What a citizen holds in the hand: the code of a ticket, the end of a question's link."""

from __future__ import annotations

from sqlalchemy.orm import Session, object_session

from hotline.keys import codes
from models import Survey, Ticket


def code_of(ticket: Ticket) -> str:
    return codes.query_code(_session(ticket), ticket)


def token_of(survey: Survey) -> str:
    return codes.survey_token(_session(survey), survey)


def _session(row: Ticket | Survey) -> Session:
    db = object_session(row)
    assert db is not None, "the row is in no session"
    return db
