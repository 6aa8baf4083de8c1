"""A call at the agents' desk, and the form that is sent from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from models import Call, Staff, Ticket
from tests.support.life import WORDS, Life

Browse = Callable[[Staff], FlaskClient]
PHONE = "13800001234"


def ring(life: Life, phone: str = PHONE, sid: str = "CA1", **more: Any) -> Call:
    call = Call(
        provider="twilio",
        provider_id=sid,
        from_phone=phone,
        to_phone="12345",
        state="ringing",
        started_at=life.now,
        **more,
    )
    life.db.add(call)
    life.db.commit()
    return call


def tickets(installation: Installation) -> list[Ticket]:
    with installation.readings() as db:
        return list(db.scalars(select(Ticket).order_by(Ticket.id)))


def sent(**more: Any) -> dict[str, Any]:
    return {"body": WORDS, "phone": PHONE, "channel": "hotline", "once": "k" * 32, **more}
