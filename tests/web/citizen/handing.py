"""A citizen's form, and a matter that was handed in with it."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from models import Ticket
from tests.support.life import Life

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
FORM = {
    "body": "小区门口的路灯坏了三天，请尽快修。",
    "place": "文峰区东工路",
    "phone": "13800001234",
    "consent": "1",
    "sheet": "k1",
}


def handed_in(client: FlaskClient, life: Life, **changed: str) -> Ticket:
    answer = client.post("/c/new", data={**FORM, **changed})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    number = answer.location.rsplit("/", 1)[1]
    ticket = life.db.scalars(select(Ticket).where(Ticket.number == number)).one()
    life.db.commit()
    return ticket
