"""What a citizen's browser shows."""

from __future__ import annotations

from flask.testing import FlaskClient

from models import Ticket
from tests.support.desks.citizens_codes import code_of


def text(client: FlaskClient, path: str) -> str:
    return client.get(path, follow_redirects=True).get_data(as_text=True)


def opened(client: FlaskClient, ticket: Ticket) -> str:
    """The progress page, after the code was given."""
    client.post("/c/track", data={"number": ticket.number, "code": code_of(ticket)})
    return text(client, f"/p/{ticket.number}")
