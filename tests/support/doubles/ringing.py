"""A citizen's call rings, as the telephone network tells it."""

from __future__ import annotations

from hotline.installation import Installation
from hotline.webhook_handlers.handler import WebhookHandler
from webhooks.events import CallReceived


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
