"""A call that rings at the hotline."""

from __future__ import annotations

from typing import Any

from models import Call
from tests.support.life import Life

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
