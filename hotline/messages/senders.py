"""Which sender this installation has: Twilio, or the console of a laptop."""

from __future__ import annotations

from hotline.settings import Settings
from webhooks.sender import ConsoleSender, Sender
from webhooks.twilio.sender import TwilioSender


def sender_for(settings: Settings) -> Sender:
    if not settings.twilio_account_sid:
        return ConsoleSender()
    return TwilioSender(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_from,
        f"{settings.public_url}/webhooks/twilio/sms/status",
    )
