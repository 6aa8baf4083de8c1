"""A call at the agents' desk, and the form that is sent from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from models import Staff, Ticket
from tests.support.desks.ringing import PHONE, ring
from tests.support.life import WORDS

__all__ = ["PHONE", "Browse", "ring", "sent", "tickets"]

Browse = Callable[[Staff], FlaskClient]


def tickets(installation: Installation) -> list[Ticket]:
    with installation.readings() as db:
        return list(db.scalars(select(Ticket).order_by(Ticket.id)))


def sent(**more: Any) -> dict[str, Any]:
    return {"body": WORDS, "phone": PHONE, "channel": "hotline", "once": "k" * 32, **more}
