"""A citizen's call rings, as the telephone network tells it, and an agent is there."""

from __future__ import annotations

from datetime import timedelta

from hotline.installation import Installation
from hotline.staff.duty import set_duty
from hotline.webhook_handlers.handler import WebhookHandler
from models import LoginSession, Staff
from tests.support.life import Life
from webhooks.events import CallReceived

PHONE = "13900008888"


def ring(installation: Installation, call_id: str = "CA1", phone: str = "13800001234") -> None:
    event = CallReceived(
        provider="twilio",
        event_id=call_id,
        at=installation.clock.now(),
        call_id=call_id,
        from_phone=phone,
        to_phone="12345",
    )
    WebhookHandler(installation).call_received(event)


def sit(life: Life, login: str, idle: int = 0, desk: bool = True, phone: bool = False) -> Staff:
    """On duty: at an open desk without a hand for so many minutes, or with a telephone in the pocket."""
    staff = life.staff[login]
    set_duty(life.db, staff, True, life.now)
    staff.desk_at = life.now if desk else None
    staff.phone, staff.reach_by_phone = (PHONE, True) if phone else (None, False)
    seen = life.now - timedelta(minutes=idle)
    life.db.add(LoginSession(id=f"{login}-s", staff_id=staff.id, created_at=seen, seen_at=seen))
    life.db.commit()
    return staff
