"""What a citizen's browser shows."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import object_session

from models import Ticket
from tests.support.desks.citizens_codes import code_of


def text(client: FlaskClient, path: str) -> str:
    return client.get(path, follow_redirects=True).get_data(as_text=True)


def opened(client: FlaskClient, ticket: Ticket) -> str:
    """The progress page, after the code was given."""
    number, code = ticket.number, code_of(ticket)
    if (db := object_session(ticket)) is not None:
        db.rollback()  # a session that has read holds SQLite's lock, for which the page would wait
    answer = client.post("/c/track", data={"number": number, "code": code})
    assert answer.status_code == 303, answer.status_code
    return text(client, f"/p/{number}")
