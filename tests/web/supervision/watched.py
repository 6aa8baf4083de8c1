"""Tickets that a supervisor watches, and the rows of a list."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from hotline.tickets import petitions
from models import Petition, Ticket
from tests.support.life import Life

Browse = Callable[..., FlaskClient]


def rows(client: FlaskClient, tab: str, **more: Any) -> list[str]:
    return re.findall(r'id="row-(\d+)"', client.get("/supervision/", query_string={"tab": tab, **more}).text)


def marked(life: Life, **facts: Any) -> Ticket:
    """A ticket that is being handled, with these columns set."""
    ticket = life.to("handling")
    if "due_at" in facts:
        life.due(ticket, facts.pop("due_at"))
    for name, value in facts.items():
        setattr(ticket, name, value)
    life.db.commit()
    return ticket


def asked(life: Life, kind: str, login: str, state: str = "handling") -> Petition:
    found = petitions.ask(
        life.db, life.city, life.to(state), kind, life.people[login], life.now, {"reason": f"{kind}的理由"}
    )
    life.db.commit()
    return found
